//! What a Python can run, and the pools that run it.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::rc::Rc;

use anyhow::Context as _;
use gilscope::experiment::{Channel, Dispatch, Experiment, Library, Model};
use gilscope::host::{Arm, Cancel, Clock, Host, HostError, Sink};
use gilscope::lock::Policy;
use gilscope::report::{HostFacts, HostKind, Warning};
use gilscope::workload;
use tempfile::TempDir;

use super::find::Python;
use super::harness::{self, Harness};
use super::message::wants_ticks;
use super::pool::{Context, CpythonPool};
use crate::host::clock::NativeClock;
use crate::host::machine::Machine;
use crate::host::pin;

/// Runs one experiment in a Python: a process of its own for every pool.
pub struct CpythonHost {
    python: Python,
    clock: NativeClock,
    cancel: Cancel,
    recording: bool,
    machine: Machine,
    spares: Spares,
    /// After `spares`, so that what runs in it has ended when it goes.
    folder: TempDir,
}

/// Harnesses without a pool.
#[derive(Clone, Default)]
pub struct Spares(Rc<RefCell<Vec<Harness>>>);

impl Spares {
    pub fn put(&self, harness: Harness) {
        self.0.borrow_mut().push(harness);
    }

    fn take(&self) -> Option<Harness> {
        self.0.borrow_mut().pop()
    }
}

impl CpythonHost {
    /// A host for one run; without `recording` there is no trace and no times by worker. Pins the calling thread,
    /// and all that it starts, to `experiment.cores`.
    ///
    /// # Errors
    /// When the cores cannot be had, or the harness cannot be written to a temporary folder.
    pub fn new(python: Python, experiment: &Experiment, cancel: Cancel, recording: bool) -> anyhow::Result<Self> {
        if cfg!(not(unix)) {
            anyhow::bail!("gilscope python works on Unix only; use gilscope run");
        }
        let machine = Machine::look();
        if let Some(cores) = experiment.cores {
            pin::to_cores(cores)?;
        }
        let folder = harness::unpack().context("the harness cannot be written to a temporary folder")?;
        let clock = NativeClock::start();
        let host = Self { python, clock, cancel, recording, machine, spares: Spares::default(), folder };
        if experiment.dispatch == Dispatch::Fresh {
            // A request waits for its worker to start, not for Python.
            host.spares.put(host.start_harness(None)?);
        }
        Ok(host)
    }

    fn start_harness(&self, model: Option<Model>) -> Result<Harness, HostError> {
        // Only a free-threaded build knows the option.
        let lock = if model == Some(Model::FreeThreads) { "gil=0" } else { "gil=1" };
        let options = ["-X", lock].into_iter().filter(|_| self.python.gil_can_be_off).map(OsStr::new);
        Harness::start(&self.python, options, self.folder.path())
    }

    /// Why processes cannot run an experiment.
    fn no_processes(&self, experiment: &Experiment) -> Option<String> {
        let python = &self.python;
        let Experiment { library, channel, start_method, background, .. } = *experiment;
        let (version, method) = (&python.version, start_method.name());
        let is_simple = channel == Channel::Message && background == 0;
        match library {
            _ if !python.switch_interval => Some(OLD.into()),
            _ if channel == Channel::Transfer => {
                Some("a pipe copies, it cannot move; use message, queue or shared-memory".into())
            }
            Library::Standard | Library::Futures if !python.start_methods.iter().any(|known| known == method) => {
                Some(format!("Python {version} knows no start method {method} here"))
            }
            Library::Interpreters if !python.interpreters => {
                Some(format!("Python {version} has no interpreters with a lock each; name 3.12 or later"))
            }
            Library::Interpreters | Library::Futures if !is_simple => {
                Some(format!("{} have one channel and nobody beside; use library standard", library.name()))
            }
            _ => None,
        }
    }

    /// Why threads cannot run an experiment.
    fn no_threads(&self, experiment: &Experiment) -> Option<String> {
        let version = &self.python.version;
        if wants_ticks(experiment) && self.python.switch_interval {
            return Some(format!("Python {version} has no lock with ticks, which ended with 3.2; name a Python 2.7"));
        }
        if experiment.lock_policy == Policy::SwitchInterval && !self.python.switch_interval {
            return Some(format!("Python {version} has no switch interval; use lock policy ticks"));
        }
        let beside = experiment.library == Library::Futures && experiment.background > 0;
        beside.then(|| "an executor has nobody beside; use library standard".into())
    }
}

/// What Python 2.7 is here for.
const OLD: &str = "Python 2.7 is here for its lock alone: use serial and threads";

impl Host for CpythonHost {
    type Pool = CpythonPool;

    fn facts(&self) -> HostFacts {
        HostFacts { kind: HostKind::Cpython, engine: self.python.engine(), ..self.machine.facts() }
    }

    fn now_us(&self) -> f64 {
        self.clock.now_us()
    }

    fn max_workers(&self) -> u32 {
        gilscope::experiment::MAX_WORKERS
    }

    fn unavailable(&self, model: Model, experiment: &Experiment) -> Option<String> {
        if workload::find(&experiment.workload).is_some_and(|workload| workload.python.is_none()) {
            return Some(format!("{} has no twin in pure Python", experiment.workload));
        }
        match model {
            Model::Serial => None,
            Model::Threads => self.no_threads(experiment),
            Model::Processes => self.no_processes(experiment),
            Model::FreeThreads if !self.python.gil_can_be_off => {
                Some("this Python cannot run without its lock; name a free-threaded build, as python3.14t".into())
            }
            Model::FreeThreads => None,
            Model::EventLoop => (!self.python.switch_interval).then(|| OLD.into()),
        }
    }

    fn disturbances(&mut self) -> Vec<Warning> {
        self.machine.disturbances()
    }

    async fn start(
        &mut self,
        arm: Arm,
        experiment: &Experiment,
        sink: &mut dyn Sink,
    ) -> Result<CpythonPool, HostError> {
        let model = if let Arm::Model { model, .. } = arm { Some(model) } else { None };
        // Whether a build without its lock has it is decided when it starts.
        let spare = if self.python.gil_can_be_off { None } else { self.spares.take() };
        let harness = spare.map_or_else(|| self.start_harness(model), Ok)?;
        let context = Context {
            experiment: experiment.clone(),
            arm,
            clock: self.clock,
            cancel: self.cancel.clone(),
            recording: self.recording,
        };
        CpythonPool::start(context, harness, self.spares.clone(), sink)
    }
}
