//! How a worker process comes to be: this binary started again, or a copy of a process that has no threads.

#[cfg(unix)]
mod copy;
#[cfg_attr(not(unix), path = "no_nursery.rs")]
mod nursery;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod wire;

use std::io;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;

use gilscope::experiment::{Experiment, Model, StartMethod};

use nursery::Nursery;
#[cfg(unix)]
pub use nursery::{FORKSERVER, serve_as_forkserver};

/// Starts worker processes by every start method that a run asks for.
pub struct Starter {
    /// Where the copies are made, or why there are none.
    nurseries: Vec<(StartMethod, Result<Arc<Nursery>, String>)>,
}

/// A worker process, and the ends of its pipes.
pub struct Started {
    pub process: Process,
    pub to: ChildStdin,
    pub from: ChildStdout,
}

/// What a worker process is told at its start.
#[derive(Clone, Copy)]
pub struct Orders<'a> {
    /// The run's start on the system's monotonic clock, in nanoseconds.
    pub epoch_ns: u64,
    /// The memory that it shares with others, if it does.
    pub shared: Option<&'a Path>,
}

impl Starter {
    /// Make the nurseries that `experiment` needs: before a worker is asked for, so that none waits for its own.
    pub fn new(experiment: &Experiment) -> Self {
        let points = experiment.points().unwrap_or_default();
        let asked = |method: &StartMethod| {
            points.iter().any(|point| point.start_method == *method && point.models.contains(&Model::Processes))
        };
        // In this order: a copy of this process must not hold on to the other nursery's socket.
        let methods = [StartMethod::Fork, StartMethod::Forkserver].into_iter().filter(asked);
        let made = |method| match method {
            StartMethod::Fork => Nursery::copied(),
            _ => Nursery::started(),
        };
        Self { nurseries: methods.map(|method| (method, made(method).map(Arc::new))).collect() }
    }

    /// Why no process can be started by this method, if none can.
    pub fn unavailable(&self, method: StartMethod) -> Option<String> {
        self.nursery(method)?.as_ref().err().cloned()
    }

    /// Start a worker process.
    ///
    /// # Errors
    /// When the system refuses, or the method is unavailable.
    pub fn start(&self, method: StartMethod, orders: Orders) -> io::Result<Started> {
        match self.nursery(method) {
            None => spawn(orders),
            Some(Ok(nursery)) => Nursery::start(nursery, orders),
            Some(Err(reason)) => Err(io::Error::new(io::ErrorKind::Unsupported, reason.clone())),
        }
    }

    fn nursery(&self, method: StartMethod) -> Option<&Result<Arc<Nursery>, String>> {
        self.nurseries.iter().find(|(of, _)| *of == method).map(|(_, nursery)| nursery)
    }
}

/// A worker process as whoever started it has it.
pub enum Process {
    Spawned(Child),
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix copies processes"))]
    Copied(nursery::Copied),
}

impl Process {
    /// End it at once. It may have ended by itself by now.
    pub fn kill(&mut self) {
        match self {
            Self::Spawned(child) => drop(child.kill()),
            Self::Copied(copied) => copied.kill(),
        }
    }

    /// Wait until it has ended, and leave nothing of it behind.
    ///
    /// # Errors
    /// When nobody can tell how it ended.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        match self {
            Self::Spawned(child) => child.wait(),
            Self::Copied(copied) => copied.wait(),
        }
    }
}

/// Start this binary again.
fn spawn(orders: Orders) -> io::Result<Started> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("worker").arg(orders.epoch_ns.to_string()).args(orders.shared);
    own_group(&mut command);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (to, from) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    Ok(Started { process: Process::Spawned(child), to, from })
}

/// Ctrl-C in a terminal reaches the whole group, but only the parent knows how to stop in order.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}
