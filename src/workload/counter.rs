//! Add one to a counter, again and again: to one that all tasks share, or to one of the task's own.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Counts, Heap, Partial, Progress, Start, Steps, UnderLock, Workload, total};
use crate::experiment::Experiment;

/// The shared counter's place on the heap.
const SHARED: usize = 0;
/// `shared` is counted in parts of this.
const PARTS: u64 = 1_000;

pub static PLAIN: Workload = workload(
    "counter",
    "adds one to a counter, reading and writing it as two steps: without the lock, updates are lost",
    |experiment, _, heap| Box::new(Adding::of(experiment, heap, plain)),
);

pub static ATOMIC: Workload = workload(
    "atomic-counter",
    "adds one to a counter in one atomic step: nothing is lost, and sharing has its price",
    |experiment, _, heap| Box::new(Adding::of(experiment, heap, atomic)),
);

const fn workload(id: &'static str, about: &'static str, start: Start) -> Workload {
    Workload {
        id,
        about,
        under_lock: UnderLock::Computes,
        size_unit: "additions a task",
        default_size: 5_000_000,
        default_tasks: 8,
        python: Some(20),
        max_size: |_| 1_000_000_000,
        size_because: "more takes longer than anybody waits",
        start,
        merge: |_: &Experiment, partials: &[Partial]| format!("{} additions", total(partials)),
        tile: None,
        counts: Some(Counts {
            expected: |experiment| {
                let of_task = shared_before(experiment.size, parts(experiment));
                i64::try_from(of_task * u64::from(experiment.tasks)).expect("within the bounds of an experiment")
            },
            found: |heap| heap.word(SHARED).load(Ordering::Relaxed).cast_signed(),
        }),
        input: None,
        meeting: None,
    }
}

/// How a counter is added to.
type Add = fn(&AtomicU64, u32);

/// Reads, then writes: whoever wrote between the two is overwritten. Not a plain integer, because two
/// threads that write one at the same time are undefined in Rust; the machine does the same for both.
#[inline(never)]
fn plain(counter: &AtomicU64, times: u32) {
    for _ in 0..times {
        // Apart, as they are in an interpreter: a compiler would make one instruction of the two.
        let read = black_box(counter.load(Ordering::Relaxed));
        counter.store(read.wrapping_add(1), Ordering::Relaxed);
    }
}

#[inline(never)]
fn atomic(counter: &AtomicU64, times: u32) {
    for _ in 0..times {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

fn parts(experiment: &Experiment) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1")]
    let parts = (experiment.shared * PARTS as f64).round() as u64;
    parts
}

/// Of a task's first additions, how many go to the shared counter.
fn shared_before(additions: u32, parts: u64) -> u64 {
    u64::from(additions) * parts / PARTS
}

struct Adding {
    heap: Arc<Heap>,
    own: Box<AtomicU64>,
    add: Add,
    parts: u64,
    next: u32,
    size: u32,
}

impl Adding {
    fn of(experiment: &Experiment, heap: &Arc<Heap>, add: Add) -> Self {
        let (parts, size) = (parts(experiment), experiment.size);
        Self { heap: heap.clone(), own: Box::default(), add, parts, next: 0, size }
    }
}

/// Additions a step, 0.15 us alone: first those to the shared counter, then those to the own one.
const STEP: u32 = 64;

impl Steps for Adding {
    /// 10 us alone, more when others want the same counter.
    const QUANTUM: u32 = 64;

    #[inline]
    fn step(&mut self) -> Progress {
        let stop = self.size.min(self.next + STEP);
        let shared = shared_before(stop, self.parts) - shared_before(self.next, self.parts);
        let shared = u32::try_from(shared).expect("at most a step");
        (self.add)(self.heap.word(SHARED), shared);
        (self.add)(&self.own, stop - self.next - shared);
        self.next = stop;
        if stop < self.size { Progress::More } else { Progress::Done(u64::from(self.size).to_le_bytes().to_vec()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Breaker, tests::small};
    use super::*;

    /// What is found on one heap after all tasks, one after another.
    fn found(experiment: &Experiment) -> i64 {
        let workload = super::super::find(&experiment.workload).unwrap();
        let heap = Arc::default();
        for task in 0..experiment.tasks {
            let mut task = (workload.start)(experiment, task, &heap);
            while task.quantum(Breaker::NONE) == Progress::More {}
        }
        (workload.counts.as_ref().unwrap().found)(&heap)
    }

    #[test]
    fn one_after_another_nothing_is_lost_however_much_is_shared() {
        for workload in [&PLAIN, &ATOMIC] {
            for shared in [0.0, 0.123, 0.5, 1.0] {
                let experiment = Experiment { shared, ..small(workload.id, 10_001, 3) };
                let expected = (workload.counts.as_ref().unwrap().expected)(&experiment);
                assert_eq!(found(&experiment), expected, "{} {shared}", workload.id);
                assert!((expected as f64 - 30_003.0 * shared).abs() <= 3.0);
            }
        }
    }
}
