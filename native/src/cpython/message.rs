//! What gilscope and the harness say to each other: one JSON object a line, times in nanoseconds since the
//! run's start.

use gilscope::experiment::{Dispatch, Experiment};
use gilscope::host::Arm;
use gilscope::lock::Policy;
use gilscope::trace::State;
use serde::{Deserialize, Serialize};

use super::trace::{Mark, Notes};

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum Request<'a> {
    /// Start a pool.
    Begin(Begin<'a>),
    Sample {
        first: u32,
        end: u32,
        epoch_ns: u64,
        recording: bool,
    },
    Bare {
        tasks: Vec<u32>,
        epoch_ns: u64,
    },
    /// End the pool; the harness is ready for another.
    End,
}

#[derive(Serialize)]
pub struct Begin<'a> {
    epoch_ns: u64,
    /// The model, or `bare`.
    model: &'a str,
    workload: &'a str,
    size: u32,
    tasks: u32,
    chunk: u32,
    seed: u32,
    /// In thousandths.
    shared_parts: u32,
    workers: u32,
    /// With those that compute beside them.
    all_workers: u32,
    library: &'a str,
    start_method: &'a str,
    channel: &'a str,
    switch_interval_s: f64,
    /// Whether the lock is the one before Python 3.2.
    ticks: bool,
    /// Whether workers are started for one request, which would wait for a warm-up.
    cold: bool,
    /// Whether others are warmed up.
    warm_up: bool,
}

impl<'a> Begin<'a> {
    pub fn of(arm: Arm, experiment: &'a Experiment, ticks: bool, warm_up: bool, epoch_ns: u64) -> Self {
        let model = match arm {
            Arm::Bare { .. } => "bare",
            Arm::Model { model, .. } => model.name(),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1")]
        let shared_parts = (experiment.shared * 1e3).round() as u32;
        Self {
            epoch_ns,
            model,
            workload: &experiment.workload,
            size: experiment.size,
            tasks: experiment.tasks,
            chunk: experiment.chunk,
            seed: experiment.seed,
            shared_parts,
            workers: arm.workers(),
            all_workers: arm.workers() + arm.beside(),
            library: experiment.library.name(),
            start_method: experiment.start_method.name(),
            channel: experiment.channel.name(),
            switch_interval_s: experiment.switch_interval_s,
            ticks,
            cold: experiment.dispatch == Dispatch::Fresh,
            warm_up,
        }
    }
}

/// What a request is answered.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Reply<A> {
    Error { error: String },
    Answer(A),
}

/// To `Begin`.
#[derive(Deserialize)]
pub struct Begun {
    /// When each worker was asked for, and when it was ready.
    pub startup: Vec<(i64, i64)>,
    pub stable: bool,
    /// Of worker processes.
    pub pids: Vec<u32>,
    /// Memory by which workers of one process have made it grow together, in bytes.
    pub grown: Option<u64>,
}

/// To `Sample`.
#[derive(Deserialize)]
pub struct Sampled {
    pub start: i64,
    /// Worker, task, when it was started, when its answer was there, the partial answer in hexadecimal digits.
    pub answers: Vec<(u32, u32, i64, i64, String)>,
    /// One a worker; absent without recording.
    #[serde(default)]
    pub tracks: Vec<Track>,
    /// Messages, bytes, nanoseconds of serializing and of transfer.
    pub channel: Option<(u64, u64, i64, i64)>,
    /// On the heap that the parent sees, then on each worker's own.
    pub found: Option<Vec<i64>>,
}

/// To `Bare`.
#[derive(Deserialize)]
pub struct BareDone {
    pub start: i64,
    pub end: i64,
}

/// To `End`.
#[derive(Deserialize, Debug)]
pub struct Ended {
    #[expect(dead_code, reason = "that it is there tells enough")]
    ended: bool,
}

/// When, which state, which task, quanta so far, until when.
type Entry = (i64, u8, Option<u32>, u64, Option<i64>);

/// What a worker noted, as `recorder.py` has it.
#[derive(Deserialize)]
pub struct Track {
    marks: Vec<Entry>,
    stamps: Vec<i64>,
}

/// The states of `recorder.py`, in its order; the second runs without the lock.
const STATES: [State; 6] =
    [State::Running, State::Running, State::Blocked, State::Sending, State::Receiving, State::Idle];
const UNLOCKED: u8 = 1;

impl From<Track> for Notes {
    fn from(track: Track) -> Self {
        let mark = |(at, state, task, work, until): Entry| Mark {
            at_us: us(at),
            state: STATES.get(usize::from(state)).copied().unwrap_or(State::Idle),
            unlocked: state == UNLOCKED,
            task,
            work,
            until_us: until.map(us),
        };
        Self {
            marks: track.marks.into_iter().map(mark).collect(),
            stamps_us: track.stamps.into_iter().map(us).collect(),
        }
    }
}

/// Microseconds of so many nanoseconds.
#[expect(clippy::cast_precision_loss, reason = "2^53 ns are 104 days")]
pub fn us(ns: i64) -> f64 {
    ns as f64 / 1e3
}

/// Whether an experiment wants the lock before Python 3.2.
pub fn wants_ticks(experiment: &Experiment) -> bool {
    experiment.lock_policy == Policy::Ticks
}
