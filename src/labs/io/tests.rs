use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded};

/// Eight threads that were this many times as fast as one worker at waiting, and twice as fast where they also compute.
fn io(threads: f64) -> Recorded {
    let report = recorded("io").speedup(Model::Threads, "workload=io-wait", threads);
    let report = report.speedup(Model::Threads, "workload=io-mixed", 2.0);
    report.speedup(Model::EventLoop, "workload=io-wait", 23.5)
}

#[test]
fn it_holds_when_threads_wait_side_by_side() {
    recorded("io").confirmed(&[]);
    io(7.8).confirmed(&[
        "8 threads that only wait ran 7.80x (7.80-7.80); where they also compute, only 2.00x (2.00-2.00); one \
         event loop 23.50x (23.50-23.50), with a single worker.",
    ]);
    io(5.6).confirmed(&[]);
}

#[test]
fn threads_that_wait_one_after_another_refute_it() {
    io(1.0).refuted(&["Refuted here: the threads did not wait side by side. 8 threads that only wait ran 1.00x"]);
    io(5.5).refuted(&["did not wait side by side"]);
}

#[test]
fn without_the_other_runs_threads_that_wait_decide() {
    let alone = io(7.8).without(Model::Threads, "workload=io-mixed").without(Model::EventLoop, "");
    alone.confirmed(&["8 threads that only wait ran 7.80x (7.80-7.80)."]);
}

#[test]
fn without_threads_that_wait_against_serial_there_is_nothing_to_judge() {
    recorded("io").without(Model::Threads, "workload=io-wait").has_no_verdict();
    recorded("io").each(Model::Threads, "workload=io-wait", |run| run.speedup = None).has_no_verdict();
}

#[test]
fn it_draws_both_workloads_for_every_model() {
    let report = io(7.8);
    assert_eq!(report.drawn(), ["Bars: only waiting 4; half waiting, half computing 4; as many as there are workers"]);
    assert_eq!(report.mark(0, "only waiting", "threads"), 7.8);
    assert_eq!(report.mark(0, "half waiting, half computing", "threads"), 2.0);
    assert_eq!(report.charts()[0].references[0].at, 8.0);
}
