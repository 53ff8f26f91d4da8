//! What the core asks of a host: a clock, and pools of workers that run the tasks of one model.

use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::experiment::{Experiment, Model};
use crate::lock;
use crate::report::{ChannelFigures, HostFacts, Warning};
use crate::trace::Transition;
use crate::workload::Partial;

/// Memory of a worker, in bytes, as far as the host can tell.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// What there would be less of without it.
    pub own_bytes: Option<u64>,
    /// All of it that lies in the machine's memory, also what it shares with others (RSS).
    pub resident_bytes: Option<u64>,
}

impl Memory {
    /// What came on top of `before`. What grows by taking room that was free does not grow, so no growth says
    /// nothing.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        let grown = |now: Option<u64>, before: Option<u64>| now?.checked_sub(before?).filter(|grown| *grown > 0);
        Self {
            own_bytes: grown(self.own_bytes, before.own_bytes),
            resident_bytes: grown(self.resident_bytes, before.resident_bytes),
        }
    }

    /// Equal parts for so many workers.
    #[must_use]
    pub fn split(self, workers: u32) -> Vec<Self> {
        let part = |bytes: Option<u64>| Some(bytes? / u64::from(workers));
        vec![Self { own_bytes: part(self.own_bytes), resident_bytes: part(self.resident_bytes) }; workers as usize]
    }
}

/// A clock that all workers of a run share, however far apart they are.
pub trait Clock: Send + Sync {
    /// Microseconds since the run's start.
    fn now_us(&self) -> f64;
}

/// Set once, read at every checkpoint.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// For a signal's handler, which may do no more than set it.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

/// The workers that a reader wants dead: while `processes` run, their host ends them as an accident would.
#[derive(Clone, Debug, Default)]
pub struct Kills(Arc<Mutex<Vec<u32>>>);

impl Kills {
    pub fn add(&self, worker: u32) {
        let mut workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !workers.contains(&worker) {
            workers.push(worker);
        }
    }

    pub fn take(&self) -> Vec<u32> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What can be done to one run at any time, from wherever it is watched.
#[derive(Clone, Debug, Default)]
pub struct Controls {
    pub cancel: Cancel,
    pub kills: Kills,
}

/// How long an isolated worker that owes an answer may be silent: then it is taken for dead, and replaced. One that
/// computes says something twice a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    seconds: f64,
}

impl Patience {
    /// # Errors
    /// With what to give instead, for a time that is too short, too long, or no number.
    pub fn from_s(seconds: f64) -> Result<Self, &'static str> {
        if (1.0..=3600.0).contains(&seconds) {
            Ok(Self { seconds })
        } else {
            Err("use 1 to 3600 seconds, because a worker that computes reports twice a second")
        }
    }

    pub fn seconds(self) -> f64 {
        self.seconds
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self { seconds: 10.0 }
    }
}

/// What one pool of workers is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arm {
    /// Workers that run the kernel with no harness at all, each the same [`crate::schedule::bare_tasks`].
    Bare { workers: u32 },
    /// A model's workers, which share all tasks, and those that compute beside them.
    Model { model: Model, workers: u32, beside: u32 },
}

impl fmt::Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare { workers } => write!(f, "bare workers ({workers})"),
            Self::Model { model, workers, .. } => write!(f, "{model} ({workers})"),
        }
    }
}

impl Arm {
    /// Those that take tasks.
    pub fn workers(self) -> u32 {
        match self {
            Self::Bare { workers } | Self::Model { workers, .. } => workers,
        }
    }

    /// Those that compute beside them.
    pub fn beside(self) -> u32 {
        match self {
            Self::Bare { .. } => 0,
            Self::Model { beside, .. } => beside,
        }
    }
}

/// A host could not do what was asked.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// The run was cancelled; every worker has been told.
    #[error("the run was cancelled")]
    Cancelled,
    /// Named cause and remedy, for the reader.
    #[error("{0}")]
    Failed(String),
}

/// What a pool hands over while it measures.
pub trait Sink {
    /// What `worker` did up to `now_us` since the last call, oldest first, and how many transitions
    /// before it were lost.
    fn trace(&mut self, worker: u32, now_us: f64, transitions: Vec<Transition>, dropped: u64);
    /// A task's answer has arrived.
    fn answered(&mut self, answered: Answered);
    /// A worker has died; a fresh one is about to take its place.
    fn died(&mut self, _death: &Death) {}
}

