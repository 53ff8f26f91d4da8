//! What a Python can run, and the pools that run it.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::Context as _;
use gilscope::experiment::{Channel, Dispatch, Experiment, Library, Model, StartMethod};
use gilscope::host::{Arm, Cancel, Clock, Host, HostError, Sink};
use gilscope::lock::Policy;
use gilscope::report::{HostFacts, HostKind, Warning};
use gilscope::workload;
use tempfile::TempDir;

use super::find::Python;
use super::harness::{self, Gil, Harness};
use super::message::wants_ticks;
use super::pool::{Context, CpythonPool};
use crate::host::clock::{self, NativeClock};
use crate::host::machine::Machine;
use crate::host::pin;

/// Runs one experiment in a Python: a process of its own for every pool.
pub struct CpythonHost {
    python: Python,
    clock: NativeClock,
    cancel: Cancel,
    recording: bool,
    warm_up: bool,
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

    fn take(&self, gil: Gil) -> Option<Harness> {
        let mut spares = self.0.borrow_mut();
        let at = spares.iter().rposition(|spare| spare.gil == gil)?;
        Some(spares.swap_remove(at))
    }
}

impl CpythonHost {
    /// A host for one run; without `recording` there is no trace and no times by worker. Pins the calling thread,
    /// and all that it starts, to `experiment.cores`.
    ///
    /// # Errors
    /// When the cores cannot be had, or the harness cannot be written to a temporary folder.
    pub fn new(
        python: Python,
        experiment: &Experiment,
        cancel: Cancel,
        recording: bool,
        warm_up: bool,
    ) -> anyhow::Result<Self> {
        if cfg!(not(unix)) {
            anyhow::bail!("gilscope python works on Unix only; use gilscope run");
        }
        let machine = Machine::look();
        if let Some(cores) = experiment.cores {
            pin::to_cores(cores)?;
        }
        let folder = harness::unpack().context("the harness cannot be written to a temporary folder")?;
        let clock = NativeClock::start();
        let host = Self { python, clock, cancel, recording, warm_up, machine, spares: Spares::default(), folder };
        // A request waits for its worker to start, not for Python.
        for gil in host.wanted_fresh(&experiment.points()?) {
            host.spares.put(host.start_harness(gil)?);
        }
        Ok(host)
    }

    /// Each kind of Python that workers of single requests are started in.
    fn wanted_fresh(&self, points: &[Experiment]) -> Vec<Gil> {
        let fresh = points.iter().filter(|point| point.dispatch == Dispatch::Fresh);
        let models = fresh.flat_map(|point| point.models.iter().map(move |&model| (model, point)));
        let can_run = models.filter(|(model, point)| self.unavailable(*model, point).is_none());
        let wanted: Vec<_> = can_run.map(|(model, _)| Gil::of(model)).collect();
        [Gil::On, Gil::Off].into_iter().filter(|gil| wanted.contains(gil)).collect()
    }

    fn start_harness(&self, gil: Gil) -> Result<Harness, HostError> {
        Harness::start(&self.python, gil, self.folder.path())
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
            Library::Interpreters if start_method != StartMethod::Spawn => {
                Some("interpreters come to be in one way; use start method spawn".into())
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
        match experiment.library {
            Library::Futures if !self.python.switch_interval => {
                Some(format!("Python {version} has no concurrent.futures; use library standard"))
            }
            Library::Futures if experiment.background > 0 => {
                Some("an executor has nobody beside; use library standard".into())
            }
            _ => None,
        }
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

    fn unix_s(&self) -> Option<u64> {
        clock::unix_s()
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
        let gil = if let Arm::Model { model, .. } = arm { Gil::of(model) } else { Gil::On };
        let harness = self.spares.take(gil).map_or_else(|| self.start_harness(gil), Ok)?;
        let context = Context {
            experiment: experiment.clone(),
            arm,
            clock: self.clock,
            cancel: self.cancel.clone(),
            recording: self.recording,
            warm_up: self.warm_up,
        };
        CpythonPool::start(context, harness, self.spares.clone(), sink)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::cpython::find;

    /// A host whose Python, free-threaded or not, starts and then waits.
    fn host(folder: &TempDir, gil_can_be_off: bool, experiment: &Experiment) -> CpythonHost {
        let executable = find::tests::script(folder.path(), "#!/bin/sh\nread request\n");
        let python = Python { executable, gil_can_be_off, ..find::tests::python("3.99.0") };
        CpythonHost::new(python, experiment, Cancel::default(), false, true).unwrap()
    }

    fn kinds(host: &CpythonHost) -> Vec<Gil> {
        host.spares.0.borrow().iter().map(|spare| spare.gil).collect()
    }

    #[test]
    fn a_request_finds_a_python_of_its_kind_and_leaves_it_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let models = vec![Model::Threads, Model::FreeThreads];
        let fresh = Experiment { models, dispatch: Dispatch::Fresh, ..Experiment::default() };
        let host = host(&folder, true, &fresh);
        assert_eq!(kinds(&host), [Gil::On, Gil::Off]);
        for gil in [Gil::Off, Gil::On, Gil::Off] {
            let spare = host.spares.take(gil).unwrap();
            assert_eq!((spare.gil, host.spares.take(gil).is_none()), (gil, true));
            host.spares.put(spare);
        }
    }

    #[test]
    fn no_python_is_started_that_no_request_needs() {
        let folder = tempfile::tempdir().unwrap();
        let fresh = |model| Experiment { models: vec![model], dispatch: Dispatch::Fresh, ..Experiment::default() };
        assert_eq!(kinds(&host(&folder, true, &fresh(Model::FreeThreads))), [Gil::Off]);
        assert_eq!(kinds(&host(&folder, false, &fresh(Model::FreeThreads))), []);
        assert_eq!(kinds(&host(&folder, false, &fresh(Model::Threads))), [Gil::On]);
        assert_eq!(kinds(&host(&folder, true, &Experiment::default())), []);
    }

    #[test]
    fn python_2_7_has_no_futures() {
        let folder = tempfile::tempdir().unwrap();
        let ticks = Experiment { lock_policy: Policy::Ticks, ..Experiment::default() };
        let futures = Experiment { library: Library::Futures, ..ticks.clone() };
        let mut host = host(&folder, false, &ticks);
        host.python = Python { switch_interval: false, ..find::tests::python("2.7.18") };
        assert_eq!(host.unavailable(Model::Threads, &ticks), None);
        let reason = host.unavailable(Model::Threads, &futures);
        assert_eq!(reason.as_deref(), Some("Python 2.7.18 has no concurrent.futures; use library standard"));
    }
}
