use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded};
use crate::report::HostKind;
use crate::stats::Summary;

const PLAIN: &str = "workload=refcounts";
const ATOMIC: &str = "workload=atomic-refcounts";

/// The counts that three rounds without the lock left, and those under it; atomic counts take 1.5 times as long.
fn why_a_lock(free: [f64; 3], locked: [f64; 3]) -> Recorded {
    let found = |report: Recorded, model, found: [f64; 3]| {
        report.each(model, PLAIN, |run| run.counted.as_mut().unwrap().found = Summary::of(found.to_vec()).unwrap())
    };
    let report = found(found(recorded("why-a-lock"), Model::FreeThreads, free), Model::Threads, locked);
    report.elapsed_s(Model::Serial, PLAIN, 0.02).elapsed_s(Model::Serial, ATOMIC, 0.03)
}

const RIGHT: [f64; 3] = [0.0; 3];

#[test]
fn it_holds_when_counts_are_lost_only_without_the_lock() {
    recorded("why-a-lock").confirmed(&[]);
    why_a_lock([0.0, 5000.0, -3.0], RIGHT).confirmed(&[
        "Without the lock the count was wrong after 2 of 3 rounds, at worst by 5,000 (a leak); under the lock it \
         was always right; atomic counts need no lock, and one worker pays 1.5x the time for them.",
    ]);
    let freed = why_a_lock([4.0, -5000.0, 0.0], RIGHT);
    freed.confirmed(&["at worst by -5,000 (an object freed while in use, so a crash); under the lock"]);
    why_a_lock([5.0, -5.0, 0.0], RIGHT).confirmed(&["at worst by -5 (an object freed"]);
}

#[test]
fn counts_that_are_right_without_the_lock_refute_it() {
    why_a_lock(RIGHT, RIGHT).could_not_tell(&[
        "Could not tell: no count went wrong this time. Run it again, with longer tasks. Without the lock the count was \
         wrong after 0 of 3 rounds, at worst by 0; under the lock it was always right",
    ]);
    why_a_lock(RIGHT, RIGHT)
        .on(HostKind::Cpython)
        .refuted(&["Refuted here: a Python without the lock counts in another way (PEP 703), so no count is lost."]);
    why_a_lock([1.0, 0.0, 0.0], RIGHT).on(HostKind::Cpython).confirmed(&[]).but_not(&["PEP 703"]);
}

#[test]
fn counts_that_are_wrong_under_the_lock_refute_it() {
    why_a_lock([1.0, 2.0, 3.0], [0.0, 0.0, 1.0]).refuted(&["3 of 3 rounds", "under the lock it was not always right"]);
}

#[test]
fn the_price_of_atomic_counts_is_told_where_it_shows() {
    let browser = why_a_lock([1.0; 3], RIGHT).on(HostKind::Browser);
    browser.confirmed(&["; atomic counts need no lock, and their price shows natively alone"]).but_not(&["1.5x"]);
    let plain = why_a_lock([1.0; 3], RIGHT).without(Model::Serial, ATOMIC);
    plain.confirmed(&["under the lock it was always right."]);
}

#[test]
fn without_plain_counts_under_the_lock_and_without_it_there_is_nothing_to_judge() {
    for model in [Model::Threads, Model::FreeThreads] {
        recorded("why-a-lock").without(model, PLAIN).has_no_verdict();
        recorded("why-a-lock").each(model, PLAIN, |run| run.counted = None).has_no_verdict();
    }
}

#[test]
fn it_draws_what_is_left_and_what_a_reference_costs() {
    let report = why_a_lock([1.0, 2.0, 3.0], RIGHT);
    assert_eq!(report.drawn(), ["Bars: the count 5", "Bars: this machine 5"]);
    assert_eq!(report.mark(0, "the count", "plain, threads without it"), 2.0);
    assert_eq!(report.mark(0, "the count", "plain, threads under the lock"), 0.0);
    // 8 tasks of 1,000,000 references in a quick run.
    assert_near(report.mark(1, "this machine", "plain, one worker"), 0.02 / 8e6);
    assert_near(report.mark(1, "this machine", "atomic, one worker"), 0.03 / 8e6);
}
