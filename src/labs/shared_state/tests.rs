use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded, steady};
use crate::report::{HostKind, Run};

const COUNTER: &str = "workload=counter";
const ALL: f64 = 16_000_000.0;

fn found(run: &mut Run, counted: f64) {
    run.counted.as_mut().expect("a counter").found = steady(counted);
}

/// What 16,000,000 additions of threads, of free threads and of two processes have left.
fn shared_state(threads: f64, parent: f64, own: [i64; 2]) -> Recorded {
    let report = recorded("shared-state").each(Model::Threads, COUNTER, |run| found(run, threads));
    let report = report.each(Model::FreeThreads, COUNTER, |run| found(run, ALL / 4.0));
    report.each(Model::Processes, COUNTER, |run| {
        found(run, parent);
        run.counted.as_mut().unwrap().by_worker = own.to_vec();
    })
}

#[test]
fn it_holds_when_threads_share_the_counter_and_processes_do_not() {
    recorded("shared-state").confirmed(&[]);
    shared_state(ALL, 0.0, [6_000_000, 10_000_000]).confirmed(&[
        "Threads under the lock counted 16,000,000 together; without the lock 12,000,000 additions (75 %) were \
         lost. 16,000,000 additions left the parent's counter at 0 and the processes' own at 6,000,000 and 10,000,000; only \
         messages gave the whole.",
    ]);
}

#[test]
fn threads_that_lose_additions_under_the_lock_refute_it() {
    shared_state(ALL - 1.0, 0.0, [1, 2]).refuted(&["Threads under the lock counted 15,999,999 together"]);
    let once = recorded("shared-state").each(Model::Threads, COUNTER, |run| {
        run.counted.as_mut().unwrap().found.min = ALL - 1.0;
    });
    once.refuted(&["counted 16,000,000 together"]);
    let more = recorded("shared-state").each(Model::Threads, COUNTER, |run| {
        run.counted.as_mut().unwrap().found.max = ALL + 1.0;
    });
    more.refuted(&[]);
}

#[test]
fn processes_that_see_one_counter_refute_it() {
    shared_state(ALL, 5.0, [1, 2]).refuted(&["left the parent's counter at 5 and"]);
    shared_state(ALL, 0.0, [0, 16_000_000]).refuted(&["the processes' own at 0 and 16,000,000;"]);
}

#[test]
fn without_threads_processes_decide() {
    let apart = shared_state(ALL, 0.0, [1, 2]).without(Model::Threads, COUNTER);
    apart.confirmed(&["16,000,000 additions left", "only messages gave the whole. Threads could not run here."]);
    let together = shared_state(ALL, 5.0, [1, 2]).without(Model::Threads, COUNTER);
    together.refuted(&["Threads could not run here."]);
    let locked = shared_state(ALL, 0.0, [1, 2]).without(Model::FreeThreads, COUNTER);
    locked.confirmed(&["counted 16,000,000 together. 16,000,000 additions"]);
}

#[test]
fn free_threads_never_lose_less_than_nothing() {
    let more = shared_state(ALL, 0.0, [1, 2]).each(Model::FreeThreads, COUNTER, |run| found(run, ALL + 5.0));
    more.confirmed(&["; without the lock 0 additions (0 %) were lost"]);
}

#[test]
fn without_the_counters_of_processes_there_is_nothing_to_judge() {
    recorded("shared-state").without(Model::Processes, "").has_no_verdict();
    recorded("shared-state").each(Model::Processes, "", |run| run.counted = None).has_no_verdict();
}

#[test]
fn it_draws_every_counter() {
    let report = shared_state(ALL, 0.0, [6_000_000, 10_000_000]);
    assert_eq!(report.drawn(), ["Bars: the counter 7; what all tasks added"]);
    assert_eq!(report.mark(0, "the counter", "threads, no lock"), ALL / 4.0);
    assert_eq!(report.mark(0, "the counter", "threads, atomic"), ALL);
    assert_eq!(report.mark(0, "the counter", "processes, the parent's"), 0.0);
    assert_eq!(report.mark(0, "the counter", "process 1's own"), 10_000_000.0);
    assert_eq!(report.mark(0, "the counter", "processes, by messages"), ALL);
    assert_eq!(report.charts()[0].references[0].at, ALL);
    let cpython = report.on(HostKind::Cpython);
    assert_eq!(cpython.mark(0, "the counter", "threads, a Lock for each"), ALL);
    let threads = recorded("shared-state").without(Model::Processes, "");
    assert_eq!(threads.drawn(), ["Bars: the counter 3; what all tasks added"]);
}
