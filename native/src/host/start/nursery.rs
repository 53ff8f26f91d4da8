//! A nursery as the run has it: a process without threads, which copies itself whenever a worker is asked for.

use std::io::{self, pipe};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{ChildStdin, ChildStdout, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use super::copy::{Alone, copy};
use super::wire::{Answer, Ends, Request, hear, say};
use super::{Orders, Process, Started, server};

/// A process that is not ready by then never will be.
const DEADLINE: Duration = Duration::from_secs(15);

/// The argument of `gilscope worker` that makes it a nursery.
pub const FORKSERVER: &str = "forkserver";

/// What it does then. It is asked by its standard input.
pub fn serve_as_forkserver() -> ExitCode {
    match std::io::stdin().as_fd().try_clone_to_owned() {
        Ok(socket) => ExitCode::from(server::main(&UnixStream::from(socket))),
        Err(error) => {
            eprintln!("error: `gilscope worker {FORKSERVER}` is started by gilscope itself: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The process, and the way to it. Dropping it ends the process and its copies.
pub struct Nursery {
    socket: Option<Mutex<UnixStream>>,
    pid: Pid,
}

impl Nursery {
    /// For `fork`: a copy of this process as it is now, before it has threads.
    ///
    /// # Errors
    /// The reason, for the reader.
    pub fn copied() -> Result<Self, String> {
        let alone = Alone::look()?;
        let made = || {
            let (here, there) = UnixStream::pair()?;
            let mut here = Some(here);
            let pid = copy(&alone, || {
                // Else the copy would never see the end of it.
                drop(here.take());
                server::main(&there)
            })?;
            Self::ready(here.ok_or(io::ErrorKind::NotConnected)?, pid)
        };
        made().map_err(|error: io::Error| format!("this process could not be copied ({error}); use start-method spawn"))
    }

    /// For `forkserver`: this binary started again, as small as it can be.
    ///
    /// # Errors
    /// The reason, for the reader.
    pub fn started() -> Result<Self, String> {
        let made = || {
            let (here, there) = UnixStream::pair()?;
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["worker", FORKSERVER]).process_group(0);
            let child = command.stdin(OwnedFd::from(there)).stdout(Stdio::null()).spawn()?;
            Self::ready(here, Pid::from_child(&child))
        };
        made().map_err(|error: io::Error| format!("no forkserver could be started ({error}); use start-method spawn"))
    }

    /// Wait until it says that it is ready.
    fn ready(socket: UnixStream, pid: Pid) -> io::Result<Self> {
        socket.set_read_timeout(Some(DEADLINE))?;
        let nursery = Self { socket: Some(Mutex::new(socket)), pid };
        match nursery.hear() {
            Ok(Answer::Ready) => Ok(nursery),
            said => {
                // Dropping it waits for its end, which may never come. Nobody has waited for it yet, so the number is its.
                let _ = kill_process(pid, Signal::KILL);
                Err(said.map_or_else(|error| error, |answer| unexpected(&answer)))
            }
        }
    }

    /// Have a worker process made.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn start(self: &Arc<Self>, orders: Orders) -> io::Result<Started> {
        let (its_input, to) = pipe()?;
        let (from, its_output) = pipe()?;
        let request = Request::Copy { epoch_ns: orders.epoch_ns, shared: orders.shared.map(Into::into) };
        match self.ask(&request, Some([its_input.into(), its_output.into()]))? {
            Answer::Copied { pid } => {
                let process = Process::Copied(Copied { nursery: Arc::clone(self), pid, ended: None });
                let (to, from) = (ChildStdin::from(OwnedFd::from(to)), ChildStdout::from(OwnedFd::from(from)));
                Ok(Started { process, to, from })
            }
            answer => Err(unexpected(&answer)),
        }
    }

    /// Ask for something; `ends` are the nursery's from then on.
    fn ask(&self, request: &Request, ends: Option<Ends<OwnedFd>>) -> io::Result<Answer> {
        self.with(|socket| {
            say(socket, request, ends.as_ref().map(|ends| ends.each_ref().map(AsFd::as_fd)))?;
            answer(socket)
        })
    }

    fn hear(&self) -> io::Result<Answer> {
        self.with(answer)
    }

    fn with<T>(&self, converse: impl FnOnce(&UnixStream) -> io::Result<T>) -> io::Result<T> {
        let socket = self.socket.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        converse(&socket.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Nursery {
    fn drop(&mut self) {
        // It ends when nobody can ask it any more.
        drop(self.socket.take());
        let _ = rustix::io::retry_on_intr(|| waitpid(Some(self.pid), WaitOptions::empty()));
    }
}

fn answer(socket: &UnixStream) -> io::Result<Answer> {
    let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "the process that workers are copied from has ended");
    Ok(hear(socket)?.ok_or_else(gone)?.0)
}

fn unexpected(answer: &Answer) -> io::Error {
    match answer {
        Answer::Failed { cause } => io::Error::other(cause.clone()),
        answer => io::Error::other(format!("it answered {answer:?}: please report this bug")),
    }
}

/// A worker process that a nursery has made.
pub struct Copied {
    nursery: Arc<Nursery>,
    pid: i32,
    /// Told once: its number may be another's then.
    ended: Option<ExitStatus>,
}

impl Copied {
    pub fn kill(&mut self) {
        if self.ended.is_none() {
            let _ = self.nursery.ask(&Request::Kill { pid: self.pid }, None);
        }
    }

    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        if let Some(ended) = self.ended {
            return Ok(ended);
        }
        match self.nursery.ask(&Request::Wait { pid: self.pid }, None)? {
            Answer::Ended { status } => Ok(*self.ended.insert(ExitStatus::from_raw(status))),
            answer => Err(unexpected(&answer)),
        }
    }
}
