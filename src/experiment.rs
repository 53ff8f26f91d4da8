//! The experiment: what is run, how, and how often.
//!
//! A share link, an embed's attributes, the command line's flags and a saved file are four spellings
//! of this one struct. The first three spell it as named text fields ([`Experiment::set`]), the last
//! as JSON.

mod bounds;
mod facts;
mod idle;
#[cfg(test)]
mod links;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::labs::{self, Setting};
use crate::lock::Policy;
use crate::report::HostKind;
use crate::shown;
use crate::sync::scenario::Primitive;
use crate::workload;
pub use bounds::Bounds;
pub use facts::FieldFacts;

/// How tasks are run.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// One worker, one task after another; every speed-up is against this.
    Serial,
    /// One heap, one lock: workers take turns.
    Threads,
    /// Isolated heaps, messages.
    Processes,
    /// One heap, no lock.
    FreeThreads,
    /// One worker that goes on with another task while one waits.
    EventLoop,
}

impl Model {
    pub const ALL: [Self; 5] = [Self::Serial, Self::Threads, Self::Processes, Self::FreeThreads, Self::EventLoop];
    /// Those that compute; an event loop is for waiting.
    pub const COMPUTING: [Self; 4] = [Self::Serial, Self::Threads, Self::Processes, Self::FreeThreads];

    /// Whether it has one worker whatever the experiment's number of workers.
    pub fn is_alone(self) -> bool {
        matches!(self, Self::Serial | Self::EventLoop)
    }

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Threads => "threads",
            Self::Processes => "processes",
            Self::FreeThreads => "free-threads",
            Self::EventLoop => "event-loop",
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Model {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|model| model.name() == text)
            .ok_or_else(|| format!("use one or more of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// How tasks come to the workers.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Dispatch {
    /// All at once, to workers that are ready.
    #[default]
    Batch,
    /// One request after another, to workers that are ready.
    Warm,
    /// One request after another, each to a worker that is started for it.
    Fresh,
}

impl Dispatch {
    const ALL: [Self; 3] = [Self::Batch, Self::Warm, Self::Fresh];

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Warm => "warm",
            Self::Fresh => "fresh",
        }
    }
}

/// How messages go between the parent and its isolated workers.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A pipe for each worker, natively; a posted message that is cloned, in a browser.
    #[default]
    Message,
    /// A posted message that is moved rather than cloned (browser).
    Transfer,
    /// A thread of the parent's writes to the pipes, so that the sender need not wait (native).
    Queue,
    /// Data lies in memory that both map; only messages about it go the usual way.
    SharedMemory,
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::Message, Self::Transfer, Self::Queue, Self::SharedMemory];

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Transfer => "transfer",
            Self::Queue => "queue",
            Self::SharedMemory => "shared-memory",
        }
    }
}

/// How a process comes to be, as Python's `multiprocessing` names it.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum StartMethod {
    /// Started afresh.
    #[default]
    Spawn,
    /// A copy of its parent, which must not have threads (Unix).
    Fork,
    /// A copy of a small process that was started for that and has no threads (Unix).
    Forkserver,
}

impl StartMethod {
    pub const ALL: [Self; 3] = [Self::Spawn, Self::Fork, Self::Forkserver];

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spawn => "spawn",
            Self::Fork => "fork",
            Self::Forkserver => "forkserver",
        }
    }
}

/// Which of Python's libraries runs the workers (`cpython` host only).
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Library {
    /// `threading`, `multiprocessing` and `asyncio`.
    #[default]
    Standard,
    /// `concurrent.futures`: `ThreadPoolExecutor` and `ProcessPoolExecutor`.
    Futures,
    /// Interpreters with a lock each, in threads of one process: `processes` by other means.
    Interpreters,
}

impl Library {
    pub const ALL: [Self; 3] = [Self::Standard, Self::Futures, Self::Interpreters];

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Futures => "futures",
            Self::Interpreters => "interpreters",
        }
    }

    /// Why a host other than `cpython` cannot run workers by it, if it cannot.
    pub fn outside_python(self) -> Option<String> {
        let name = self.name();
        (self != Self::Standard)
            .then(|| format!("library {name} is of Python; use gilscope python or library standard"))
    }
}