/// The death of a worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Death {
    pub worker: u32,
    /// A signal, an exit code, what a trap said.
    pub cause: String,
    /// When it was noticed, in microseconds since the run's start.
    pub at_us: f64,
    /// The tasks that it had not answered.
    pub tasks: Vec<u32>,
    /// All tasks of the sample without an answer by then, with these.
    pub unanswered: u32,
    /// When a fresh worker was ready in its place, if one was.
    pub ready_us: Option<f64>,
}

/// A task's answer, as its parent has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub worker: u32,
    pub task: u32,
    /// When the worker began with it, in microseconds since the run's start.
    pub started_us: f64,
    /// When its answer was with the parent.
    pub at_us: f64,
    pub partial: Partial,
}

/// One measurement of a pool.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// When the first task was dispatched, in microseconds since the run's start.
    pub start_us: f64,
    /// When the last partial answer was with the parent.
    pub end_us: f64,
    /// What the lock did within it.
    pub lock: Option<lock::Counts>,
    /// What the channel carried within it.
    pub channel: Option<ChannelFigures>,
    /// What a workload that counts on its heap has counted there.
    pub found: Option<Found>,
    /// Who died within it.
    pub deaths: Vec<Death>,
}

/// What was found on the heaps after a sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// On the heap that the parent sees.
    pub by_parent: i64,
    /// On each worker's own heap, if workers have their own.
    pub by_worker: Vec<i64>,
}

/// Where a run happens.
#[expect(async_fn_in_trait, reason = "one thread runs a session, so its futures need not be Send")]
pub trait Host {
    type Pool: Pool;

    /// Everything but the ceiling.
    fn facts(&self) -> HostFacts;

    /// Microseconds since the run's start.
    fn now_us(&self) -> f64;

    /// The time of day, in seconds since 1970 (UTC), where the host can tell.
    fn unix_s(&self) -> Option<u64>;

    /// Most workers of one pool.
    fn max_workers(&self) -> u32;

    /// Why this model cannot run an experiment here, if it cannot.
    fn unavailable(&self, model: Model, experiment: &Experiment) -> Option<String>;

    /// What disturbed the measuring since the last call, or before the first one.
    fn disturbances(&mut self) -> Vec<Warning>;

    /// Start a pool, wait until its workers are ready and their speed is stable.
    ///
    /// # Errors
    /// When a worker does not start, with the cause; no worker is left behind.
    async fn start(&mut self, arm: Arm, experiment: &Experiment, sink: &mut dyn Sink) -> Result<Self::Pool, HostError>;
}

/// Workers that are ready. Dropping a pool without [`Pool::stop`] ends its workers too.
#[expect(async_fn_in_trait, reason = "one thread runs a session, so its futures need not be Send")]
pub trait Pool {
    /// From asking for each worker to its being ready, in microseconds.
    fn startup_us(&self) -> Vec<f64>;

    /// Whether every worker's speed was stable when the pool was handed over.
    fn stable(&self) -> bool;

    /// What each worker takes of memory: its own heap where it has one, else its part of what the shared heap
    /// grew by.
    fn memory(&self) -> Vec<Memory>;

    /// Run these tasks once; bare workers run their own share.
    ///
    /// # Errors
    /// When the run was cancelled or a worker failed.
    async fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError>;

    /// End every worker and wait until they have ended.
    async fn stop(self, sink: &mut dyn Sink);
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    #[test]
    fn patience_is_ten_seconds_or_what_was_asked_for_within_reason() {
        assert_eq!(Patience::default(), Patience::from_s(10.0).unwrap());
        assert_eq!(Patience::from_s(1.5).unwrap().seconds(), 1.5);
        for seconds in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, 0.999, 3600.1, f64::INFINITY] {
            assert!(Patience::from_s(seconds).unwrap_err().starts_with("use 1 to 3600 seconds"), "{seconds}");
        }
    }

    #[test]
    fn what_cannot_be_told_or_did_not_grow_is_absent() {
        let memory = |own_bytes, resident_bytes| Memory { own_bytes, resident_bytes };
        let grown = memory(Some(10), Some(30)).since(memory(Some(4), Some(30)));
        assert_eq!(grown, memory(Some(6), None));
        assert_eq!(memory(Some(6), None).since(Memory::default()), Memory::default());
        assert_eq!(grown.split(3), [memory(Some(2), None); 3]);
    }

    /// Moves on by one microsecond whenever it is read.
    #[derive(Default)]
    pub(crate) struct TickingClock(AtomicU32);

    impl Clock for TickingClock {
        fn now_us(&self) -> f64 {
            f64::from(self.0.fetch_add(1, Ordering::Relaxed) + 1)
        }
    }
}
