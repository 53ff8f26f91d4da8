//! The processes and threads of a browser or a server, as far as Linux tells; elsewhere none is seen.

use std::fs;
use std::process::Command;

/// The processes that `parent` started, that those started, and so on, as far as this system tells.
pub fn descendants(parent: u32) -> Vec<u32> {
    let parents = alive();
    let mut found = vec![parent];
    let mut next = 0;
    while let Some(&of) = found.get(next) {
        found.extend(parents.iter().filter(|(_, parent)| *parent == of).map(|(pid, _)| pid));
        next += 1;
    }
    found.split_off(1)
}

/// Every process that has not ended, with its parent.
fn alive() -> Vec<(u32, u32)> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let of = |pid: u32| state_and_parent(pid).filter(|(state, _)| state != "Z").map(|(_, parent)| (pid, parent));
    pids.filter_map(of).collect()
}

/// The processes that `parent` started and that have not ended.
pub fn children(parent: u32) -> Vec<u32> {
    alive().into_iter().filter(|(_, of)| *of == parent).map(|(pid, _)| pid).collect()
}

/// Whether a process still does anything.
pub fn is_alive(pid: u32) -> bool {
    state_and_parent(pid).is_some_and(|(state, _)| state != "Z")
}

/// Whether a process was stopped, and has not gone on.
pub fn is_stopped(pid: u32) -> bool {
    state_and_parent(pid).is_some_and(|(state, _)| state == "T")
}

fn state_and_parent(pid: u32) -> Option<(String, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may hold anything, also spaces and brackets.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

/// What Ctrl-C does to a process.
pub fn interrupt(pid: u32) {
    signal("-INT", pid);
}

/// What nothing can do anything about.
pub fn kill(pid: u32) {
    signal("-KILL", pid);
}

pub fn signal(name: &str, pid: u32) {
    let status = Command::new("kill").args([name, &pid.to_string()]).status();
    assert!(status.expect("kill starts").success());
}

/// The web workers of a browser whose driver is `driver`: thread by thread, how long each has computed, in
/// ticks of the system's clock.
pub fn worker_threads(driver: u32) -> Vec<(String, u64)> {
    let folders = descendants(driver).into_iter().filter_map(|pid| fs::read_dir(format!("/proc/{pid}/task")).ok());
    let threads = folders.flatten().filter_map(|thread| Some(thread.ok()?.path()));
    let worker = threads.filter_map(|thread| {
        let name = fs::read_to_string(thread.join("comm")).ok()?;
        let names = ["DedicatedWorker", "DOM Worker", "WebCore: Worker"];
        let is_worker = names.iter().any(|worker| name.starts_with(worker));
        let stat = fs::read_to_string(thread.join("stat")).ok().filter(|_| is_worker)?;
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        Some((thread.display().to_string(), ticks))
    });
    worker.collect()
}

/// What processes hold of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Footprint {
    pub processes: usize,
    pub threads: usize,
    pub descriptors: usize,
    /// Memory that they have written to and share with nobody, in KiB. What they only read of their files is theirs
    /// alone or not by who else has them open.
    pub private_kib: u64,
}

/// The footprint of these processes; those that have ended have none.
pub fn footprint(pids: &[u32]) -> Footprint {
    let mut all = Footprint::default();
    for pid in pids {
        let entries = |of: &str| fs::read_dir(format!("/proc/{pid}/{of}")).map_or(0, Iterator::count);
        let Ok(rollup) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else { continue };
        let private = rollup.lines().filter(|line| line.starts_with("Private_Dirty:"));
        all.private_kib += private.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).sum::<u64>();
        all.processes += 1;
        all.threads += entries("task");
        all.descriptors += entries("fd");
    }
    all
}

/// How often something is done that must leave nothing behind: a few times, or as often as `GILSCOPE_SOAK` says.
pub fn soak(times: u32) -> u32 {
    std::env::var("GILSCOPE_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(times)
}