/// One point of a sweep: the fields that differ there, as [`Experiment::set`] takes them.
pub type Point = BTreeMap<String, String>;

/// A field of an experiment that cannot be run as given.
#[derive(thiserror::Error, Serialize, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[error("{field} cannot be '{value}': {remedy}")]
pub struct FieldError {
    /// The field's name, as flags and links spell it.
    pub field: String,
    /// What was given.
    pub value: String,
    /// What to give instead.
    pub remedy: String,
}

impl FieldError {
    fn new(field: &str, value: impl ToString, remedy: impl Into<String>) -> Self {
        Self { field: shown::short(field), value: shown::short(&value.to_string()), remedy: remedy.into() }
    }

    /// The same of a field that a sweep has set: the sweep is what is to be mended.
    fn of_sweep(self) -> Self {
        Self { field: "sweep".into(), value: format!("{}={}", self.field, self.value), remedy: self.remedy }
    }
}

/// What is run, how, and how often.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
#[serde(default)]
pub struct Experiment {
    /// The lab whose verdict is wanted.
    pub lab: String,
    /// The name of the workload.
    pub workload: String,
    /// Size of one task, in the workload's own unit.
    pub size: u32,
    /// Number of tasks.
    pub tasks: u32,
    /// Tasks sent to a worker in one message (`processes`).
    pub chunk: u32,
    /// Seed of every random number of the workload.
    pub seed: u32,
    /// The models, in the order in which a round runs them.
    pub models: Vec<Model>,
    /// The worker counts; each parallel model runs once with each.
    pub workers: Vec<u32>,
    /// Measured rounds: every model runs once in each.
    pub runs: u32,
    /// Rounds that are run and thrown away before the measured ones.
    pub warmup: u32,
    /// How long a waiter waits before it asks for the lock, in seconds.
    pub switch_interval_s: f64,
    /// Which protocol the lock follows.
    pub lock_policy: Policy,
    /// How tasks come to the workers.
    pub dispatch: Dispatch,
    /// How messages go between the parent and its isolated workers.
    pub channel: Channel,
    /// How processes come to be.
    pub start_method: StartMethod,
    /// Which of Python's libraries runs the workers (`cpython` host only).
    pub library: Library,
    /// What tasks synchronize with (workload `primitive`).
    pub primitive: Primitive,
    /// Workers beside those that take tasks, which compute for as long as the tasks take.
    pub background: u32,
    /// Share of the operations that go to one shared object, from 0 to 1 (workloads on shared objects).
    pub shared: f64,
    /// Memory that all workers together may take, in bytes.
    pub memory_budget_bytes: u64,
    /// What happens in every round to the worker that is given the middle task (`processes`; `panic` also in `threads`
    /// and `free-threads`).
    pub fault: Fault,
    /// How often it happens in a round, as the task is tried again.
    pub fault_times: u32,
    /// Where not empty, the experiment is run once at each point, one point after another.
    pub sweep: Vec<Point>,
    /// Pin the run to this many cores (native host only).
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cores: Option<u32>,
    /// Whether the report carries its full trace.
    pub trace: bool,
}

impl Default for Experiment {
    /// The article's race, sized to take about ten seconds on a small machine.
    fn default() -> Self {
        Self {
            lab: "race".into(),
            workload: "sum-of-squares".into(),
            size: 40_000_000,
            tasks: 4,
            chunk: 1,
            seed: 1,
            models: Model::COMPUTING.to_vec(),
            workers: vec![2],
            runs: 5,
            warmup: 1,
            switch_interval_s: 0.005,
            lock_policy: Policy::SwitchInterval,
            dispatch: Dispatch::Batch,
            channel: Channel::Message,
            start_method: StartMethod::Spawn,
            library: Library::Standard,
            primitive: Primitive::Lock,
            background: 0,
            shared: 1.0,
            memory_budget_bytes: 8 << 30,
            fault: Fault::None,
            fault_times: 1,
            sweep: Vec::new(),
            cores: None,
            trace: false,
        }
    }
}

