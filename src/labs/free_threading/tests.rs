use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded};

/// Free threads on objects of their own, and all on one object, with processes at 2 times the speed of serial.
fn free_threading(apart: f64, together: f64) -> Recorded {
    let report = recorded("free-threading").speedup(Model::Processes, "", 2.0);
    report.speedup(Model::FreeThreads, "shared=0", apart).speedup(Model::FreeThreads, "shared=100", together)
}

#[test]
fn it_holds_when_free_threads_are_fast_apart_and_slow_together() {
    free_threading(1.9, 0.4).confirmed(&[
        "With 0 % of the operations on a shared object, free threads ran 1.90x (1.90-1.90) and processes 2.00x \
         (2.00-2.00). With 100 %, free threads ran 0.40x (0.40-0.40).",
    ]);
    free_threading(1.6, 0.99).confirmed(&[]);
}

#[test]
fn free_threads_that_are_slow_apart_refute_it() {
    let slow = "Refuted here: free threads were slower than processes even on private data. With 0 % of the operations";
    free_threading(1.2, 0.4).refuted(&[slow]);
    free_threading(1.59, 0.4).refuted(&[slow]);
    free_threading(1.2, 1.4).refuted(&[slow]);
}

#[test]
fn free_threads_that_are_fast_together_refute_it() {
    let fast = "Refuted here: sharing one object did not make free threads slower than one. With 0 % of the operations";
    free_threading(1.9, 1.4).refuted(&[fast]);
    free_threading(1.9, 1.01).refuted(&[fast]);
}

#[test]
fn without_both_models_against_serial_there_is_nothing_to_judge() {
    for model in [Model::FreeThreads, Model::Processes] {
        recorded("free-threading").without(model, "").has_no_verdict();
        recorded("free-threading").each(model, "", |run| run.speedup = None).has_no_verdict();
    }
}

#[test]
fn it_draws_both_models_over_what_is_shared() {
    let report = free_threading(1.9, 0.4);
    assert_eq!(report.drawn(), ["Lines: free-threads 6; processes 6; serial"]);
    assert_eq!(report.mark(0, "free-threads", 0.0), 1.9);
    assert_eq!(report.mark(0, "free-threads", 1.0), 0.4);
    assert_eq!(report.charts()[0].references[0].at, 1.0);
}
