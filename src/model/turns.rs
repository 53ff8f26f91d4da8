//! `threads` where no memory is shared: what a worker with a heap of its own does between its turns at a lock that
//! runs over messages.
//!
//! A state machine within [`super::isolated`]. A worker cannot see a message while it computes, so its checkpoints
//! are its returns to the event loop.

use std::collections::VecDeque;

use crate::experiment::Experiment;
use crate::lock::Policy;
use crate::lock::messages::{Claim, Heard, ToArbiter, ToClaim};
use crate::trace::State;
use crate::trace::ring::Recorder;
use crate::workload::{self, Breaker, Partial, Progress, Task};

/// How long a worker computes between two looks at its messages. A look costs 10 to 25 us, so 1 to 3 % of the
/// time; and a holder sees the drop request half of this too late, on average.
pub const SLICE_US: f64 = 1_000.0;

/// Why an experiment cannot have its threads on heaps of their own, if it cannot.
pub fn unavailable(experiment: &Experiment) -> Option<String> {
    if experiment.lock_policy == Policy::Ticks {
        let text = "under the policy ticks a holder tries to take the lock again at once, which nobody can by a message; \
                    use lock-policy switch-interval";
        return Some(text.into());
    }
    let workload = workload::find(&experiment.workload)?;
    let shares = workload.counts.is_some() || workload.input.is_some() || workload.meeting.is_some();
    shares.then(|| format!("the threads of {} share objects or data on one heap", workload.id))
}

/// One worker's turns.
#[derive(Default)]
pub struct Turns {
    claim: Claim,
    stage: Stage,
    left: VecDeque<u32>,
    /// Computes beside the tasks of others, for as long as it may.
    beside: bool,
    current: Option<Current>,
}

#[derive(Clone, Copy, Default)]
enum Stage {
    /// Wants the lock.
    #[default]
    Waiting,
    /// Computes, and has the lock.
    Locked,
    /// Computes without it.
    Unlocked,
    /// In I/O, without it.
    Blocked { until_us: f64 },
}

/// The task that the worker is at.
struct Current {
    task: Option<u32>,
    started_us: f64,
    running: Box<dyn Task>,
    /// What its last quantum without the lock came to, to be looked at with it.
    found: Option<Progress>,
}

/// What came of a step.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// There is more to do.
    Ran,
    /// There is more to do, and this is to be said.
    Says(ToArbiter),
    /// Nothing to do before a message comes.
    Waits,
    /// Nothing to do before that time.
    Sleeps { until_us: f64 },
    /// A task has ended.
    Answered { task: u32, started_us: f64, partial: Partial },
    /// No task is left. The worker still has the lock.
    End,
}

impl Turns {
    pub fn new(tasks: impl IntoIterator<Item = u32>) -> Self {
        Self { left: tasks.into_iter().collect(), ..Self::default() }
    }

    /// A worker beside the tasks of others.
    pub fn beside() -> Self {
        Self { beside: true, ..Self::default() }
    }

    /// Wait for the lock from `at_us` on.
    pub fn begin(&mut self, at_us: f64, recorder: &mut Recorder) -> ToArbiter {
        recorder.enter_at(at_us, State::Waiting, None);
        self.claim.want()
    }

    /// Take in what was said of the lock; gives the answer, if it needs one.
    pub fn hear(&mut self, said: ToClaim, recorder: &mut Recorder) -> Option<ToArbiter> {
        match self.claim.hear(said) {
            Heard::Took { free_us } => {
                self.stage = Stage::Locked;
                recorder.enter_after(free_us, State::Running, self.task());
                None
            }
            Heard::Asked => {
                self.stage = Stage::Waiting;
                let at_us = recorder.enter(State::Waiting, self.task());
                Some(self.claim.pass(at_us))
            }
            Heard::Stale => None,
        }
    }

    /// Whether it may compute with the lock.
    pub fn has_lock(&self) -> bool {
        self.claim.holds()
    }

    /// It stops at `at_us`, with the lock or without; gives what is to be said about that.
    pub fn end(&mut self, at_us: f64) -> Option<ToArbiter> {
        self.claim.end(at_us)
    }

    fn task(&self) -> Option<u32> {
        self.current.as_ref().and_then(|current| current.task)
    }

    /// Do the next thing. `start` starts a task, or work beside the tasks where there is none.
    pub fn step(&mut self, recorder: &mut Recorder, start: impl FnOnce(Option<u32>) -> Box<dyn Task>) -> Step {
        match self.stage {
            Stage::Waiting => Step::Waits,
            Stage::Locked => self.with_lock(recorder, start),
            Stage::Unlocked => self.without_lock(recorder),
            Stage::Blocked { until_us } if recorder.now_us() < until_us => Step::Sleeps { until_us },
            Stage::Blocked { .. } => self.want_again(recorder),
        }
    }

    fn with_lock(&mut self, recorder: &mut Recorder, start: impl FnOnce(Option<u32>) -> Box<dyn Task>) -> Step {
        if self.current.is_none() {
            let task = self.left.pop_front();
            if task.is_none() && !self.beside {
                return Step::End;
            }
            let started_us = recorder.enter(State::Running, task);
            self.current = Some(Current { task, started_us, running: start(task), found: None });
        }
        let Some(current) = &mut self.current else { return Step::End };
        let task = current.task;
        match current.found.take().unwrap_or_else(|| compute(current, recorder)) {
            Progress::More => Step::Ran,
            Progress::MoreUnlocked => {
                self.stage = Stage::Unlocked;
                Step::Says(self.claim.release(recorder.enter_unlocked(State::Running, task)))
            }
            Progress::Wait { us } => {
                let at_us = recorder.enter(State::Blocked, task);
                self.stage = Stage::Blocked { until_us: at_us + us };
                Step::Says(self.claim.release(at_us))
            }
            Progress::Done(partial) => {
                let started_us = current.started_us;
                self.current = None;
                task.map_or(Step::Ran, |task| Step::Answered { task, started_us, partial })
            }
        }
    }

    fn without_lock(&mut self, recorder: &mut Recorder) -> Step {
        let Some(current) = &mut self.current else { return Step::Waits };
        match compute(current, recorder) {
            Progress::MoreUnlocked => Step::Ran,
            found => {
                current.found = Some(found);
                self.want_again(recorder)
            }
        }
    }

    fn want_again(&mut self, recorder: &mut Recorder) -> Step {
        self.stage = Stage::Waiting;
        recorder.enter(State::Waiting, self.task());
        Step::Says(self.claim.want())
    }
}

fn compute(current: &mut Current, recorder: &mut Recorder) -> Progress {
    let progress = current.running.quantum(Breaker::NONE);
    recorder.count_work();
    progress
}

#[cfg(test)]
mod tests;
