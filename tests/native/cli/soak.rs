//! Run after run on one server, some of them cancelled at any moment: nothing is left behind. `GILSCOPE_SOAK=200` soaks
//! for as many runs.

use std::thread::sleep;
use std::time::Duration;

use super::server::Server;
use gilscope_tests::binary::eventually;
use gilscope_tests::processes::children;
use gilscope_tests::processes::{Footprint, footprint, soak};

/// All models, workers of every kind, 20 tasks.
const SMALL: &str = r#"{"size": 2000, "tasks": 20, "runs": 2, "warmup": 0, "workers": [2]}"#;
/// Its tasks are so long that it says little before it is cancelled.
const ENDLESS: &str = r#"{"size": 1000000, "tasks": 20, "runs": 1000, "warmup": 100, "workers": [2]}"#;

/// Have the allocator (glibc's) give back what is free: what it keeps else comes and goes by more than a leak.
const FRUGAL: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "1"), ("MALLOC_TRIM_THRESHOLD_", "0"), ("MALLOC_MMAP_THRESHOLD_", "8192")];

/// Runs between two looks at what the server holds.
const BATCH: u32 = 20;
/// What a server that leaks nothing holds differs by less, in KiB. The report of a small run is 14: twenty are more.
const NOISE_KIB: u64 = 192;
/// Looks within which a server that leaks nothing has settled.
const MOST_LOOKS: usize = 12;
/// Runs that have ended and that the server remembers: `runs::MAX_ENDED`.
const REMEMBERED: u32 = 16;

#[test]
fn run_after_run_leaves_nothing_behind() {
    let server = Server::start_with(&[], &FRUGAL);
    nothing_grows(&server, soak(BATCH), |_| {
        let last = server.events(&server.run(SMALL), 0).finish().lines().pop().expect("lines");
        assert_eq!(last["said"]["type"], "report", "{last}");
    });
}

#[test]
fn cancelled_at_any_moment_a_run_leaves_nothing_behind() {
    let server = Server::start_with(&[], &FRUGAL);
    nothing_grows(&server, soak(BATCH), |number| {
        let id = server.run(ENDLESS);
        // Through all that a run does at its beginning, and into its rounds.
        sleep(Duration::from_micros(u64::from(number.wrapping_mul(7_919) % 300_000)));
        assert_eq!(server.cancel(&id).status, 204);
        let last = server.events(&id, 0).finish().body;
        assert!(last.contains("cancelled"), "{last}");
    });
    let whole = server.events(&server.run(SMALL), 0).finish().lines().pop().expect("lines");
    assert_eq!(whole["said"]["type"], "report", "{whole}");
}

/// Do it until the server holds the same after three batches in a row, and then so many times more.
fn nothing_grows(server: &Server, times: u32, one: impl Fn(u32)) {
    let idle = footprint(&[server.child.id()]);
    let mut looks = Vec::new();
    let mut number = 0;
    let mut batch = |times: u32| {
        (0..times).for_each(|_| {
            number += 1;
            one(number);
        });
        at_rest(server, idle)
    };
    while looks.last_chunk::<3>().is_none_or(|last| spread_kib(last) > NOISE_KIB) {
        assert!(looks.len() < MOST_LOOKS, "what the server holds goes on growing: {looks:#?}");
        looks.push(batch(BATCH));
    }
    let (before, after) = (*looks.last().expect("three"), batch(times));
    println!("settled after {} batches of {BATCH}: {looks:#?}, then {times} more: {after:?}", looks.len());
    assert!(after.private_kib <= before.private_kib + NOISE_KIB, "{times} more: {before:?}, then {after:?}");
}

fn spread_kib(looks: &[Footprint]) -> u64 {
    let kib = || looks.iter().map(|look| look.private_kib);
    kib().max().unwrap_or_default() - kib().min().unwrap_or_default()
}

/// What the server holds once all workers have ended: no descriptor and no thread more than before the first run.
fn at_rest(server: &Server, idle: Footprint) -> Footprint {
    forget_runs(server);
    let pid = server.child.id();
    eventually("all workers end", || children(pid).is_empty());
    // Connections and threads that have ended are gone a moment later.
    let mut now = Footprint::default();
    eventually("descriptors and threads are those of an idle server", || {
        now = footprint(&[pid]);
        now.descriptors <= idle.descriptors && now.threads <= idle.threads
    });
    now
}

/// Have the server remember only runs that were cancelled while they waited: what others said would count.
fn forget_runs(server: &Server) {
    let measuring = server.run(ENDLESS);
    let end = |id: &str| {
        assert_eq!(server.cancel(id).status, 204);
        assert!(server.events(id, 0).finish().body.contains("cancelled"));
    };
    (0..REMEMBERED).for_each(|_| end(&server.run(ENDLESS)));
    end(&measuring);
}