/// The names of the fields, in the order in which links and help show them.
pub const FIELDS: [&str; 25] = [
    "lab",
    "workload",
    "size",
    "tasks",
    "chunk",
    "seed",
    "model",
    "workers",
    "runs",
    "warmup",
    "switch-interval",
    "lock-policy",
    "dispatch",
    "channel",
    "start-method",
    "library",
    "primitive",
    "background",
    "shared",
    "memory-budget",
    "fault",
    "fault-times",
    "sweep",
    "cores",
    "trace",
];

/// Most points of a sweep.
pub const MAX_POINTS: usize = 100;

/// Most workers that an experiment may ask for; a host may allow fewer.
pub const MAX_WORKERS: u32 = 256;

impl Experiment {
    /// The `race` on another workload, with that workload's own size and tasks.
    ///
    /// # Errors
    /// When there is no such workload.
    pub fn of(workload: &str) -> Result<Self, FieldError> {
        let mut experiment = Self::default();
        experiment.set("workload", workload)?;
        Ok(experiment)
    }

    /// The experiment that these named fields spell, as a link, an embed's attributes or flags give them:
    /// that of their lab (of `race`, if they name none), with what else they name.
    ///
    /// # Errors
    /// The first field that is unknown or malformed; bounds are checked by [`Self::validate`].
    pub fn from_fields<'a>(
        setting: &Setting,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, FieldError> {
        let mut fields: Vec<_> = fields.into_iter().collect();
        // The workload brings its own size and number of tasks, which the other fields then change.
        fields.sort_by_key(|(name, _)| *name != "workload");
        let lab = fields.iter().rev().find(|(name, _)| *name == "lab").map_or("race", |(_, lab)| lab);
        let mut experiment = Self::of_lab(lab, setting)?;
        for (name, value) in fields {
            if (name, value) != ("workload", experiment.workload.as_str()) {
                experiment.set(name, value)?;
                match name {
                    "workload" => experiment.suit(setting.host),
                    "sweep" => experiment.suit_sweep(setting.host, |point| !point.contains_key("size")),
                    _ => {}
                }
            }
        }
        Ok(experiment)
    }

    fn of_lab(lab: &str, setting: &Setting) -> Result<Self, FieldError> {
        let lab = labs::find(lab).ok_or_else(|| FieldError::new("lab", lab, labs::known()))?;
        Ok(Self { lab: lab.id.into(), ..(lab.experiment)(setting) }.suited_to(setting.host))
    }

    /// This experiment, whose sizes are for compiled code, with sizes that take about as long on `host`.
    #[must_use]
    pub fn suited_to(mut self, host: HostKind) -> Self {
        self.suit(host);
        self.suit_sweep(host, |_| true);
        self
    }

    /// Labs and workloads have sizes for compiled code: take the one that suits `host`.
    fn suit(&mut self, host: HostKind) {
        let workload = workload::find(&self.workload);
        self.size = workload.map_or(self.size, |workload| workload.size_on(host, self.size));
    }

    /// The same at those points of the sweep whose size is not to stay as it is.
    fn suit_sweep(&mut self, host: HostKind, is_ours: impl Fn(&Point) -> bool) {
        if host != HostKind::Cpython {
            return;
        }
        let own = workload::find(&self.workload);
        for point in self.sweep.iter_mut().filter(|point| is_ours(point)) {
            let named = point.get("workload").and_then(|id| workload::find(id));
            let size = point.get("size").and_then(|size| size.parse().ok()).or(named.map(|named| named.default_size));
            if let Some((workload, size)) = named.or(own).zip(size) {
                point.insert("size".into(), workload.size_on(host, size).to_string());
            }
        }
    }

