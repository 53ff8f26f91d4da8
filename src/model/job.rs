//! One pass over all tasks by workers that share a heap.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::experiment::Experiment;
use crate::host::Cancel;
use crate::lock::Cancelled;
use crate::trace::State;
use crate::trace::ring::Recorder;
use crate::workload::{self, Partial, Progress, Workload};

/// All tasks of an experiment, each computed once; shared by the workers of a pool for one sample.
pub struct Job {
    pub experiment: Experiment,
    pub workload: &'static Workload,
    pub cancel: Cancel,
    next: AtomicU32,
    /// By task: who computed it, and what came of it. The parent reads it while workers write, without
    /// ever waiting for one.
    partials: Vec<OnceLock<(u32, Partial)>>,
}

impl Job {
    /// `experiment` must be valid.
    pub fn new(experiment: &Experiment, cancel: Cancel) -> Self {
        Self {
            workload: workload::find(&experiment.workload).expect("a valid experiment"),
            cancel,
            next: AtomicU32::new(0),
            partials: (0..experiment.tasks).map(|_| OnceLock::new()).collect(),
            experiment: experiment.clone(),
        }
    }

    /// The next task that nobody has taken.
    pub fn take_task(&self) -> Option<u32> {
        let task = self.next.fetch_add(1, Ordering::Relaxed);
        (task < self.experiment.tasks).then_some(task)
    }

    /// The answers that have arrived and are not yet in `seen`, which has a place for every task.
    pub fn arrived(&self, seen: &mut [bool]) -> Vec<(u32, u32, Partial)> {
        let new = self.partials.iter().zip(0u32..).zip(seen).filter(|(_, seen)| !**seen);
        new.filter_map(|((slot, task), seen)| {
            let (worker, partial) = slot.get()?;
            *seen = true;
            Some((*worker, task, partial.clone()))
        })
        .collect()
    }

    /// Compute one task, with a checkpoint after each quantum.
    ///
    /// # Errors
    /// What the checkpoint says.
    pub fn compute(
        &self,
        task: u32,
        worker: u32,
        recorder: &mut Recorder,
        mut checkpoint: impl FnMut(&mut Recorder) -> Result<(), Cancelled>,
    ) -> Result<(), Cancelled> {
        recorder.enter(State::Running, Some(task));
        let mut running = (self.workload.start)(&self.experiment, task);
        loop {
            let progress = running.quantum();
            recorder.count_work();
            if let Progress::Done(partial) = progress {
                let counted_twice = self.partials[task as usize].set((worker, partial)).is_err();
                assert!(!counted_twice, "task {task} was computed twice");
                return checkpoint(recorder);
            }
            checkpoint(recorder)?;
        }
    }

    /// The checkpoint where there is no lock: only cancelling.
    ///
    /// # Errors
    /// When the run was cancelled.
    pub fn unlocked_checkpoint(&self) -> Result<(), Cancelled> {
        if self.cancel.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}
