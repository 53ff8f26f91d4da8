//! Wait for input and output, with little or with as much computing: a request to a server, a query.
//!
//! The wait is real. Nothing is transferred, so that nothing but the waiting is measured.

use super::sum_of_squares::Sum;
use super::{Counts, Partial, Progress, Steps, UnderLock, Workload, total};
use crate::experiment::Experiment;

/// Nothing is counted on the heap.
const NO_COUNTS: Option<Counts> = None;
/// Numbers whose squares are added up in a microsecond or so, for computing as long as waiting.
const NUMBERS_A_US: u32 = 480;
/// Waits of a task of `io-mixed`, each with its part of the computing.
const PARTS: u32 = 5;

pub static WAIT: Workload = Workload {
    id: "io-wait",
    about: "waits, as for a server's answer, and computes next to nothing",
    under_lock: UnderLock::Waits,
    size_unit: "microseconds a task",
    default_size: 10_000,
    default_tasks: 40,
    python: Some(1),
    max_size: |_| 10_000_000,
    size_because: "nobody waits longer than 10 s for one task",
    start: |experiment, task, _| Box::new(Request::of(experiment, task, 1, 0)),
    merge,
    tile: None,
    counts: NO_COUNTS,
    input: None,
    meeting: None,
};

pub static MIXED: Workload = Workload {
    id: "io-mixed",
    about: "waits and computes in turn, about as long each",
    under_lock: UnderLock::WaitsAndComputes,
    size_unit: "microseconds a task",
    default_size: 20_000,
    default_tasks: 20,
    python: Some(1),
    max_size: |_| 10_000_000,
    size_because: "nobody waits longer than 10 s for one task",
    start: |experiment, task, _| {
        let numbers = (experiment.size / 2 / PARTS).saturating_mul(NUMBERS_A_US);
        Box::new(Request::of(experiment, task, PARTS, numbers))
    },
    merge,
    tile: None,
    counts: NO_COUNTS,
    input: None,
    meeting: None,
};

fn merge(_: &Experiment, partials: &[Partial]) -> String {
    let digest = total(partials);
    format!("{} answers, digest {digest:016x}", partials.len())
}

/// Waits, then computes, part by part.
struct Request {
    wait_us: f64,
    parts: u32,
    numbers: u32,
    /// What is computed of this part; nothing before its wait.
    sum: Option<Sum>,
    hash: u64,
}

impl Request {
    fn of(experiment: &Experiment, task: u32, parts: u32, numbers: u32) -> Self {
        let wait_us = f64::from(experiment.size) / if numbers > 0 { 2.0 } else { 1.0 } / f64::from(parts);
        let hash = (u64::from(experiment.seed) << 32) | u64::from(task);
        Self { wait_us, parts, numbers, sum: None, hash }
    }
}

impl Request {
    fn digest(&mut self, sum: u128) {
        // The lower half changes with every number; a multiplier of Knuth's (MMIX) spreads it.
        #[expect(clippy::cast_possible_truncation, reason = "a digest")]
        let low = sum as u64;
        self.hash = (self.hash ^ low).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    }
}

impl Steps for Request {
    const QUANTUM: u32 = Sum::QUANTUM;

    fn step(&mut self) -> Progress {
        let Some(sum) = &mut self.sum else {
            self.sum = Some(Sum::of(0, u64::from(self.numbers.max(1))));
            return Progress::Wait { us: self.wait_us };
        };
        let Some(total) = sum.add_up() else { return Progress::More };
        self.digest(total);
        self.parts -= 1;
        self.sum = None;
        if self.parts > 0 { self.step() } else { Progress::Done(self.hash.to_le_bytes().to_vec()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, small};
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn a_task_waits_as_long_as_its_size_says() {
        for (workload, share) in [(&WAIT, 1.0), (&MIXED, 0.5)] {
            let waits = RefCell::new(Vec::new());
            super::super::run_bare(workload, &small(workload.id, 3_000, 1), 0, |us| waits.borrow_mut().push(us));
            let total: f64 = waits.borrow().iter().sum();
            assert!((total - 3_000.0 * share).abs() < 1e-6, "{}: {waits:?}", workload.id);
        }
    }

    #[test]
    fn seeds_and_tasks_give_different_answers() {
        let experiment = small("io-wait", 10, 3);
        let other = Experiment { seed: 2, ..experiment.clone() };
        assert_ne!(answer(&experiment), answer(&other));
        assert!(answer(&experiment).starts_with("3 answers, digest "));
    }
}