    /// Set one named field from its text. Setting `workload` also sets that workload's size and tasks.
    ///
    /// # Errors
    /// When the field is unknown or its text is malformed; bounds are checked by [`Self::validate`].
    pub fn set(&mut self, field: &str, text: &str) -> Result<(), FieldError> {
        let error = |remedy: &str| FieldError::new(field, text, remedy);
        match field {
            "lab" => self.lab = text.into(),
            "workload" => {
                let workload = workload::find(text).ok_or_else(|| error(&workload::known()))?;
                self.take(workload);
            }
            "size" => self.size = self.whole(field, text)?,
            "tasks" => self.tasks = self.whole(field, text)?,
            "chunk" => self.chunk = self.whole(field, text)?,
            "seed" => self.seed = self.whole(field, text)?,
            "model" => {
                self.models = list(text).map(|m| m.parse().map_err(|e: String| error(&e))).collect::<Result<_, _>>()?
            }
            "workers" => self.workers = list(text).map(|w| self.whole(field, w)).collect::<Result<_, _>>()?,
            "runs" => self.runs = self.whole(field, text)?,
            "warmup" => self.warmup = self.whole(field, text)?,
            "switch-interval" => {
                let ms = decimal(text).ok_or_else(|| self.not_within_bounds(field, text))?;
                self.switch_interval_s = ms / 1e3;
            }
            "lock-policy" => {
                let policy = Policy::ALL.into_iter().find(|policy| policy.name() == text);
                self.lock_policy = policy.ok_or_else(|| error("use switch-interval or ticks"))?;
            }
            "dispatch" => {
                let dispatch = Dispatch::ALL.into_iter().find(|dispatch| dispatch.name() == text);
                self.dispatch = dispatch.ok_or_else(|| error("use batch, warm or fresh"))?;
            }
            "channel" => {
                // What carries messages natively, and Python's name for it.
                let name = if text == "pipe" { Channel::Message.name() } else { text };
                let channel = Channel::ALL.into_iter().find(|channel| channel.name() == name);
                self.channel =
                    channel.ok_or_else(|| error("use message (or pipe), transfer, queue or shared-memory"))?;
            }
            "start-method" => {
                let method = StartMethod::ALL.into_iter().find(|method| method.name() == text);
                self.start_method = method.ok_or_else(|| error("use spawn, fork or forkserver"))?;
            }
            "library" => {
                let library = Library::ALL.into_iter().find(|library| library.name() == text);
                self.library = library.ok_or_else(|| error("use standard, futures or interpreters"))?;
            }
            "primitive" => {
                let primitive = Primitive::ALL.into_iter().find(|primitive| primitive.name() == text);
                let names = Primitive::ALL.map(Primitive::name).join(", ");
                self.primitive = primitive.ok_or_else(|| error(&format!("use one of {names}")))?;
            }
            "background" => self.background = self.whole(field, text)?,
            "shared" => {
                let percent = decimal(text).ok_or_else(|| self.not_within_bounds(field, text))?;
                self.shared = percent / 1e2;
            }
            "memory-budget" => self.memory_budget_bytes = u64::from(self.whole(field, text)?) << 20,
            "fault" => {
                let fault = Fault::ALL.into_iter().find(|fault| fault.name() == text);
                let names = Fault::ALL.map(Fault::name).join(", ");
                self.fault = fault.ok_or_else(|| error(&format!("use one of {names}")))?;
            }
            "fault-times" => self.fault_times = self.whole(field, text)?,
            "sweep" => self.sweep = points(text).ok_or_else(|| error(SWEEP_REMEDY))?,
            "cores" => self.cores = Some(self.whole(field, text)?),
            "trace" => self.trace = text.parse().map_err(|_| error("use true or false"))?,
            _ => {
                return Err(FieldError::new(
                    field,
                    text,
                    format!("there is no such field; use one of {}", FIELDS.join(", ")),
                ));
            }
        }
        Ok(())
    }

    fn whole(&self, field: &str, text: &str) -> Result<u32, FieldError> {
        text.replace('_', "").parse().map_err(|_| self.not_within_bounds(field, text))
    }

