//! The report: what was measured, with its experiment and its machine. A contract with every reader of
//! a saved file: seconds and bytes everywhere, what could not be measured is absent, not zero.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chart::Chart;
use crate::experiment::{Experiment, Model};
use crate::lock::Policy;
use crate::shown;
use crate::stats::{Percentiles, Summary};
use crate::trace::RunTrace;
use crate::trace::turns::Next;

/// The schema that this version writes; another number after the slash is refused.
pub const SCHEMA: &str = "gilscope.report/1";

/// What was measured.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The version of gilscope that measured.
    pub version: String,
    /// When the measuring ended, in seconds since 1970 (UTC). Absent where the host cannot tell, and in reports of
    /// earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub measured_unix_s: Option<u64>,
    pub host: HostFacts,
    pub experiment: Experiment,
    pub runs: Vec<Run>,
    /// What may have disturbed or limited the whole measurement.
    pub warnings: Vec<Warning>,
    /// Absent when the lab's rule could not be applied to what was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub verdict: Option<Verdict>,
    /// What the lab shows of the figures.
    #[serde(default)]
    pub charts: Vec<Chart>,
    /// Only when the experiment asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub trace: Option<Vec<RunTrace>>,
}

/// Where it was measured.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct HostFacts {
    pub kind: HostKind,
    /// The browser's name and version, or the native binary's.
    pub engine: String,
    pub os: String,
    /// As the system says; the ceiling tells what they are worth.
    pub logical_cores: u32,
    /// What else the host can tell of the machine.
    #[serde(default)]
    pub machine: MachineFacts,
    /// The speed-up that this machine gave W bare workers in this session, by W.
    pub ceiling: BTreeMap<String, f64>,
    /// Whether memory could be shared (`crossOriginIsolated` and `SharedArrayBuffer` in a browser).
    pub isolated: bool,
    /// Absent where no lock can be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub lock: Option<LockTransport>,
}

/// What a host can tell of its machine; what it cannot is absent.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MachineFacts {
    /// The processor's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cpu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub physical_cores: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub memory_bytes: Option<u64>,
    /// What feeds and governs the processor: "on battery", "governor powersave".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub power: Option<String>,
}

/// Where a run happens.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum HostKind {
    Browser,
    Native,
    Cpython,
}

/// What carries the lock.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum LockTransport {
    /// Atomics on memory that the web workers share.
    SharedMemory,
    /// Messages through the page, which grants the lock to workers with heaps of their own.
    Messages,
    /// The operating system's own primitives.
    Os,
}

/// One model with one number of workers, over all measured rounds.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Run {
    /// The point of the experiment's sweep, counted from 0; absent without a sweep.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub point: Option<u32>,
    pub model: Model,
    pub workers: u32,
    /// From the first task's dispatch to the last partial answer, workers being ready.
    pub elapsed_s: Summary,
    /// `serial` over this, taken round by round. Absent when `serial` was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub speedup: Option<Summary>,
    /// Median speed-up over the ceiling for this number of workers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub efficiency: Option<f64>,
    /// From asking for a worker to its being ready, one sample a worker.
    pub startup_s: Summary,
    /// From the first task's dispatch to the first answer, one sample a round.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub first_s: Option<Summary>,
    /// From a task's start (its request, where each is requested by itself) to its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub task_s: Option<Percentiles>,
    /// Memory that a worker takes, one sample a worker. Absent where the host cannot tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub memory_bytes: Option<Summary>,
    /// The same with all that it shares with others (RSS). Absent where the host cannot tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub rss_bytes: Option<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub lock: Option<LockFigures>,
    /// For a workload that counts on its heap.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub counted: Option<CountedFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub channel: Option<ChannelFigures>,
    /// The workers that died in the measured rounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deaths: Vec<DeathFigures>,
    /// Empty when nothing was recorded.
    pub per_worker: Vec<WorkerFigures>,
    pub answer: String,
    pub warnings: Vec<Warning>,
}

/// What the lock did in all measured rounds together.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LockFigures {
    pub policy: Policy,
    pub switch_interval_s: f64,
    pub acquisitions: u64,
    pub forced_switches: u64,
    /// One sample a round; absent in reports of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub forced_switches_per_s: Option<Summary>,
    /// Times that a drop woke a waiter; one that is still awake because it has just asked need not be.
    #[serde(default)]
    pub signals: u64,
    /// Times that a waiter woke up for it and found the lock taken again.
    #[serde(default)]
    pub found_taken: u64,
    /// Who of those who waited got the lock next. Absent when nothing was recorded, and in reports of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub next: Option<Next>,
    /// Absent when nothing was recorded, as are the times of the workers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub held_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub waiting_s: Option<f64>,
}

/// What a workload counted on the heap, against what it should have.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CountedFigures {
    /// By all tasks of one round together.
    pub expected: i64,
    /// On the heap that the parent sees, one sample a round.
    pub found: Summary,
    /// On each worker's own heap in the last round; empty where all share the parent's.
    pub by_worker: Vec<i64>,
}

/// What went between the parent and its workers in all measured rounds together, both ways.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ChannelFigures {
    pub messages: u64,
    pub bytes: u64,
    /// Encoding and decoding, on both sides.
    pub serialize_s: f64,
    /// From sent to received, all messages together; they overlap.
    pub transfer_s: f64,
}

