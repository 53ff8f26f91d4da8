use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded, steady};
use crate::labs::words::MIB;

/// Processes of so many MiB, threads of half a MiB, and 200 waits that took an event loop 10 ms and the others so long.
fn capacity(process_mib: f64, pool_s: f64) -> Recorded {
    let report = recorded("capacity");
    let report = report.each(Model::Processes, "", |run| run.memory_bytes = Some(steady(process_mib * MIB)));
    let report = report.each(Model::Threads, "", |run| run.memory_bytes = Some(steady(0.5 * MIB)));
    let report = report.elapsed_s(Model::EventLoop, "", 0.01).elapsed_s(Model::Threads, "", pool_s);
    report.elapsed_s(Model::Processes, "", 2.0 * pool_s)
}

#[test]
fn it_holds_when_an_event_loop_is_faster_and_memory_bounds_processes() {
    recorded("capacity").confirmed(&[]);
    capacity(64.0, 0.25).confirmed(&[
        "8 GiB would hold 128 processes of 64 MiB each, of threads 16,384; one event loop had 200 waits done \
         after 10 ms, 8 threads after 250 ms.",
    ]);
    // 8192 over 200, and a little less.
    capacity(40.95, 0.25).confirmed(&["would hold 200 processes"]).but_not(&["more processes than the article's"]);
}

#[test]
fn it_says_where_more_processes_fit_than_the_article_s() {
    capacity(2.0, 0.25).confirmed(&[
        "8 GiB would hold 4,096 processes of 2 MiB each",
        ". That is more processes than the article's, because no Python runs in them.",
    ]);
    capacity(40.7, 0.25).confirmed(&["would hold 201 processes", "more processes than the article's"]);
}

#[test]
fn an_event_loop_that_is_no_faster_refutes_it() {
    capacity(64.0, 0.005).refuted(&["Refuted here: the event loop was no faster. 8 GiB would hold 128 processes"]);
    capacity(64.0, 0.0099).refuted(&["no faster"]);
    capacity(2.0, 0.005).refuted(&["no faster"]);
}

#[test]
fn without_threads_processes_do_the_waiting() {
    let report = capacity(64.0, 0.25).without(Model::Threads, "");
    report.confirmed(&["64 MiB each; one event loop", "8 processes after 500 ms."]);
    let unknown = capacity(64.0, 0.25).each(Model::Threads, "", |run| run.memory_bytes = None);
    unknown.confirmed(&["64 MiB each; one event loop", "8 threads after 250 ms."]);
}

#[test]
fn without_the_memory_of_a_process_or_an_event_loop_there_is_nothing_to_judge() {
    recorded("capacity").without(Model::Processes, "").has_no_verdict();
    recorded("capacity").without(Model::EventLoop, "").has_no_verdict();
    recorded("capacity").each(Model::Processes, "", |run| run.memory_bytes = None).has_no_verdict();
    capacity(0.0, 0.25).has_no_verdict();
}

#[test]
fn it_draws_how_many_fit_and_how_long_the_waits_take() {
    let report = capacity(64.0, 0.25);
    assert_eq!(
        report.drawn(),
        [
            "Bars: computed from memory measured here 2; the article's processes in 8 GB, at most",
            "Bars: this machine 3"
        ]
    );
    let titles = report.charts().into_iter().map(|chart| chart.title).collect::<Vec<_>>();
    assert_eq!(titles, ["Workers that 8 GiB would hold, by what one took", "200 waits of 10 ms"]);
    assert_eq!(report.mark(0, "computed from memory measured here", "processes"), 128.0);
    assert_eq!(report.mark(1, "this machine", "event-loop"), 0.01);
}
