//! The native host: OS threads under the lock, rayon, and OS processes over pipes.

mod bare;
pub mod clock;
mod frame;
mod free_threads;
pub mod machine;
pub mod pin;
mod pipe;
mod processes;
mod shared_memory;
mod start;
mod suffer;
mod threads;
pub mod worker;

use std::ops::Range;
use std::sync::Arc;

use gilscope::experiment::{Channel, Dispatch, Experiment, Model};
use gilscope::fault::Fault;
use gilscope::host::{Arm, Cancel, Clock, Controls, Host, HostError, Kills, Memory, Pool, Sample, Sink};
use gilscope::model::warm_up::warm_up;
use gilscope::report::{HostFacts, Warning};
use gilscope::workload;

use crate::waits::Waits;
use clock::NativeClock;
use threads::ThreadPool;

/// How often a sample's progress is told while it runs.
const TICK: std::time::Duration = std::time::Duration::from_millis(33);

/// Runs one experiment on this machine's threads and processes.
pub struct NativeHost {
    clock: NativeClock,
    controls: Controls,
    recording: bool,
    waits: Waits,
    machine: machine::Machine,
    starter: Arc<start::Starter>,
}

impl NativeHost {
    /// A host for one run; without `recording` there is no trace and no times by worker. Pins the calling thread,
    /// and all that it starts, to `experiment.cores`.
    ///
    /// # Errors
    /// When the cores cannot be had.
    pub fn new(experiment: &Experiment, controls: Controls, recording: bool, waits: Waits) -> anyhow::Result<Self> {
        let machine = machine::Machine::look();
        if let Some(cores) = experiment.cores {
            pin::to_cores(cores)?;
        }
        // Before the run's first thread: a copy has one thread only.
        let starter = Arc::new(start::Starter::new(experiment));
        Ok(Self { clock: NativeClock::start(), controls, recording, waits, machine, starter })
    }
}

impl Host for NativeHost {
    type Pool = NativePool;

    fn facts(&self) -> HostFacts {
        self.machine.facts()
    }

    fn now_us(&self) -> f64 {
        self.clock.now_us()
    }

    fn unix_s(&self) -> Option<u64> {
        clock::unix_s()
    }

    fn max_workers(&self) -> u32 {
        gilscope::experiment::MAX_WORKERS
    }

    fn unavailable(&self, model: Model, experiment: &Experiment) -> Option<String> {
        if let Some(reason) = experiment.library.outside_python() {
            return Some(reason);
        }
        if model != Model::Processes {
            return None;
        }
        if cfg!(not(unix)) && experiment.background > 0 {
            return Some("processes can compute beside others on Unix alone".into());
        }
        if experiment.channel == Channel::Transfer {
            return Some("a pipe copies, it cannot move; use message, queue or shared-memory".into());
        }
        self.starter.unavailable(experiment.start_method)
    }

    fn disturbances(&mut self) -> Vec<Warning> {
        self.machine.disturbances()
    }

    async fn start(&mut self, arm: Arm, experiment: &Experiment, sink: &mut dyn Sink) -> Result<NativePool, HostError> {
        let mut context = Context {
            experiment: experiment.clone(),
            workers: arm.workers(),
            beside: arm.beside(),
            clock: self.clock,
            cancel: self.controls.cancel.clone(),
            kills: self.controls.kills.clone(),
            recording: self.recording,
            waits: self.waits,
        };
        let Arm::Model { model, .. } = arm else {
            return Ok(NativePool::Bare(bare::BarePool::start(context)));
        };
        if model.is_alone() {
            // What the others are measured against.
            context.experiment.fault = Fault::None;
        }
        // Looking takes longer than starting a thread, so a request that starts one does without.
        let look = if context.is_cold() { Memory::default } else { machine::written_memory };
        let before = look();
        let pool = match model {
            Model::Serial => NativePool::Threads(ThreadPool::start(context, threads::Turns::Serial, sink)?),
            Model::EventLoop => NativePool::Threads(ThreadPool::start(context, threads::Turns::Events, sink)?),
            Model::Threads => NativePool::Threads(ThreadPool::start(context, threads::Turns::Lock, sink)?),
            Model::FreeThreads => NativePool::FreeThreads(free_threads::FreePool::start(context, sink)?),
            Model::Processes => {
                NativePool::Processes(Box::new(processes::ProcessPool::start(context, self.starter.clone(), sink)?))
            }
        };
        // What this process has grown by: workers of other processes tell their own.
        Ok(pool.with_grown(look().since(before)))
    }
}

