//! Run after run on one server, some of them cancelled at any moment: nothing is left behind. `GILSCOPE_SOAK=200` soaks
//! for as many runs.

use std::thread::sleep;
use std::time::Duration;

use super::server::Server;
use gilscope_tests::binary::eventually;
use gilscope_tests::processes::children;
use gilscope_tests::processes::{Footprint, footprint, soak};

/// All models, workers of every kind, 20 tasks: some tens of ms.
const SMALL: &str = r#"{"size": 20000, "tasks": 20, "runs": 2, "warmup": 0, "workers": [2]}"#;
const ENDLESS: &str = r#"{"size": 20000, "tasks": 20, "runs": 1000, "warmup": 100, "workers": [2]}"#;
/// Runs until whatever is made once is there, and as many runs are remembered as ever will be.
const SETTLED: u32 = 20;

#[test]
fn run_after_run_leaves_nothing_behind() {
    let server = Server::start(&[]);
    let one = |_| {
        let last = server.events(&server.run(SMALL), 0).finish().lines().pop().expect("lines");
        assert_eq!(last["said"]["type"], "report", "{last}");
    };
    let (before, after) = over(&server, soak(20), one);
    nothing_grew("runs", soak(20), before, after);
}

#[test]
fn cancelled_at_any_moment_a_run_leaves_nothing_behind() {
    let server = Server::start(&[]);
    let one = |number: u32| {
        let id = server.run(ENDLESS);
        // Through all that a run does at its beginning, and into its rounds.
        sleep(Duration::from_micros(u64::from(number.wrapping_mul(7_919) % 150_000)));
        assert_eq!(server.cancel(&id).status, 204);
        let last = server.events(&id, 0).finish().body;
        assert!(last.contains("cancelled"), "{last}");
    };
    let (before, after) = over(&server, soak(60), one);
    nothing_grew("cancelled runs", soak(60), before, after);
    let whole = server.events(&server.run(SMALL), 0).finish().lines().pop().expect("lines");
    assert_eq!(whole["said"]["type"], "report", "{whole}");
}

/// What the server holds after it has settled, and after as many times more.
fn over(server: &Server, times: u32, one: impl Fn(u32)) -> (Footprint, Footprint) {
    let pid = server.child.id();
    let rest = |numbers: std::ops::Range<u32>| {
        numbers.for_each(&one);
        eventually("all workers end", || children(pid).is_empty());
        footprint(&[pid])
    };
    (rest(0..SETTLED), rest(SETTLED..SETTLED + times))
}

fn nothing_grew(what: &str, times: u32, before: Footprint, after: Footprint) {
    eprintln!("{times} {what}: {before:?}, then {after:?}");
    // Connections that have ended are closed a moment later.
    assert!(after.descriptors <= before.descriptors + 4, "{before:?}, then {after:?}");
    assert!(after.threads <= before.threads + 2, "{before:?}, then {after:?}");
    // An allocator keeps what it will use again; a run that leaked its report would be more in the long run.
    let most = before.private_kib + 4 * 1024 + u64::from(times) * 8;
    assert!(after.private_kib <= most, "{before:?}, then {after:?}");
}
