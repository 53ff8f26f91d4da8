use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded};

const OLD: &str = "lock-policy=ticks workers=2";
const NEW: &str = "lock-policy=switch-interval workers=2";

/// Two threads for three seconds: how often the old lock woke a waiter, in vain, and how often today's did.
fn old_lock(signals: u64, in_vain: u64, today: u64) -> Recorded {
    let counts = |report: Recorded, at: &str, signals, found_taken, speedup| {
        let report = report.elapsed_s(Model::Threads, at, 1.0).speedup(Model::Threads, at, speedup);
        report.each(Model::Threads, at, |run| {
            run.elapsed_s = crate::stats::Summary::of(vec![1.0; 3]).unwrap();
            let lock = run.lock.as_mut().expect("a lock");
            (lock.signals, lock.found_taken) = (signals, found_taken);
        })
    };
    counts(counts(recorded("old-lock"), OLD, signals, in_vain, 0.5), NEW, today, 0, 0.8)
}

#[test]
fn it_holds_when_the_old_lock_signals_often_and_often_in_vain() {
    recorded("old-lock").confirmed(&[]);
    old_lock(30_000, 15_000, 600).confirmed(&[
        "With 2 threads the old lock woke a waiter 10,000 times a second, of which 50 % found it taken, 2.00x the \
         time of serial; today's 200 times, 1.25x the time of serial.",
    ]);
    old_lock(3_000, 660, 600).confirmed(&[]);
}

#[test]
fn an_old_lock_that_signals_little_more_often_refutes_it() {
    old_lock(1_200, 600, 600)
        .refuted(&["Refuted here: the old lock signalled little more often, or hardly ever in vain."]);
    old_lock(2_997, 2_000, 600).refuted(&[]);
}

#[test]
fn an_old_lock_that_is_hardly_ever_taken_refutes_it() {
    old_lock(30_000, 300, 600).refuted(&["of which 1 % found it taken"]);
    old_lock(3_000, 500, 600).refuted(&[]);
    old_lock(0, 0, 0).refuted(&["0 times a second, of which 0 %"]);
}

#[test]
fn without_serial_there_is_no_slowdown_to_tell() {
    let report = old_lock(30_000, 15_000, 600).each(Model::Threads, OLD, |run| run.speedup = None);
    report.confirmed(&["50 % found it taken; today's 200 times, 1.25x"]);
}

#[test]
fn without_two_threads_with_each_lock_there_is_nothing_to_judge() {
    for at in [OLD, NEW] {
        recorded("old-lock").without(Model::Threads, at).has_no_verdict();
        recorded("old-lock").each(Model::Threads, at, |run| run.lock = None).has_no_verdict();
    }
}

#[test]
fn it_draws_the_slowdown_and_the_rates_of_both_locks() {
    let report = old_lock(30_000, 15_000, 600);
    assert_eq!(
        report.drawn(),
        [
            "Bars: today's lock 3; the old lock 3",
            "Bars: today's lock: a waiter is woken 3; today's lock: and finds it taken 3; the old lock: a waiter is woken 3; \
             the old lock: and finds it taken 3"
        ]
    );
    assert_near(report.mark(0, "the old lock", "2"), 2.0);
    assert_near(report.mark(1, "the old lock: a waiter is woken", "2"), 10_000.0);
    assert_near(report.mark(1, "the old lock: and finds it taken", "2"), 5_000.0);
    assert_near(report.mark(1, "today's lock: a waiter is woken", "2"), 200.0);
}
