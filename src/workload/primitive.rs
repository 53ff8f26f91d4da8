//! Use a synchronization primitive, all tasks together: what one operation costs is the point.

use std::sync::Arc;

use super::{Counts, Heap, Meeting, Partial, Progress, Steps, UnderLock, Workload, total};
use crate::experiment::Experiment;
use crate::host::Cancel;
use crate::sync::scenario::{self, Primitive};

/// Operations a step, without the lock: 30 us or more, because parties wait for each other.
const STEP: u32 = 64;

pub static INFO: Workload = Workload {
    id: "primitive",
    about: "uses a lock, a semaphore, a barrier or the like, all tasks together and at the same time",
    under_lock: UnderLock::Waits,
    size_unit: "operations a task",
    default_size: 20_000,
    default_tasks: 2,
    python: None,
    max_size: |_| 10_000_000,
    size_because: "more takes longer than anybody waits",
    start: |experiment, task, heap| Box::new(Party::of(experiment, task, heap)),
    merge: |_: &Experiment, partials: &[Partial]| format!("{} operations", total(partials)),
    tile: None,
    counts: Some(Counts {
        expected: |experiment| scenario::expected(experiment.primitive, experiment.tasks, experiment.size),
        found: |heap| heap.shared().map_or(0, |words| scenario::found(Primitive::default(), &**words)),
    }),
    input: None,
    meeting: Some(Meeting {
        words: scenario::WORDS,
        prepare: |experiment, words| scenario::prepare(experiment.primitive, words, experiment.tasks),
    }),
};

/// One party of the scenario.
struct Party {
    heap: Arc<Heap>,
    cancel: Cancel,
    primitive: Primitive,
    party: u32,
    parties: u32,
    next: u32,
    size: u32,
}

impl Party {
    fn of(experiment: &Experiment, party: u32, heap: &Arc<Heap>) -> Self {
        let Experiment { primitive, tasks: parties, size, .. } = *experiment;
        Self { heap: heap.clone(), cancel: heap.cancel().clone(), primitive, party, parties, next: 0, size }
    }

    fn done(&self) -> Progress {
        Progress::Done(u64::from(self.size).to_le_bytes().to_vec())
    }
}

impl Steps for Party {
    const QUANTUM: u32 = 1;

    /// An operation may block, so none is done under the lock.
    fn step(&mut self) -> Progress {
        if self.next == 0 && self.size > 0 {
            self.next = 1;
            return Progress::MoreUnlocked;
        }
        // Without shared words there is nobody to meet.
        let Some(words) = self.heap.shared() else { return self.done() };
        let (from, until) = (self.next - 1, self.size.min(self.next - 1 + STEP));
        let (party, parties) = (self.party, self.parties);
        if scenario::party(self.primitive, &**words, party, parties, from, until, &self.cancel).is_err() {
            // Cancelled: the next checkpoint ends the worker.
            return Progress::MoreUnlocked;
        }
        self.next = until + 1;
        if until < self.size { Progress::MoreUnlocked } else { self.done() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Breaker, tests::small};
    use super::*;
    use crate::sync::HeapWords;
    use std::thread;

    #[test]
    fn all_parties_together_do_what_the_primitive_is_for() {
        for primitive in Primitive::ALL {
            let experiment = Experiment { primitive, ..small("primitive", 200, 2) };
            let heap = Arc::new(Heap::new(Some(Arc::new(HeapWords::new(scenario::WORDS))), Cancel::default()));
            (INFO.meeting.as_ref().unwrap().prepare)(&experiment, &**heap.shared().unwrap());
            thread::scope(|scope| {
                for party in 0..2 {
                    let (heap, experiment) = (&heap, &experiment);
                    scope.spawn(move || {
                        let mut task = (INFO.start)(experiment, party, heap);
                        while task.quantum(Breaker::NONE) == Progress::MoreUnlocked {}
                    });
                }
            });
            let counts = INFO.counts.as_ref().unwrap();
            assert_eq!((counts.found)(&heap), (counts.expected)(&experiment), "{primitive:?}");
        }
    }
}
