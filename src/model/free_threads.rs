//! `free-threads`: one heap, no lock; rayon's work stealing hands out the tasks.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::job::{Job, Unlocked};
use crate::trace::State;
use crate::trace::ring::Recorder;

/// Run all tasks of `job` on `pool`; `recorders` has one for each of the pool's threads, which only that
/// thread locks. Blocks until all have ended.
pub fn run_free_threads(job: &Job, pool: &rayon::ThreadPool, recorders: &[Mutex<Recorder>]) {
    pool.install(|| {
        job.tasks().into_par_iter().with_max_len(1).for_each(|task| {
            if job.cancel.is_cancelled() {
                return;
            }
            let thread = rayon::current_thread_index().expect("within the pool");
            let worker = u32::try_from(thread).expect("few workers");
            let mut recorder = recorders[thread].lock().unwrap_or_else(PoisonError::into_inner);
            // Cancelled or done, the worker is idle afterwards.
            let _ = job.compute(task, worker, &mut recorder, &Unlocked(&job.cancel));
            recorder.enter(State::Idle, None);
        });
    });
}
