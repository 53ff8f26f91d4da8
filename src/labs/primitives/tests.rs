use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded, steady};
use crate::report::HostKind;

/// Every primitive at 1 us an operation, but among threads a lock at 50 ns and a condition at 7 us. A quick run has 1,000
/// operations of two workers each.
fn primitives() -> Recorded {
    let report = recorded("primitives").elapsed_s(Model::Threads, "", 0.002).elapsed_s(Model::Processes, "", 0.002);
    let report = report.elapsed_s(Model::Threads, "primitive=lock", 0.0001);
    let report = report.elapsed_s(Model::Threads, "primitive=condition", 0.014);
    report.elapsed_s(Model::Processes, "primitive=event", 0.001).elapsed_s(Model::Processes, "primitive=barrier", 0.004)
}

#[test]
fn it_holds_when_every_primitive_keeps_its_promise() {
    recorded("primitives").confirmed(&[]);
    primitives().confirmed(&[
        "Confirmed: each of them did what it is for. Among threads from 50 ns (lock) to 7.0 us (condition) an operation, among \
         processes from 500 ns (event) to 2.0 us (barrier) an operation through mapped memory and the system's wait at a \
         word.",
    ]);
    primitives().on(HostKind::Browser).confirmed(&["an operation through a SharedArrayBuffer and Atomics."]);
}

#[test]
fn one_that_breaks_its_promise_refutes_it() {
    for wrong in [-1.0, 1.0] {
        let broken = primitives().each(Model::Processes, "primitive=barrier", |run| {
            let counted = run.counted.as_mut().unwrap();
            counted.found = steady(counted.expected as f64 + wrong);
        });
        broken
            .refuted(&["Refuted here: the barrier did not keep its promise among processes: please report this bug."]);
    }
    // However busy the machine was.
    let broken = primitives().each(Model::Processes, "primitive=barrier", |run| run.counted = None);
    broken.disturbed().refuted(&["the barrier did not keep its promise"]);
    let once =
        primitives().each(Model::Threads, "primitive=lock", |run| run.counted.as_mut().unwrap().found.min -= 1.0);
    once.refuted(&["the lock did not keep its promise among threads"]);
    let uncounted = primitives().each(Model::Threads, "primitive=queue", |run| run.counted = None);
    uncounted.refuted(&["the queue did not keep its promise among threads"]);
}

#[test]
fn without_threads_processes_are_told_alone() {
    primitives().without(Model::Threads, "").confirmed(&["did what it is for. Among processes from 500 ns"]);
}

#[test]
fn without_processes_there_is_nothing_to_judge() {
    recorded("primitives").without(Model::Processes, "").has_no_verdict();
}

#[test]
fn it_draws_what_each_operation_costs() {
    let report = primitives();
    assert_eq!(report.drawn(), ["Bars: among threads 7; among processes 7"]);
    assert_near(report.mark(0, "among threads", "Lock: one at a time"), 5e-8);
    assert_near(report.mark(0, "among processes", "Barrier: all meet"), 2e-6);
}
