//! `threads`: one heap, one lock. And `serial`, which is one such worker without the lock.

use super::job::{Discipline, Job, Unlocked};
use crate::lock::{Cancelled, Lock, Policy};
use crate::trace::State;
use crate::trace::ring::Recorder;
use crate::workload::Breaker;

/// As much work as the 100 bytecodes after which Python 2 dropped the lock: 1.3 us.
const STEPS_OF_100_TICKS: u32 = 8;

/// What one thread does for one sample: take turns at the lock until no task is left, or until the run
/// is cancelled. Workers from the experiment's number on compute beside the tasks.
pub fn run_threads_worker(job: &Job, lock: &Lock, worker: u32, beside: bool, recorder: &mut Recorder) {
    let turns = Turns { job, lock, worker };
    recorder.enter(State::Waiting, None);
    let Ok(free_us) = lock.take(worker) else {
        recorder.enter(State::Idle, None);
        return;
    };
    recorder.enter_after(free_us, State::Running, None);
    let ended = if beside { job.compute_beside(recorder, &turns) } else { turns.compute(recorder) };
    let now_us = recorder.enter(State::Idle, None);
    if ended.is_ok() {
        lock.release(worker, now_us);
    }
}

/// One worker's turns at the lock.
struct Turns<'a> {
    job: &'a Job,
    lock: &'a Lock,
    worker: u32,
}

impl Turns<'_> {
    /// Compute tasks while holding the lock. On error the lock is no longer held.
    fn compute(&self, recorder: &mut Recorder) -> Result<(), Cancelled> {
        while let Some(task) = self.job.take_task() {
            self.job.compute(task, self.worker, recorder, self)?;
        }
        Ok(())
    }

    /// Wait for the lock from `since_us` on.
    fn wait(&self, since_us: f64, recorder: &mut Recorder, task: Option<u32>) -> Result<(), Cancelled> {
        recorder.enter_at(since_us, State::Waiting, task);
        let free_us = self.lock.take(self.worker)?;
        recorder.enter_after(free_us, State::Running, task);
        Ok(())
    }
}

impl Discipline for Turns<'_> {
    fn breaker(&self) -> Breaker<'_> {
        match self.lock.policy() {
            Policy::SwitchInterval => Breaker::on(self.lock.drop_request()),
            Policy::Ticks => Breaker::after(STEPS_OF_100_TICKS),
        }
    }

    fn checkpoint(&self, recorder: &mut Recorder, task: Option<u32>) -> Result<(), Cancelled> {
        let cancelled = self.job.cancel.is_cancelled();
        match self.lock.policy() {
            Policy::SwitchInterval if !self.lock.drop_requested() && !cancelled => Ok(()),
            Policy::Ticks if !cancelled && self.lock.tick(|| recorder.now_us()) => Ok(()),
            Policy::SwitchInterval => {
                let now_us = recorder.enter(State::Waiting, task);
                self.lock.release(self.worker, now_us);
                self.wait(now_us, recorder, task)
            }
            Policy::Ticks => {
                let now_us = recorder.now_us();
                if cancelled {
                    self.lock.release(self.worker, now_us);
                }
                self.wait(now_us, recorder, task)
            }
        }
    }

    fn without_lock(
        &self,
        recorder: &mut Recorder,
        task: u32,
        state: State,
        body: &mut dyn FnMut(&mut Recorder),
    ) -> Result<(), Cancelled> {
        let now_us = recorder.enter_unlocked(state, Some(task));
        self.lock.release(self.worker, now_us);
        body(recorder);
        self.wait(recorder.now_us(), recorder, Some(task))
    }
}

/// What the one worker of `serial` does for one sample.
pub fn run_serial_worker(job: &Job, worker: u32, recorder: &mut Recorder) {
    while let Some(task) = job.take_task() {
        if job.compute(task, worker, recorder, &Unlocked(&job.cancel)).is_err() {
            break;
        }
    }
    recorder.enter(State::Idle, None);
}
