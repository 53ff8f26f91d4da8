use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded, steady};
use crate::labs::words::MIB;
use crate::report::HostKind;

/// Workers of their own that took so many MiB, and processes that share 6 MiB more.
fn memory(thread: f64, process: f64) -> Recorded {
    let report = recorded("memory").each(Model::Threads, "", |run| run.memory_bytes = Some(steady(thread * MIB)));
    report.each(Model::Processes, "", |run| {
        run.memory_bytes = Some(steady(process * MIB));
        run.rss_bytes = Some(steady((process + 6.0) * MIB));
    })
}

#[test]
fn it_holds_when_a_process_takes_much_more_than_a_thread() {
    recorded("memory").confirmed(&[]);
    memory(0.125, 2.5).confirmed(&[
        "A thread took 128 KiB, a process 2.5 MiB (proportional set size), 8.5 MiB with what it shares with \
         others (RSS); no Python runs in it, whose interpreter is what makes the article's process larger.",
    ]);
    memory(1.0, 2.0).confirmed(&[]);
}

#[test]
fn a_process_that_takes_little_more_refutes_it() {
    memory(1.5, 2.5).refuted(&[
        "A thread took 1.5 MiB, a process 2.5 MiB",
        ": a worker here carries no interpreter, and its stack is most of what it takes.",
    ]);
}

#[test]
fn what_is_measured_and_why_depends_on_the_host() {
    let forked = "; a forked process shares what it has not changed with its parent, a spawned one does not.";
    memory(1.0, 12.0).on(HostKind::Cpython).confirmed(&[forked]);
    memory(10.0, 12.0).on(HostKind::Cpython).refuted(&[forked]);
    let browser = memory(1.0, 12.0).on(HostKind::Browser);
    browser.confirmed(&["a process 12 MiB of WebAssembly memory; the browser adds its own"]).but_not(&["RSS"]);
    assert!(browser.drawn()[0].starts_with("Bars: WebAssembly memory 4;"), "{:?}", browser.drawn());
}

#[test]
fn a_thread_whose_memory_is_unknown_leaves_nothing_to_compare() {
    let unknown = memory(1.0, 2.5).each(Model::Threads, "", |run| run.memory_bytes = None);
    unknown.could_not_tell(&[
        "Could not tell: no heap that threads share has grown. Start anew and run it first. A process took 2.5 MiB \
         (proportional set size), 8.5 MiB",
    ]);
    memory(1.0, 2.5).without(Model::Threads, "").could_not_tell(&["no heap that threads share has grown"]);
}

#[test]
fn what_is_shared_is_left_out_where_no_host_tells_it() {
    let report = memory(1.0, 2.5).each(Model::Processes, "", |run| run.rss_bytes = None);
    report.confirmed(&["a process 2.5 MiB (proportional set size); no Python"]);
}

#[test]
fn without_the_memory_of_a_process_there_is_nothing_to_judge() {
    recorded("memory").without(Model::Processes, "").has_no_verdict();
    recorded("memory").each(Model::Processes, "", |run| run.memory_bytes = None).has_no_verdict();
}

#[test]
fn it_draws_each_kind_of_worker_with_and_without_what_it_shares() {
    let report = memory(0.125, 2.5);
    assert_eq!(
        report.drawn(),
        [
            "Bars: its own (PSS) 4; with what it shares (RSS) 4; the article's thread, up to; the article's process, from; \
             the article's process, to"
        ]
    );
    assert_eq!(report.mark(0, "its own (PSS)", "processes by fork"), 2.5 * MIB);
    assert_eq!(report.mark(0, "with what it shares (RSS)", "processes by spawn"), 8.5 * MIB);
    let lines: Vec<f64> = report.charts()[0].references.iter().map(|line| line.at / MIB).collect();
    assert_eq!(lines, [5.0, 10.0, 50.0]);
}
