use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded, steady};
use crate::report::{HostKind, Run};
use crate::stats::Summary;

/// Serial code and two processes that took so long, each process after a start of 10 ms.
fn single_core(serial_s: f64, processes_s: f64) -> Recorded {
    let report = recorded("single-core").elapsed_s(Model::Serial, "", serial_s);
    let report = report.each(Model::Serial, "", |run| run.startup_s = steady(0.5));
    let report = report.each(Model::Processes, "", |run| run.startup_s = steady(0.01));
    report.elapsed_s(Model::Processes, "", processes_s)
}

#[test]
fn it_holds_when_processes_take_longer_with_their_start() {
    recorded("single-core").confirmed(&[]);
    single_core(0.1, 0.09).confirmed(&["Serial took 100 ms, 2 processes 110 ms with their start."]);
}

#[test]
fn processes_that_are_faster_on_one_core_are_a_disturbance() {
    single_core(0.12, 0.09).refuted(&[
        "Refuted here: processes were faster than one worker on one core. Serial took 120 ms, 2 processes 110 ms",
    ]);
    single_core(0.5, 0.47).refuted(&[]);
    let few = |run: &mut Run| run.elapsed_s = Summary::of(vec![0.09; 3]).unwrap();
    single_core(0.12, 0.09).each(Model::Processes, "", few).could_not_tell(&["there were too few rounds"]);
}

#[test]
fn it_says_when_there_was_more_than_one_core() {
    let free = |report: Recorded| report.report(|report| report.experiment.cores = None);
    free(single_core(0.1, 0.1))
        .could_not_tell(&["Could not tell: it was not pinned to one core. Run it with --cores 1."]);
    free(single_core(0.2, 0.1)).could_not_tell(&["not pinned"]);
    let browser = free(single_core(0.1, 0.1)).on(HostKind::Browser);
    browser
        .confirmed(&["; a page cannot pin its workers to one core, so one worker stands for it"])
        .but_not(&["--cores"]);
}

#[test]
fn without_serial_or_processes_there_is_nothing_to_judge() {
    recorded("single-core").without(Model::Serial, "").has_no_verdict();
    recorded("single-core").without(Model::Processes, "").has_no_verdict();
}

#[test]
fn it_stacks_the_start_of_the_workers_on_their_tasks() {
    let report = single_core(0.1, 0.09);
    assert_eq!(report.drawn(), ["Stack: the tasks 3; starting the workers 3"]);
    assert_eq!(report.mark(0, "the tasks", "processes"), 0.09);
    assert_near(report.mark(0, "starting the workers", "processes"), 0.02);
    assert_eq!(report.mark(0, "starting the workers", "serial"), 0.0);
}