    /// Take a workload, with its own size and tasks; and where its tasks meet, the models and the workers for that.
    fn take(&mut self, workload: &workload::Workload) {
        self.workload = workload.id.into();
        (self.size, self.tasks) = (workload.default_size, workload.default_tasks);
        if workload.meeting.is_some() {
            self.models.retain(|model| !model.is_alone());
            self.workers = vec![self.tasks];
        }
    }

    /// The named fields that [`Self::from_fields`] needs to give this experiment in `setting`, in
    /// [`FIELDS`] order.
    pub fn fields_beside(&self, setting: &Setting) -> Vec<(&'static str, String)> {
        let mut base = Self::of_lab(&self.lab, setting).unwrap_or_default();
        if let Some(workload) = workload::find(&self.workload).filter(|workload| workload.id != base.workload) {
            // Its name is told, the rest comes with it.
            let own = base.workload.clone();
            base.take(workload);
            base.size = workload.size_on(setting.host, base.size);
            base.workload = own;
        }
        base.lab = "race".into();
        let unchanged = base.fields();
        self.fields().into_iter().filter(|field| !unchanged.contains(field)).collect()
    }

    /// All named fields, in [`FIELDS`] order.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let join = |items: Vec<String>| items.join(",");
        let point =
            |point: &Point| point.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
        let mut fields = vec![
            ("lab", self.lab.clone()),
            ("workload", self.workload.clone()),
            ("size", self.size.to_string()),
            ("tasks", self.tasks.to_string()),
            ("chunk", self.chunk.to_string()),
            ("seed", self.seed.to_string()),
            ("model", join(self.models.iter().map(Model::to_string).collect())),
            ("workers", join(self.workers.iter().map(u32::to_string).collect())),
            ("runs", self.runs.to_string()),
            ("warmup", self.warmup.to_string()),
            ("switch-interval", self.switch_interval_ms().to_string()),
            ("lock-policy", self.lock_policy.name().into()),
            ("dispatch", self.dispatch.name().into()),
            ("channel", self.channel.name().into()),
            ("start-method", self.start_method.name().into()),
            ("library", self.library.name().into()),
            ("primitive", self.primitive.name().into()),
            ("background", self.background.to_string()),
            ("shared", self.shared_percent().to_string()),
            ("memory-budget", (self.memory_budget_bytes >> 20).to_string()),
            ("fault", self.fault.name().into()),
            ("fault-times", self.fault_times.to_string()),
            ("sweep", self.sweep.iter().map(point).collect::<Vec<_>>().join(";")),
        ];
        fields.extend(self.cores.map(|cores| ("cores", cores.to_string())));
        fields.push(("trace", self.trace.to_string()));
        fields
    }

    /// The experiments that are run: one a point of the sweep, or this one.
    ///
    /// # Errors
    /// The first field of a point that is unknown or malformed, or may not vary.
    pub fn points(&self) -> Result<Vec<Self>, FieldError> {
        if self.sweep.is_empty() {
            return Ok(vec![self.clone()]);
        }
        self.sweep.iter().map(|point| self.at(point)).collect()
    }

    /// The experiment at one point of the sweep.
    ///
    /// # Errors
    /// The first field of the point that is unknown or malformed, or may not vary.
    pub fn at(&self, point: &Point) -> Result<Self, FieldError> {
        // Not a clone of the whole: the other points would be copied for every one.
        let (lab, workload) = (self.lab.clone(), self.workload.clone());
        let (models, workers) = (self.models.clone(), self.workers.clone());
        let mut experiment = Self { lab, workload, models, workers, sweep: Vec::new(), ..*self };
        // The workload first: it brings its own size and number of tasks.
        let workload = point.get_key_value("workload");
        for (name, value) in workload.into_iter().chain(point.iter().filter(|(name, _)| *name != "workload")) {
            if ["lab", "sweep", "cores", "trace"].contains(&name.as_str()) {
                return Err(FieldError::new("sweep", name, "this field cannot vary within one experiment"));
            }
            experiment.set(name, value).map_err(FieldError::of_sweep)?;
        }
        Ok(experiment)
    }

    /// Check every bound. `max_workers` is the host's own limit.
    ///
    /// # Errors
    /// The first field out of bounds, with what would be accepted.
    pub fn validate(&self, max_workers: u32) -> Result<(), FieldError> {
        if self.sweep.len() > MAX_POINTS {
            return Err(FieldError::new("sweep", self.sweep.len(), format!("give at most {MAX_POINTS} points")));
        }
        if self.sweep.is_empty() {
            return self.validate_one(max_workers);
        }
        self.sweep.iter().try_for_each(|point| {
            let named = |error: FieldError| if point.contains_key(&error.field) { error.of_sweep() } else { error };
            self.at(point)?.validate_one(max_workers).map_err(named)
        })
    }

    /// Tasks that wait for each other need a worker each, all at the same time.
    fn validate_meeting(&self, workload: &workload::Workload) -> Result<(), FieldError> {
        if workload.meeting.is_none() {
            return Ok(());
        }
        let id = workload.id;
        if let Some(alone) = self.models.iter().find(|model| model.is_alone()) {
            let remedy = format!("the tasks of {id} wait for each other; use threads, processes or free-threads");
            return Err(FieldError::new("model", alone, remedy));
        }
        if let Some(workers) = self.workers.iter().find(|workers| **workers != self.tasks) {
            let remedy =
                format!("the tasks of {id} wait for each other; give as many workers as tasks ({})", self.tasks);
            return Err(FieldError::new("workers", workers, remedy));
        }
        if self.chunk != 1 || self.dispatch != Dispatch::Batch || self.background != 0 {
            let remedy =
                format!("the tasks of {id} wait for each other; use chunk 1, dispatch batch and no background");
            return Err(FieldError::new("chunk", self.chunk, remedy));
        }
        Ok(())
    }

    fn validate_one(&self, max_workers: u32) -> Result<(), FieldError> {
        if crate::labs::find(&self.lab).is_none() {
            return Err(FieldError::new("lab", &self.lab, crate::labs::known()));
        }
        let workload = workload::find(&self.workload)
            .ok_or_else(|| FieldError::new("workload", &self.workload, workload::known()))?;
        distinct("model", &self.models)?;
        distinct("workers", &self.workers)?;
        self.validate_numbers(max_workers)?;
        self.validate_meeting(workload)
    }

    /// Rounded to a microsecond, so that 0.005 s reads 5 and not 5.000000000000001.
    fn switch_interval_ms(&self) -> f64 {
        (self.switch_interval_s * 1e6).round() / 1e3
    }

    fn shared_percent(&self) -> f64 {
        (self.shared * 1e6).round() / 1e4
    }
}

