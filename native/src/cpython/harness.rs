//! A Python that runs the harness: its process, and what it is asked.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gilscope::experiment::Model;
use gilscope::host::{Cancel, HostError};
use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

use super::find::Python;
use super::group::Group;
use super::message::{Reply, Request};

/// How often the wait for an answer looks at what else may have happened.
const TICK: Duration = Duration::from_millis(33);
/// One whose output has ended may take so long to end itself.
const DYING: Duration = Duration::from_secs(1);
/// Lines of its last words that are told.
const LAST_WORDS: usize = 4;

/// The harness, in Python.
#[derive(RustEmbed)]
#[folder = "src/cpython/harness"]
#[include = "*.py"]
struct Files;

/// A folder with the harness in it, as Python needs it. Goes when it is dropped, and with a harness whose parent
/// is gone.
pub fn unpack() -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("gilscope-").tempdir()?;
    for path in Files::iter() {
        let file = folder.path().join(&*path);
        std::fs::create_dir_all(file.parent().expect("it is in the folder"))?;
        std::fs::write(file, Files::get(&path).expect("it was listed").data)?;
    }
    Ok(folder)
}

/// Whether a Python has its lock: a free-threaded build decides that when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gil {
    On,
    Off,
}

impl Gil {
    /// What the workers of a model need.
    pub fn of(model: Model) -> Self {
        if model == Model::FreeThreads { Self::Off } else { Self::On }
    }

    /// The option of Python's that says it; only a free-threaded build knows it.
    fn option(self) -> &'static str {
        match self {
            Self::On => "gil=1",
            Self::Off => "gil=0",
        }
    }
}

/// A running harness. Dropping it ends it and every process that it has started.
pub struct Harness {
    pub gil: Gil,
    /// As reports name it.
    engine: String,
    group: Group,
    requests: ChildStdin,
    lines: Receiver<String>,
    last_words: Arc<Mutex<VecDeque<String>>>,
    listeners: Vec<JoinHandle<()>>,
}

