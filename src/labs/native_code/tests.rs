use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded};

const HOLDS: &str = "workload=matrix-multiply";
const DROPS: &str = "workload=matrix-kernel";

/// Two threads with these speed-ups, of a ceiling of 2, and a kernel that is 40 times as fast as the interpreted product.
fn native_code(holds: f64, drops: f64) -> Recorded {
    let report = recorded("native-code").ceiling(2.0);
    let report = report.speedup(Model::Threads, HOLDS, holds).speedup(Model::Threads, DROPS, drops);
    // By the cube of its size: what a matrix product takes is the same for one number of each.
    let by_size = |report: &Recorded, at: &str| {
        let run = report.0.runs.iter().find(|run| report.is_at(run, at)).expect("a run");
        f64::from(report.0.experiment_of(run).size).powi(3)
    };
    let (interpreted, kernel) = (by_size(&report, HOLDS), by_size(&report, DROPS));
    report.task_s(Model::Serial, HOLDS, 40e-9 * interpreted).task_s(Model::Serial, DROPS, 1e-9 * kernel)
}

#[test]
fn it_holds_when_only_the_kernel_that_drops_the_lock_scales() {
    recorded("native-code").confirmed(&[]);
    native_code(1.0, 1.8).confirmed(&[
        "2 threads ran the kernel that drops the lock 1.80x (1.80-1.80), 90 % of the ceiling, and even one is 40 \
         times as fast as the interpreted one. They ran the interpreted product, which holds the lock, 1.00x (1.00-1.00).",
    ]);
    native_code(1.15, 1.6).confirmed(&[]);
}

#[test]
fn a_kernel_that_does_not_scale_refutes_it() {
    native_code(1.0, 1.2).refuted(&["2 threads ran the kernel that drops the lock 1.20x (1.20-1.20), 60 %"]);
    native_code(1.0, 1.59).refuted(&[]);
}

#[test]
fn an_interpreted_product_that_scales_refutes_it() {
    native_code(1.8, 1.8).refuted(&["They ran the interpreted product, which holds the lock, 1.80x (1.80-1.80)."]);
    native_code(1.16, 1.8).refuted(&[]);
}

#[test]
fn without_serial_at_both_the_kernel_is_not_compared() {
    for at in [HOLDS, DROPS] {
        native_code(1.0, 1.8)
            .without(Model::Serial, at)
            .confirmed(&["90 % of the ceiling. They ran the interpreted product"]);
    }
}

#[test]
fn without_threads_at_both_there_is_nothing_to_judge() {
    for at in [HOLDS, DROPS] {
        recorded("native-code").without(Model::Threads, at).has_no_verdict();
        recorded("native-code").each(Model::Threads, at, |run| run.speedup = None).has_no_verdict();
    }
    recorded("native-code").each(Model::Threads, DROPS, |run| run.efficiency = None).has_no_verdict();
}

#[test]
fn it_draws_both_products_for_every_model() {
    let report = native_code(1.0, 1.8);
    assert_eq!(report.drawn(), ["Bars: interpreted: holds the lock 3; a kernel: drops it 3"]);
    assert_near(report.mark(0, "interpreted: holds the lock", "threads"), 1.0);
    assert_near(report.mark(0, "a kernel: drops it", "threads"), 1.8);
}
