//! All runs that pages may ask for: those that wait, the one that measures, and the last ones that have ended.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gilscope::companion::{RunInfo, RunRequest};
use gilscope::host::Controls;
use tokio::sync::watch;

use super::measuring::Measuring;
use super::queue::Queue;
use super::run::Run;
use super::stopped;

/// Most runs that wait or measure. Nobody waits for as many; something that goes on asking must not fill the memory.
const MAX_UNENDED: usize = 32;
/// How long a run that has ended can still be read: for a page that was cut off when its report came.
const KEPT: Duration = Duration::from_mins(10);
/// Most runs that have ended, and bytes of theirs, that are kept; the last one is kept in any case.
const MAX_ENDED: usize = 16;
const MAX_ENDED_BYTES: usize = 64 * 1024 * 1024;

#[derive(Clone)]
pub struct Runs {
    queue: Queue,
    /// The oldest first.
    all: Arc<Mutex<Vec<Arc<Run>>>>,
    ids: Arc<Ids>,
    /// Turns true once, when all are to end.
    stop: watch::Receiver<bool>,
}

/// Counts on, after a word of this start of the server: a page that is older must not take a new run for its own.
struct Ids {
    start: String,
    next: AtomicU32,
}

/// No room for another run.
#[derive(thiserror::Error, Debug, PartialEq, Eq)]
#[error("{0} runs wait already: cancel one, or wait")]
pub struct Full(usize);

impl Runs {
    pub fn new(start: String, stop: watch::Receiver<bool>) -> Self {
        let ids = Arc::new(Ids { start, next: AtomicU32::new(1) });
        Self { queue: Queue::default(), all: Arc::default(), ids, stop }
    }

    /// Let a run join the queue; `begin` measures it when its turn has come.
    ///
    /// # Errors
    /// When too many wait already.
    pub fn add(
        &self,
        asked: RunRequest,
        begin: impl FnOnce(Controls) -> Measuring + Send + 'static,
    ) -> Result<RunInfo, Full> {
        if self.queue.len() >= MAX_UNENDED {
            return Err(Full(MAX_UNENDED));
        }
        let turn = self.queue.join();
        let id = format!("{}-{}", self.ids.start, self.ids.next.fetch_add(1, Ordering::Relaxed));
        let run = Arc::new(Run::new(id, asked, turn.ahead()));
        self.all().push(Arc::clone(&run));
        let info = run.info();
        let runs = self.clone();
        tokio::spawn(async move {
            run.live(turn, stopped(runs.stop.clone()), begin).await;
            runs.keep_the_last();
            // Whoever waits with all of it keeps what is to be forgotten.
            let id = run.id.clone();
            drop(run);
            tokio::time::sleep(KEPT).await;
            runs.all().retain(|kept| kept.id != id);
        });
        Ok(info)
    }

    pub fn find(&self, id: &str) -> Option<Arc<Run>> {
        self.all().iter().find(|run| run.id == id).cloned()
    }

    pub fn infos(&self) -> Vec<RunInfo> {
        self.all().iter().map(|run| run.info()).collect()
    }

    /// Wait until those who are here now have ended.
    pub async fn idle(&self) {
        self.queue.idle().await;
    }

    /// Forget those that have ended, but for the last ones.
    fn keep_the_last(&self) {
        let (mut count, mut bytes) = (0, 0);
        let mut all = self.all();
        // From the one that was asked for last on.
        all.reverse();
        all.retain(|run| {
            if !run.log.has_ended() {
                return true;
            }
            count += 1;
            bytes += run.log.bytes();
            count == 1 || (count <= MAX_ENDED && bytes <= MAX_ENDED_BYTES)
        });
        all.reverse();
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<Run>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