/// What every pool is given.
#[derive(Clone)]
pub struct Context {
    experiment: Experiment,
    /// Those that take tasks, and those that compute beside them.
    workers: u32,
    beside: u32,
    clock: NativeClock,
    cancel: Cancel,
    kills: Kills,
    recording: bool,
    waits: Waits,
}

impl Context {
    fn now_us(&self) -> f64 {
        self.clock.now_us()
    }

    fn all_workers(&self) -> u32 {
        self.workers + self.beside
    }

    /// A worker that is started for one request is not warmed up: the request would wait for that.
    fn is_cold(&self) -> bool {
        self.experiment.dispatch == Dispatch::Fresh
    }

    /// Warm the calling thread up; whether its speed became stable.
    fn warm_up(&self) -> bool {
        if !self.waits.warm_up {
            return false;
        }
        let workload = workload::find(&self.experiment.workload).expect("a valid experiment");
        warm_up(workload, &self.experiment, &self.clock, &self.cancel)
    }

    fn check_cancel(&self) -> Result<(), HostError> {
        if self.cancel.is_cancelled() { Err(HostError::Cancelled) } else { Ok(()) }
    }
}

/// A pool of one model's workers.
pub enum NativePool {
    Bare(bare::BarePool),
    Threads(threads::ThreadPool),
    FreeThreads(free_threads::FreePool),
    Processes(Box<processes::ProcessPool>),
}

impl NativePool {
    /// Note by how much starting the pool has made this process grow.
    fn with_grown(mut self, grown: Memory) -> Self {
        match &mut self {
            Self::Threads(pool) => pool.crew.grown = grown,
            Self::FreeThreads(pool) => pool.crew.grown = grown,
            Self::Bare(_) | Self::Processes(_) => {}
        }
        self
    }
}

impl Pool for NativePool {
    fn startup_us(&self) -> Vec<f64> {
        match self {
            Self::Bare(_) => Vec::new(),
            Self::Threads(pool) => pool.crew.startup_us.clone(),
            Self::FreeThreads(pool) => pool.crew.startup_us.clone(),
            Self::Processes(pool) => pool.startup_us(),
        }
    }

    fn stable(&self) -> bool {
        match self {
            Self::Bare(pool) => pool.stable,
            Self::Threads(pool) => pool.crew.stable,
            Self::FreeThreads(pool) => pool.crew.stable,
            Self::Processes(pool) => pool.stable(),
        }
    }

    fn memory(&self) -> Vec<Memory> {
        match self {
            Self::Bare(_) => Vec::new(),
            Self::Threads(pool) => pool.crew.memory(),
            Self::FreeThreads(pool) => pool.crew.memory(),
            Self::Processes(pool) => pool.memory(),
        }
    }

    async fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        match self {
            Self::Bare(pool) => pool.sample(),
            Self::Threads(pool) => pool.sample(tasks, sink),
            Self::FreeThreads(pool) => pool.sample(tasks, sink),
            Self::Processes(pool) => pool.sample(tasks, sink),
        }
    }

    async fn stop(self, sink: &mut dyn Sink) {
        match self {
            Self::Bare(_) => {}
            Self::Threads(pool) => pool.stop(sink),
            Self::FreeThreads(pool) => pool.stop(sink),
            Self::Processes(pool) => pool.stop(sink),
        }
    }
}
