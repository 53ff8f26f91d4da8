//! The native host: OS threads under the lock, rayon, and OS processes over pipes.

mod bare;
mod clock;
mod free_threads;
mod machine;
mod pin;
mod processes;
mod threads;
pub mod worker;

use gilscope::experiment::{Experiment, Model};
use gilscope::host::{Arm, Cancel, Clock, Host, HostError, Pool, Sample, Sink};
use gilscope::model::warm_up::warm_up;
use gilscope::report::{HostFacts, Warning};
use gilscope::workload;

use clock::NativeClock;

/// How often a sample's progress is told while it runs.
const TICK: std::time::Duration = std::time::Duration::from_millis(33);

/// Runs one experiment on this machine's threads and processes.
pub struct NativeHost {
    clock: NativeClock,
    cancel: Cancel,
    recording: bool,
    machine: machine::Machine,
}

impl NativeHost {
    /// A host for one run; without `recording` there is no trace and no times by worker. Pins the calling thread, and all that it starts, to `experiment.cores`.
    ///
    /// # Errors
    /// When the cores cannot be had.
    pub fn new(experiment: &Experiment, cancel: Cancel, recording: bool) -> anyhow::Result<Self> {
        let machine = machine::Machine::look();
        if let Some(cores) = experiment.cores {
            pin::to_cores(cores)?;
        }
        Ok(Self { clock: NativeClock::start(), cancel, recording, machine })
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

    fn max_workers(&self) -> u32 {
        gilscope::experiment::MAX_WORKERS
    }

    fn unavailable(&self, _: Model) -> Option<String> {
        None
    }

    fn disturbances(&mut self) -> Vec<Warning> {
        self.machine.disturbances()
    }

    async fn start(&mut self, arm: Arm, experiment: &Experiment, sink: &mut dyn Sink) -> Result<NativePool, HostError> {
        let context = Context {
            experiment: experiment.clone(),
            workers: arm.workers(),
            clock: self.clock,
            cancel: self.cancel.clone(),
            recording: self.recording,
        };
        Ok(match arm {
            Arm::Bare { .. } => NativePool::Bare(bare::BarePool::start(context)),
            Arm::Model { model: Model::Serial, .. } => {
                NativePool::Threads(threads::ThreadPool::start(context, None, sink)?)
            }
            Arm::Model { model: Model::Threads, .. } => {
                let interval = std::time::Duration::from_secs_f64(experiment.switch_interval_s);
                NativePool::Threads(threads::ThreadPool::start(context, Some(interval), sink)?)
            }
            Arm::Model { model: Model::FreeThreads, .. } => {
                NativePool::FreeThreads(free_threads::FreePool::start(context, sink)?)
            }
            Arm::Model { model: Model::Processes, .. } => {
                NativePool::Processes(Box::new(processes::ProcessPool::start(context, sink)?))
            }
        })
    }
}

/// What every pool is given.
#[derive(Clone)]
pub struct Context {
    experiment: Experiment,
    workers: u32,
    clock: NativeClock,
    cancel: Cancel,
    recording: bool,
}

impl Context {
    fn now_us(&self) -> f64 {
        self.clock.now_us()
    }

    /// Warm the calling thread up; whether its speed became stable.
    fn warm_up(&self) -> bool {
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

    fn memory_bytes(&self) -> Vec<Option<u64>> {
        match self {
            // Threads have no heap of their own to tell.
            Self::Bare(_) | Self::Threads(_) | Self::FreeThreads(_) => Vec::new(),
            Self::Processes(pool) => pool.memory_bytes(),
        }
    }

    async fn sample(&mut self, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        match self {
            Self::Bare(pool) => pool.sample(),
            Self::Threads(pool) => pool.sample(sink),
            Self::FreeThreads(pool) => pool.sample(sink),
            Self::Processes(pool) => pool.sample(sink),
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
