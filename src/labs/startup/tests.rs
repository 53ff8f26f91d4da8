use crate::experiment::{Library, Model};
use crate::labs::recorded::{Recorded, recorded, steady};
use crate::report::HostKind;

/// Workers that were ready after so long, with the copies of a process after 1 ms and 0.5 ms.
fn startup(thread_s: f64, process_s: f64) -> Recorded {
    let ready = |report: Recorded, model, at: &str, after| report.each(model, at, |run| run.startup_s = steady(after));
    let report = ready(recorded("startup"), Model::Threads, "", thread_s);
    let report = ready(report, Model::Processes, "start-method=spawn", process_s);
    let report = ready(report, Model::Processes, "start-method=fork", 0.001);
    ready(report, Model::Processes, "start-method=forkserver", 0.0005)
}

#[test]
fn it_holds_when_a_process_takes_much_longer_to_be_ready() {
    recorded("startup").confirmed(&[]);
    startup(0.0001, 0.002).confirmed(&[
        "A thread was ready after 100 us, a process after 2.0 ms, 20.0 times as long; processes by fork were \
         ready after 1.0 ms; processes by forkserver were ready after 500 us.",
    ]);
    startup(1.0, 5.01).confirmed(&[]);
}

#[test]
fn a_process_that_starts_nearly_as_fast_refutes_it() {
    startup(0.001, 0.002).refuted(&["A thread was ready after 1.0 ms, a process after 2.0 ms, 2.0 times"]);
    startup(1.0, 4.99).refuted(&[]);
    let browser = startup(0.001, 0.002).on(HostKind::Browser);
    browser.refuted(&["nearly as fast as a thread, because in a browser both are web workers."]);
    startup(0.0001, 0.002).on(HostKind::Browser).confirmed(&[]).but_not(&["web workers"]);
}

#[test]
fn interpreters_are_told_by_their_name() {
    let report = startup(0.0001, 0.002).report(|report| report.experiment.library = Library::Interpreters);
    report.confirmed(&["; processes as interpreters were ready after 1.0 ms;"]);
}

#[test]
fn without_both_models_there_is_nothing_to_judge() {
    recorded("startup").without(Model::Threads, "").has_no_verdict();
    recorded("startup").without(Model::Processes, "").has_no_verdict();
}

#[test]
fn it_draws_threads_once_and_processes_by_how_they_start() {
    let report = startup(0.0001, 0.002);
    assert_eq!(
        report.drawn(),
        [
            "Lines: threads 5; processes by spawn 5; processes by fork 5; processes by forkserver 5; the article's thread, \
             about; the article's process, from; the article's process, to"
        ]
    );
    assert_eq!(report.mark(0, "processes by fork", "50 %"), 0.001);
}