impl Harness {
    /// Start it from the `folder` that it was unpacked to. A build that is not free-threaded has its lock.
    pub fn start(python: &Python, gil: Gil, folder: &Path) -> Result<Self, HostError> {
        let mut command = Command::new(&python.executable);
        command.args(["-E", "-s"]);
        if python.gil_can_be_off {
            command.args(["-X", gil.option()]);
        }
        // It takes the folder along when its parent is gone.
        command.arg(folder.join("main.py")).arg(folder);
        // What Python's own libraries leave behind goes with the folder.
        command.env("TMPDIR", folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut group = Group::start(&mut command).map_err(|error| {
            let path = python.executable.display();
            HostError::Failed(format!("{path} could not be started: {error}; name another one by --python"))
        })?;
        let (requests, stdout, stderr) = (group.stdin(), group.stdout(), group.stderr());
        let (tell, lines) = channel();
        let answers = std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| tell.send(line)).ok();
        });
        let last_words = Arc::<Mutex<VecDeque<String>>>::default();
        let words = last_words.clone();
        let complaints = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
                words.push_back(line);
                if words.len() > LAST_WORDS {
                    words.pop_front();
                }
            }
        });
        let (engine, listeners) = (python.engine(), vec![answers, complaints]);
        Ok(Self { gil, engine, group, requests, lines, last_words, listeners })
    }

    /// Ask for something and wait for the answer, for at most `patience`.
    ///
    /// # Errors
    /// When the run is cancelled meanwhile, or Python has failed, has died or is silent.
    pub fn ask<A: DeserializeOwned>(
        &mut self,
        request: &Request,
        patience: Duration,
        cancel: &Cancel,
    ) -> Result<A, HostError> {
        let mut line = serde_json::to_vec(request).expect("requests have text keys only");
        line.push(b'\n');
        if self.requests.write_all(&line).and_then(|()| self.requests.flush()).is_err() {
            return Err(self.died());
        }
        let start = Instant::now();
        let line = loop {
            match self.lines.recv_timeout(TICK) {
                Ok(line) => break line,
                Err(RecvTimeoutError::Disconnected) => return Err(self.died()),
                Err(RecvTimeoutError::Timeout) if cancel.is_cancelled() => return Err(HostError::Cancelled),
                // Its workers may hold its standard output open.
                Err(RecvTimeoutError::Timeout) if !self.group.is_running() => return Err(self.died()),
                Err(RecvTimeoutError::Timeout) if start.elapsed() > patience => return Err(self.silent(patience)),
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
        match serde_json::from_str(&line) {
            Ok(Reply::Answer(answer)) => Ok(answer),
            Ok(Reply::Error { error }) => Err(HostError::Failed(format!("{}: {error}", self.engine))),
            Err(error) => Err(HostError::Failed(format!("{} answered what is no answer ({error})", self.engine))),
        }
    }

    fn silent(&self, patience: Duration) -> HostError {
        let (engine, seconds) = (&self.engine, patience.as_secs());
        HostError::Failed(format!("{engine} did not answer within {seconds} s; ask for fewer workers"))
    }

    /// Tell how it ended, with its last words.
    fn died(&mut self) -> HostError {
        // Its output ends a moment before it does, and to kill it then would hide how.
        let start = Instant::now();
        while self.group.is_running() && start.elapsed() < DYING {
            std::thread::sleep(Duration::from_millis(5));
        }
        let status = self.end();
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words: Vec<_> = words.iter().map(|line| line.trim()).collect();
        let words = if words.is_empty() { String::new() } else { format!(": {}", words.join(" / ")) };
        HostError::Failed(format!("{} ended in the middle of the run ({status}){words}", self.engine))
    }

    /// End it, with all that it has started; tells how it ended.
    fn end(&mut self) -> String {
        let status = self.group.end();
        for listener in self.listeners.drain(..) {
            let _ = listener.join();
        }
        status
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::cpython::find;
    use crate::cpython::message::Ended;

    /// Longer than a busy machine takes to start a shell.
    const ENOUGH: Duration = Duration::from_secs(60);

    /// What asking a Python comes to that does what `script` says.
    fn asked(script: &str, patience: Duration) -> Result<Ended, HostError> {
        let folder = tempfile::tempdir().unwrap();
        let executable = find::tests::script(folder.path(), &format!("#!/bin/sh\n{script}\n"));
        let python = Python { compiler: "sh".into(), executable, ..find::tests::python("3.99.0") };
        let mut harness = Harness::start(&python, Gil::On, folder.path())?;
        harness.ask(&Request::End, patience, &Cancel::default())
    }

    fn failure(script: &str, patience: Duration) -> String {
        asked(script, patience).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn an_answer_is_one_line_of_json() {
        assert!(asked("read request; echo '{\"ended\": true}'; read request", ENOUGH).is_ok());
        let text = failure("read request; echo nonsense; read request", ENOUGH);
        assert!(text.starts_with("CPython 3.99.0 (sh) answered what is no answer ("), "{text}");
    }

    #[test]
    fn what_goes_wrong_in_python_is_told_with_its_name() {
        let text = failure("read request; echo '{\"error\": \"MemoryError: \"}'; read request", ENOUGH);
        assert_eq!(text, "CPython 3.99.0 (sh): MemoryError: ");
    }

    #[test]
    fn one_that_dies_is_told_with_its_last_words() {
        let text = failure("read request; echo first >&2; echo last >&2; exit 3", ENOUGH);
        assert_eq!(text, "CPython 3.99.0 (sh) ended in the middle of the run (exit status: 3): first / last");
    }

    #[test]
    fn one_that_is_silent_is_not_waited_for_for_ever() {
        let text = failure("read request; sleep 60", Duration::from_secs(2));
        assert_eq!(text, "CPython 3.99.0 (sh) did not answer within 2 s; ask for fewer workers");
    }
}
