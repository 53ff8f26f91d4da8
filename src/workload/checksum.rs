//! Work on data that comes with the task: what it costs to bring it there is the point.

use std::hint::black_box;
use std::sync::Arc;

use super::{Heap, Partial, Progress, Start, Steps, UnderLock, Workload, total};
use crate::experiment::Experiment;

/// Bytes a step: 0.1 to 0.3 us.
const STEP: usize = 1_024;
const QUANTUM: u32 = 64;

pub static CHECKSUM: Workload = workload(
    "checksum",
    "adds up the bytes of data that comes with the task: little work on much data",
    |_, task, heap| Box::new(Reading { task, input: heap.input(), next: 0, sum: 0 }),
);

pub static COPY: Workload = workload(
    "copy",
    "copies data that is there already from one place of memory to another: what moving it costs at least",
    |_, task, heap| Box::new(Copying::of(task, heap)),
);

const fn workload(id: &'static str, about: &'static str, start: Start) -> Workload {
    Workload {
        id,
        about,
        under_lock: UnderLock::Computes,
        size_unit: "bytes a task",
        default_size: 16 << 20,
        default_tasks: 8,
        python: Some(1),
        max_size: |_| 256 << 20,
        size_because: "256 MiB are about all that a worker can be handed",
        start,
        merge: |_: &Experiment, partials: &[Partial]| format!("checksum {}", total(partials)),
        tile: None,
        counts: None,
        // One value all over: what is in it does not matter to what moves it.
        input: Some(|experiment| vec![experiment.seed.to_le_bytes()[0] | 1; experiment.size as usize]),
        meeting: None,
    }
}

struct Reading {
    task: u32,
    input: Arc<[u8]>,
    next: usize,
    sum: u64,
}

impl Steps for Reading {
    const QUANTUM: u32 = QUANTUM;

    fn step(&mut self) -> Progress {
        let stop = self.input.len().min(self.next + STEP);
        self.sum += black_box(&self.input[self.next..stop]).iter().map(|byte| u64::from(*byte)).sum::<u64>();
        self.next = stop;
        if stop < self.input.len() { Progress::More } else { done(self.sum, self.task) }
    }
}

fn done(sum: u64, task: u32) -> Progress {
    Progress::Done((sum + u64::from(task)).to_le_bytes().to_vec())
}

struct Copying {
    task: u32,
    input: Arc<[u8]>,
    /// Written before the copy is timed: the first touch of fresh memory costs more than the copy.
    copy: Vec<u8>,
    next: usize,
}

impl Copying {
    fn of(task: u32, heap: &Heap) -> Self {
        let input = heap.input();
        Self { task, copy: vec![1; input.len()], next: 0, input }
    }
}

impl Steps for Copying {
    const QUANTUM: u32 = QUANTUM;

    fn step(&mut self) -> Progress {
        let stop = self.input.len().min(self.next + STEP);
        black_box(&mut self.copy[self.next..stop]).copy_from_slice(&self.input[self.next..stop]);
        self.next = stop;
        let last = u64::from(self.copy.last().copied().unwrap_or_default());
        if stop < self.input.len() { Progress::More } else { done(last, self.task) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Breaker, tests::small};
    use super::*;

    fn run(workload: &Workload, experiment: &Experiment) -> u64 {
        let heap = Arc::new(Heap::default());
        heap.put_input((workload.input.unwrap())(experiment).into());
        let mut task = (workload.start)(experiment, 3, &heap);
        loop {
            if let Progress::Done(partial) = task.quantum(Breaker::NONE) {
                return u64::from_le_bytes(partial.try_into().unwrap());
            }
        }
    }

    #[test]
    fn a_checksum_counts_every_byte_of_the_input() {
        let experiment = Experiment { seed: 7, ..small("checksum", 200_001, 4) };
        assert_eq!(run(&CHECKSUM, &experiment), 200_001 * 7 + 3);
    }

    #[test]
    fn a_copy_is_what_was_copied() {
        let experiment = Experiment { seed: 9, ..small("copy", 200_001, 4) };
        assert_eq!(run(&COPY, &experiment), 9 + 3);
    }
}
