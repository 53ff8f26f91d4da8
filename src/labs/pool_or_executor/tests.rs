use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded, steady};

/// The first result of tasks sent one by one after so long, all of them after 1 s.
fn pool(first_s: f64) -> Recorded {
    let first = |report: Recorded, at: &str, first_s| {
        report.each(Model::Processes, at, |run| run.first_s = Some(steady(first_s)))
    };
    let report = recorded("pool-or-executor").elapsed_s(Model::Processes, "", 1.0);
    first(first(report, "chunk=1", first_s), "chunk=16", 0.75)
}

#[test]
fn it_holds_when_the_first_result_comes_early() {
    recorded("pool-or-executor").confirmed(&[]);
    pool(0.1).confirmed(&[
        "Handed back as they complete, the first result was there after 100 ms, handed back at the end after \
         1.00 s; with chunks of 16 even the first took 750 ms.",
    ]);
    pool(0.5).confirmed(&[]);
}

#[test]
fn a_first_result_that_comes_late_refutes_it() {
    pool(0.6).refuted(&["Handed back as they complete, the first result was there after 600 ms"]);
    pool(0.51).refuted(&[]);
}

#[test]
fn without_the_first_results_there_is_nothing_to_judge() {
    recorded("pool-or-executor").without(Model::Processes, "chunk=1").has_no_verdict();
    recorded("pool-or-executor").each(Model::Processes, "chunk=1", |run| run.first_s = None).has_no_verdict();
    recorded("pool-or-executor").each(Model::Processes, "chunk=16", |run| run.first_s = None).has_no_verdict();
}

#[test]
fn it_draws_the_first_result_beside_the_last() {
    let report = pool(0.1);
    assert_eq!(report.drawn(), ["Bars: as they complete: the first 3; all at the end: the first and the last 3"]);
    assert_eq!(report.mark(0, "as they complete: the first", "1 task a message"), 0.1);
    assert_eq!(report.mark(0, "all at the end: the first and the last", "chunks of 16"), 1.0);
}
