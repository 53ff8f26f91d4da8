//! Count references to an object that all tasks share: what an interpreter does whenever a name is bound.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Counts, Heap, Partial, Progress, Start, Steps, UnderLock, Workload, total};
use crate::experiment::Experiment;

/// References taken and given back in a step: 0.2 us alone, more when others do the same.
const STEP: u32 = 32;
/// The object's place on the heap. Its count starts at 0 rather than at 1, which changes nothing else.
const OBJECT: usize = 0;

pub static PLAIN: Workload = workload(
    "refcounts",
    "takes and gives back references to a shared object with plain counts, as CPython under its lock",
    Some(5),
    |experiment, _, heap| Box::new(Referring::of(experiment, heap, plain)),
);

pub static ATOMIC: Workload = workload(
    "atomic-refcounts",
    "takes and gives back references to a shared object with atomic counts, which need no lock",
    None,
    |experiment, _, heap| Box::new(Referring::of(experiment, heap, atomic)),
);

const fn workload(id: &'static str, about: &'static str, python: Option<u32>, start: Start) -> Workload {
    Workload {
        id,
        about,
        under_lock: UnderLock::Computes,
        size_unit: "references a task",
        default_size: 3_000_000,
        default_tasks: 8,
        python,
        max_size: |_| 1_000_000_000,
        size_because: "more takes longer than anybody waits",
        start,
        merge: |_: &Experiment, partials: &[Partial]| format!("{} references taken and given back", total(partials)),
        tile: None,
        counts: Some(Counts { expected: |_| 0, found: |heap| heap.word(OBJECT).load(Ordering::Relaxed).cast_signed() }),
        input: None,
        meeting: None,
    }
}

/// Takes a reference and gives it back, so many times.
type Refer = fn(&AtomicU64, u32);

/// `Py_INCREF` and `Py_DECREF` before free threading: read, change, write. Relaxed loads and stores of an
/// atomic, because two threads that write a plain integer at the same time are undefined in Rust.
#[inline(never)]
fn plain(count: &AtomicU64, times: u32) {
    for _ in 0..times {
        // Apart, as they are in an interpreter: a compiler would make one instruction of the two.
        let read = black_box(count.load(Ordering::Relaxed));
        count.store(read.wrapping_add(1), Ordering::Relaxed);
        let read = black_box(count.load(Ordering::Relaxed));
        count.store(read.wrapping_sub(1), Ordering::Relaxed);
    }
}

#[inline(never)]
fn atomic(count: &AtomicU64, times: u32) {
    for _ in 0..times {
        count.fetch_add(1, Ordering::Relaxed);
        count.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Referring {
    heap: Arc<Heap>,
    refer: Refer,
    left: u32,
    size: u32,
}

impl Referring {
    fn of(experiment: &Experiment, heap: &Arc<Heap>, refer: Refer) -> Self {
        Self { heap: heap.clone(), refer, left: experiment.size, size: experiment.size }
    }
}

impl Steps for Referring {
    const QUANTUM: u32 = 64;

    #[inline]
    fn step(&mut self) -> Progress {
        let now = self.left.min(STEP);
        (self.refer)(self.heap.word(OBJECT), now);
        self.left -= now;
        if self.left > 0 { Progress::More } else { Progress::Done(u64::from(self.size).to_le_bytes().to_vec()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Breaker, tests::small};
    use super::*;
    use std::thread;

    fn run(workload: &'static Workload, experiment: &Experiment, heap: &Arc<Heap>) {
        let mut task = (workload.start)(experiment, 0, heap);
        while task.quantum(Breaker::NONE) == Progress::More {}
    }

    #[test]
    fn every_reference_is_given_back() {
        for workload in [&PLAIN, &ATOMIC] {
            let heap = Arc::default();
            run(workload, &small(workload.id, 10_001, 1), &heap);
            assert_eq!(heap.word(OBJECT).load(Ordering::Relaxed), 0, "{}", workload.id);
        }
    }

    #[test]
    fn atomic_counts_stay_right_among_threads() {
        let (heap, experiment) = (Arc::default(), small("atomic-refcounts", 100_000, 1));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| run(&ATOMIC, &experiment, &heap));
            }
        });
        assert_eq!(heap.word(OBJECT).load(Ordering::Relaxed), 0);
    }
}