const SWEEP_REMEDY: &str = "give points as 'size=1000 tasks=8; size=10000 tasks=4'";

/// Points as text: settings apart by spaces, points by semicolons.
fn points(text: &str) -> Option<Vec<Point>> {
    let setting = |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let points = text.split(';').map(str::trim).filter(|point| !point.is_empty());
    points.map(|point| point.split_whitespace().map(setting).collect()).collect()
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// A number of digits with at most one point. Not by `f64`'s own parser, whose tables weigh 10 kB in the module that is
/// fetched before the first run.
fn decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    // The parser of whole numbers would take a sign, wherever the point has put it.
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: u64 = digits.parse().ok().filter(|digits| *digits < 1 << f64::MANTISSA_DIGITS)?;
    // Up to here both are exact, so that what comes of them is rounded once, as a parser would round it.
    let exponent = i32::try_from(fraction.len()).ok().filter(|exponent| *exponent <= 22)?;
    #[expect(clippy::cast_precision_loss, reason = "bounded by the mantissa")]
    let digits = digits as f64;
    Some(digits / 10f64.powi(exponent))
}

fn distinct<T: PartialEq + fmt::Display>(field: &str, items: &[T]) -> Result<(), FieldError> {
    if items.is_empty() {
        return Err(FieldError::new(field, "", "give at least one"));
    }
    // Each is compared with all others.
    if items.len() > MAX_WORKERS as usize {
        return Err(FieldError::new(field, format!("{} of them", items.len()), format!("give at most {MAX_WORKERS}")));
    }
    match items.iter().enumerate().find(|(i, item)| items[..*i].contains(item)) {
        Some((_, twice)) => Err(FieldError::new(field, twice, "give each only once")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SETTING: Setting = Setting { host: crate::report::HostKind::Native, logical_cores: 2, quick: false };

    fn from_fields<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Experiment, FieldError> {
        let experiment = Experiment::from_fields(&SETTING, fields)?;
        experiment.validate(MAX_WORKERS)?;
        Ok(experiment)
    }

    #[test]
    fn the_default_is_valid_and_has_no_fields_to_tell() {
        assert_eq!(Experiment::default().validate(32), Ok(()));
        assert_eq!(Experiment::default().fields_beside(&SETTING), vec![]);
    }

    #[test]
    fn a_wrong_field_is_named_with_its_value_and_a_remedy() {
        for wrong in ["two", "0", "257", "4294967296"] {
            let error = from_fields([("workers", wrong)]).unwrap_err();
            let remedy =
                "use a whole number from 1 to 256, because each is a thread, a process or a web worker of its own";
            assert_eq!(error.to_string(), format!("workers cannot be '{wrong}': {remedy}"));
        }
        let error = from_fields([("model", "serial,serial")]).unwrap_err();
        assert_eq!(error.to_string(), "model cannot be 'serial': give each only once");
        let error = from_fields([("colour", "red")]).unwrap_err();
        assert!(error.remedy.contains("switch-interval"));
    }

    #[test]
    fn a_million_workers_are_refused_before_any_is_looked_at() {
        let many: Vec<_> = (1..1_000_000).map(|number: u32| number.to_string()).collect();
        let error = from_fields([("workers", many.join(",").as_str())]).unwrap_err();
        assert_eq!(error.to_string(), "workers cannot be '999999 of them': give at most 256");
    }

    #[test]
    fn sum_of_squares_is_bounded_so_that_every_square_fits() {
        let error = from_fields([("size", "2000000000"), ("tasks", "4")]).unwrap_err();
        let remedy = "use a whole number from 1 to 1073741824, because the squares of all tasks must fit 64 bits";
        assert_eq!(error.remedy, remedy);
    }

    #[test]
    fn tasks_that_wait_for_each_other_need_a_worker_each() {
        let error = from_fields([("workload", "primitive"), ("model", "serial")]).unwrap_err();
        assert_eq!((error.field.as_str(), error.value.as_str()), ("model", "serial"));
        let error = from_fields([("workload", "primitive"), ("workers", "3")]).unwrap_err();
        assert_eq!((error.field.as_str(), error.value.as_str()), ("workers", "3"));
        assert!(from_fields([("workload", "primitive")]).is_ok());
    }

    #[test]
    fn a_sweep_says_which_field_of_which_value_cannot_be() {
        let remedy = |sweep: &str| from_fields([("sweep", sweep)]).unwrap_err().to_string();
        assert!(remedy("size").starts_with("sweep cannot be 'size': give points as"));
        assert!(
            remedy("size=0").starts_with("sweep cannot be 'size=0': use a whole number from 1 to 1073741824, because")
        );
        assert!(remedy("size=many").starts_with("sweep cannot be 'size=many': "));
        // A field that no point sets is to be mended by itself.
        let error = from_fields([("sweep", "size=10"), ("tasks", "0")]).unwrap_err();
        assert_eq!((error.field.as_str(), error.value.as_str()), ("tasks", "0"));
        assert_eq!(remedy("lab=io"), "sweep cannot be 'lab': this field cannot vary within one experiment");
        let experiment = from_fields([("sweep", "size=10 tasks=3; workers=1,2")]).unwrap();
        let points = experiment.points().unwrap();
        assert_eq!((points[0].size, points[0].tasks, &points[1].workers[..]), (10, 3, &[1, 2][..]));
    }

    #[test]
    fn sizes_suit_python_unless_they_are_given() {
        let setting = Setting { host: HostKind::Cpython, ..SETTING };
        let sizes = |fields: &[(&str, &str)]| {
            let experiment = Experiment::from_fields(&setting, fields.iter().copied()).unwrap();
            experiment.points().unwrap().iter().map(|point| point.size).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&[]), [1_000_000]);
        assert_eq!(sizes(&[("workload", "aggregate")]), [100_000]);
        assert_eq!(sizes(&[("workload", "aggregate"), ("size", "7")]), [7]);
        assert_eq!(sizes(&[("lab", "tiny-tasks")])[0], 500 / 40, "at every point of a sweep");
        assert_eq!(sizes(&[("sweep", "size=70; size=80")]), [70, 80], "but not where the points are given");
        let own = sizes(&[("sweep", "workload=aggregate; workload=aggregate size=7; chunk=2")]);
        assert_eq!(own, [100_000, 7, 1_000_000], "but for a workload's own size");
    }

    #[test]
    fn decimals_are_digits_with_at_most_one_point() {
        let numbers = ["5", "0.1", ".25", "2.", "1000", "99.9999", "0.3333333333333333"];
        for text in numbers {
            assert_eq!(decimal(text), text.parse().ok(), "{text}");
        }
        for text in ["", ".", "-1", "+1", ".+5", "1e3", "nan", "1.2.3", "1 000", "0.12345678901234567890123"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn unknown_json_fields_are_ignored() {
        let experiment: Experiment = serde_json::from_str(r#"{"tasks": 7, "later": true}"#).unwrap();
        assert_eq!(experiment.tasks, 7);
    }

    proptest! {
        #[test]
        fn fields_round_trip(
            workload in proptest::sample::select(
                // Tasks that meet bind the other fields.
                workload::ALL.iter().filter(|w| w.meeting.is_none()).map(|w| w.id).collect::<Vec<_>>()
            ),
            tasks in 1u32..100, size in 1u32..1000, chunk in 1u32..10, seed: u32, runs in 1u32..50,
            workers in proptest::sample::subsequence(vec![1u32, 2, 3, 8], 1..=4),
            models in proptest::sample::subsequence(Model::ALL.to_vec(), 1..=4),
            micros in 100u32..1_000_000, cores in proptest::option::of(1u32..64), trace: bool,
        ) {
            let switch_interval_s = f64::from(micros) / 1e3 / 1e3;
            let experiment = Experiment {
                workload: workload.into(), tasks, size, chunk, seed, runs, workers, models, switch_interval_s, cores, trace,
                ..Experiment::default()
            };
            let fields = experiment.fields_beside(&SETTING);
            let again = from_fields(fields.iter().map(|(name, value)| (*name, value.as_str()))).unwrap();
            prop_assert!((again.switch_interval_s - switch_interval_s).abs() < 1e-9);
            prop_assert_eq!(Experiment { switch_interval_s, ..again }, experiment);
        }

        #[test]
        fn no_text_panics(name in ".{0,20}", value in ".{0,20}") {
            let _ = from_fields([(name.as_str(), value.as_str())]);
        }

        #[test]
        fn a_field_takes_a_text_or_says_what_it_takes(
            field in proptest::sample::select(FIELDS.to_vec()),
            text in prop_oneof![
                ".{0,20}", "[-+]?[0-9_.]{0,25}(e[0-9]{1,4})?", "[0-9,; =]{0,30}",
                proptest::sample::select(["", "0", "-0", "NaN", "inf", "1e400", "18446744073709551616", "٣", "½"].map(String::from).to_vec()),
            ],
        ) {
            if let Err(error) = from_fields([(field, text.as_str())]) {
                prop_assert!(FIELDS.contains(&error.field.as_str()), "{error}");
                prop_assert!(["use ", "give ", "the tasks ", "this field ", "there is no such field; use "].iter().any(|word| error.remedy.contains(word)), "{error}");
            }
        }
    }
}
