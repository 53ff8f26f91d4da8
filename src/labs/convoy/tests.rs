use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded};
use crate::report::Run;
use crate::trace::turns::Next;

const ALONE: &str = "background=0 switch-interval=5";
const BESIDE: &str = "background=1 switch-interval=5";
const BESIDE_TWO: &str = "background=2 switch-interval=5";

/// Requests that took so long beyond their wait of 1 ms.
fn waited(run: &mut Run, longer_s: f64) {
    let mut requests = run.task_s.expect("requests");
    requests.p50 = 0.001 + longer_s;
    requests.p50_ci95 = Some([requests.p50; 2]);
    run.task_s = Some(requests);
}

/// Requests beside a thread and beside a process that computes, with an interval of 5 ms, and how much longer they took.
/// Beside two threads it was 20 ms.
fn convoy(thread_s: f64, process_s: f64) -> Recorded {
    let report = recorded("convoy").each(Model::Threads, BESIDE, |run| waited(run, thread_s));
    let report = report.each(Model::Processes, BESIDE, |run| waited(run, process_s));
    let report = report.each(Model::Threads, BESIDE_TWO, |run| waited(run, 0.02));
    // 10 requests in 20 ms and in 80 ms.
    report.elapsed_s(Model::Threads, ALONE, 0.02).elapsed_s(Model::Threads, BESIDE, 0.08)
}

#[test]
fn it_holds_when_a_thread_waits_for_an_interval_and_a_process_does_not() {
    convoy(0.005, 0.0001).confirmed(&[
        "Confirmed: beside threads that compute, each request waits for the lock; beside a process it does not.",
        "Beside one thread that computes, a request waited 5.0 ms longer, 100 % of the switch interval, from 500 \
         to 125 requests a second. Beside two, a request waited 20 ms longer. Beside a process, a request waited 100 us \
         longer.",
    ]);
    convoy(0.00301, 0.0).confirmed(&["60 %"]);
}

#[test]
fn a_thread_that_hardly_waits_refutes_it() {
    convoy(0.001, 0.0001).refuted(&["Beside one thread that computes, a request waited 1.0 ms longer, 20 %"]);
    convoy(0.00299, 0.0).refuted(&[]);
    // A request that comes back before its time has waited for nothing.
    convoy(-0.0005, 0.0001).refuted(&["a request waited 0 ns longer, 0 %"]).but_not(&["nearly as long"]);
}

#[test]
fn a_thread_that_waits_for_one_interval_beside_two_refutes_it() {
    let beside_two = |longer_s: f64| convoy(0.005, 0.0).each(Model::Threads, BESIDE_TWO, |run| waited(run, longer_s));
    beside_two(0.0074).refuted(&["Beside two, a request waited 7.4 ms longer."]);
    beside_two(0.0076).confirmed(&[]);
}

#[test]
fn a_process_that_waits_as_well_refutes_it() {
    convoy(0.005, 0.004).refuted(&[
        "Refuted here: beside a process a request waited nearly as long.",
        "Beside a process, a request waited 4.0 ms longer.",
    ]);
    convoy(0.005, 0.0026).refuted(&["nearly as long"]);
    convoy(0.005, 0.0024).confirmed(&[]);
}

#[test]
fn without_processes_or_a_thread_alone_the_thread_decides() {
    convoy(0.005, 0.0).without(Model::Processes, "").confirmed(&[]).but_not(&["Beside a process, "]);
    let beside = convoy(0.005, 0.0).without(Model::Threads, ALONE);
    beside.confirmed(&["100 % of the switch interval. Beside two, "]);
    convoy(0.005, 0.0).without(Model::Threads, BESIDE_TWO).confirmed(&[]).but_not(&["Beside two"]);
}

#[test]
fn without_requests_beside_a_thread_there_is_nothing_to_judge() {
    recorded("convoy").without(Model::Threads, BESIDE).has_no_verdict();
    recorded("convoy").each(Model::Threads, BESIDE, |run| run.task_s = None).has_no_verdict();
}

#[test]
fn it_draws_requests_by_workers_beside_them_and_by_switch_interval() {
    let report = convoy(0.004, -0.0005);
    assert_eq!(
        report.drawn(),
        [
            "Lines: threads, 50 % of the requests 4; threads, 99 % of the requests 4; processes, 50 % of the requests 4; \
             processes, 99 % of the requests 4; its own wait and one switch interval 3",
            "Bars: threads 4; processes 4",
            "Lines: threads 4; processes 4; one interval a request 4",
            "Bars: the one who waited longest 2; the one who came last 2; another one 2"
        ]
    );
    assert_near(report.mark(0, "threads, 50 % of the requests", 1), 0.005);
    let slowest = report.0.runs.iter().find(|run| run.model == Model::Threads).unwrap().task_s.unwrap().p99;
    assert_eq!(report.mark(0, "threads, 99 % of the requests", 0), slowest);
    assert_near(report.mark(0, "its own wait and one switch interval", 2), 0.006);
    assert_near(report.mark(1, "threads", "0"), 500.0);
    assert_near(report.mark(2, "threads", 0.005), 0.004);
    assert_eq!(report.mark(2, "processes", 0.005), 1e-6, "a logarithmic scale has no zero");
    assert_eq!(report.mark(2, "one interval a request", 0.02), 0.02);
}

#[test]
fn it_draws_who_gets_the_lock_next_where_two_or_more_wait() {
    let next = Next { longest: 1, latest: 6, others: 3 };
    let of_all = |run: &mut Run| run.lock.as_mut().expect("threads have a lock").next = Some(next);
    let report = recorded("convoy").each(Model::Threads, BESIDE_TWO, of_all);
    assert_near(report.mark(3, "the one who waited longest", "2"), 0.1);
    assert_near(report.mark(3, "the one who came last", "2"), 0.6);
    assert_near(report.mark(3, "another one", "2"), 0.3);
    let earlier =
        recorded("convoy").each(Model::Threads, "", |run| run.lock.as_mut().expect("threads have a lock").next = None);
    assert_eq!(earlier.drawn().len(), 3, "reports of earlier versions do not tell");
}
