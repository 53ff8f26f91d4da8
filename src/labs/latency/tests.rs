use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded};
use crate::report::HostKind;
use crate::stats::Percentiles;

/// Requests of which all but the slowest took so long, started for each or waiting.
fn took(report: Recorded, model: Model, dispatch: &str, seconds: f64) -> Recorded {
    let requests = Percentiles {
        p50: seconds,
        p99: 2.0 * seconds,
        p50_ci95: Some([seconds; 2]),
        ..Percentiles::of(&[seconds]).unwrap()
    };
    report.each(model, &format!("dispatch={dispatch}"), |run| run.task_s = Some(requests))
}

fn latency(thread_s: f64, process_s: f64) -> Recorded {
    let report = took(recorded("latency"), Model::Threads, "fresh", thread_s);
    took(took(report, Model::Processes, "fresh", process_s), Model::Processes, "warm", 0.0005)
}

#[test]
fn it_holds_when_a_process_for_each_request_is_slower() {
    recorded("latency").confirmed(&[]);
    latency(0.001, 0.005).confirmed(&[
        "A request with a process started for it took 5.0 ms (99 %: 10 ms), with a thread 1.0 ms (99 %: 2.0 ms), \
         with a process that was waiting 500 us.",
    ]);
    latency(1.0, 1.31).confirmed(&[]);
}

#[test]
fn a_process_that_is_as_fast_as_a_thread_refutes_it() {
    latency(0.004, 0.005).refuted(&["A request with a process started for it took 5.0 ms"]);
    latency(1.0, 1.29).refuted(&[]);
    latency(0.004, 0.005).on(HostKind::Browser).refuted(&[
        "Refuted here: a new process was as quick as a new thread: in a browser both are web workers. Keep them waiting.",
    ]);
    latency(0.001, 0.005).on(HostKind::Browser).confirmed(&[]).but_not(&["web workers"]);
}

#[test]
fn without_requests_of_all_three_kinds_there_is_nothing_to_judge() {
    recorded("latency").without(Model::Threads, "dispatch=fresh").has_no_verdict();
    recorded("latency").without(Model::Processes, "dispatch=fresh").has_no_verdict();
    recorded("latency").without(Model::Processes, "dispatch=warm").has_no_verdict();
    recorded("latency").each(Model::Processes, "dispatch=fresh", |run| run.task_s = None).has_no_verdict();
    recorded("latency").without(Model::Threads, "dispatch=warm").confirmed(&[]);
}

#[test]
fn it_draws_how_requests_are_spread() {
    let report = latency(0.001, 0.005);
    assert_eq!(
        report.drawn(),
        [
            "Lines: threads, waiting 5; processes, waiting 5; threads, started for each request 5; processes, started for \
             each request 5"
        ]
    );
    assert_eq!(report.mark(0, "processes, started for each request", "50 %"), 0.005);
    assert_eq!(report.mark(0, "processes, started for each request", "99 %"), 0.01);
}
