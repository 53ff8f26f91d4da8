//! `threads`: one heap, one lock. And `serial`, which is one such worker without the lock.

use super::job::Job;
use crate::lock::{Cancelled, Lock};
use crate::trace::State;
use crate::trace::ring::Recorder;

/// What one thread does for one sample: take turns at the lock until no task is left, or until the run
/// is cancelled.
pub fn run_threads_worker(job: &Job, lock: &Lock, worker: u32, recorder: &mut Recorder) {
    recorder.enter(State::Waiting, None);
    let Ok(free_us) = lock.take(worker) else {
        recorder.enter(State::Idle, None);
        return;
    };
    recorder.enter_after(free_us, State::Running, None);
    let ended = hold_and_compute(job, lock, worker, recorder);
    let now_us = recorder.enter(State::Idle, None);
    if ended.is_ok() {
        lock.release(worker, now_us);
    }
}

/// Compute tasks while holding the lock. On error the lock is no longer held.
fn hold_and_compute(job: &Job, lock: &Lock, worker: u32, recorder: &mut Recorder) -> Result<(), Cancelled> {
    while let Some(task) = job.take_task() {
        job.compute(task, worker, recorder, |recorder| {
            if !lock.drop_requested() && !job.cancel.is_cancelled() {
                return Ok(());
            }
            let now_us = recorder.enter(State::Waiting, Some(task));
            lock.release(worker, now_us);
            let free_us = lock.take(worker)?;
            recorder.enter_after(free_us, State::Running, Some(task));
            Ok(())
        })?;
    }
    Ok(())
}

/// What the one worker of `serial` does for one sample.
pub fn run_serial_worker(job: &Job, worker: u32, recorder: &mut Recorder) {
    while let Some(task) = job.take_task() {
        if job.compute(task, worker, recorder, |_| job.unlocked_checkpoint()).is_err() {
            break;
        }
    }
    recorder.enter(State::Idle, None);
}