/// The death of one worker in a measured round, and what came of it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DeathFigures {
    /// Counted from 0 through the measured rounds.
    pub round: u32,
    pub worker: u32,
    /// A signal, an exit code, what a trap said.
    pub cause: String,
    /// The tasks that it had not answered: they were tried again.
    pub tasks: Vec<u32>,
    /// All tasks of the round without an answer by then, with these.
    pub unanswered: u32,
    /// From noticing the death to a fresh worker's being ready; absent if the round was over before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub replaced_s: Option<f64>,
}

/// What one worker did within the measured rounds. The states but `starting` add up to the elapsed
/// times; `unlocked_s` is no state of its own.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WorkerFigures {
    pub id: u32,
    /// Tasks that this worker computed.
    pub tasks: u32,
    pub starting_s: f64,
    pub running_s: f64,
    /// The part of `running_s` without the lock, where there is one: kernels that have dropped it.
    #[serde(default)]
    pub unlocked_s: f64,
    pub waiting_s: f64,
    pub blocked_s: f64,
    pub sending_s: f64,
    pub receiving_s: f64,
    pub idle_s: f64,
    /// From its death to its successor's being ready.
    #[serde(default)]
    pub dead_s: f64,
    /// How often it died, over its whole life.
    #[serde(default)]
    pub faults: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub memory_bytes: Option<u64>,
}

/// Something that a reader of the figures should know.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Warning {
    pub code: WarningCode,
    /// One sentence, with what to do about it.
    pub text: String,
}

/// Kinds of warnings.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum WarningCode {
    /// The run was cancelled; what was measured before is here.
    Cancelled,
    /// Fewer samples than asked for, or too few for an interval.
    FewSamples,
    /// Some samples lie far from the others.
    Outliers,
    /// The page was hidden while measuring.
    HiddenTab,
    /// Something else used the machine while measuring.
    BusyMachine,
    /// The machine slept while measuring, or what measures was stopped.
    StoodStill,
    /// The processor's clock was held down, by heat or by settings.
    Throttled,
    /// Some of the machine's cores could not be used.
    MissingCores,
    /// A model could not run here.
    ModelUnavailable,
    /// More workers than cores.
    MoreWorkersThanCores,
    /// A worker's speed was still changing when the measuring began.
    NotStable,
    /// A ring wrapped: the oldest spans of the trace are lost.
    TraceDropped,
    /// The host failed part-way; what was measured before is here.
    Failed,
    /// A worker died; its tasks were tried again on others.
    WorkerDied,
    /// No memory could be shared: the lock of `threads` ran over messages.
    LockOverMessages,
    /// `processes` were interpreters of one process, each with a heap and a lock of its own.
    Interpreters,
    /// The page was often late to tell the holder of a lock over messages that others wait.
    LatePage,
}

/// What became of a claim.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Confirmed,
    /// By an interval that excludes it, in rounds that nothing disturbed.
    Refuted,
    CouldNotTell,
}

/// Whether a lab's claim holds on this machine.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Verdict {
    pub lab: String,
    pub outcome: Outcome,
    /// Whether it was confirmed: what reports said before there were three outcomes.
    pub holds: bool,
    /// The outcome in one sentence; where one cannot tell, why, and what to do about it.
    pub text: String,
    /// What was judged by itself. Empty in reports of before there were three outcomes.
    pub parts: Vec<VerdictPart>,
}

/// One part of a claim, judged by itself.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct VerdictPart {
    /// What of: threads, processes.
    pub about: String,
    pub outcome: Outcome,
    /// The figures, in a sentence.
    pub text: String,
}

/// Earlier reports tell only whether the claim held.
impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Saved {
            lab: String,
            outcome: Option<Outcome>,
            holds: bool,
            text: String,
            #[serde(default)]
            parts: Vec<VerdictPart>,
        }
        let Saved { lab, outcome, holds, text, parts } = Saved::deserialize(deserializer)?;
        let outcome = outcome.unwrap_or(if holds { Outcome::Confirmed } else { Outcome::Refuted });
        Ok(Self { lab, outcome, holds, text, parts })
    }
}

/// A saved report that cannot be read.
#[derive(thiserror::Error, Debug)]
pub enum ReadError {
    #[error("this is not a gilscope report: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("this page carries no gilscope report")]
    Page,
    #[error("the report's schema cannot be '{0}': this version reads {SCHEMA}; use the gilscope that wrote it")]
    Schema(String),
}

impl Report {
    /// Read a saved report. Unknown fields are ignored, an unknown major version is refused.
    ///
    /// # Errors
    /// [`ReadError`], when `json` is no report of this major version.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let head: Head = serde_json::from_str(json)?;
        if head.schema != SCHEMA {
            return Err(ReadError::Schema(shown::short(&head.schema)));
        }
        Ok(serde_json::from_str(json)?)
    }

    /// The experiment at the point of this run; the whole one, without a sweep.
    pub fn experiment_of(&self, run: &Run) -> Experiment {
        let point = run.point.and_then(|point| self.experiment.sweep.get(point as usize));
        // A point that was run is well-formed.
        let experiment = point.and_then(|point| self.experiment.at(point).ok());
        experiment.unwrap_or_else(|| self.experiment.clone())
    }

    /// The run of this model with the most workers.
    pub fn widest(&self, model: Model) -> Option<&Run> {
        self.runs.iter().filter(|run| run.model == model).max_by_key(|run| run.workers)
    }
}
