//! A Python that runs the harness: its process, and what it is asked.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gilscope::host::{Cancel, HostError};
use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

use super::find::Python;
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

/// A running harness. Dropping it ends it and every process that it has started.
pub struct Harness {
    /// As reports name it.
    engine: String,
    child: Child,
    requests: ChildStdin,
    lines: Receiver<String>,
    last_words: Arc<Mutex<VecDeque<String>>>,
    listeners: Vec<JoinHandle<()>>,
}

impl Harness {
    /// Start it from the `folder` that it was unpacked to, with these options of Python's.
    pub fn start<'a>(
        python: &Python,
        options: impl IntoIterator<Item = &'a OsStr>,
        folder: &Path,
    ) -> Result<Self, HostError> {
        let mut command = Command::new(&python.executable);
        command.args(["-E", "-s"]).args(options).arg(folder.join("main.py"));
        // What Python's own libraries leave behind goes with the folder.
        command.env("TMPDIR", folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        own_group(&mut command);
        let mut child = command.spawn().map_err(|error| {
            let path = python.executable.display();
            HostError::Failed(format!("{path} could not be started: {error}; name another one by --python"))
        })?;
        let (requests, stdout) = child.stdin.take().zip(child.stdout.take()).expect("piped");
        let stderr = child.stderr.take().expect("piped");
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
        Ok(Self { engine: python.engine(), child, requests, lines, last_words, listeners: vec![answers, complaints] })
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
                Err(RecvTimeoutError::Timeout) if !matches!(self.child.try_wait(), Ok(None)) => {
                    return Err(self.died());
                }
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
        while matches!(self.child.try_wait(), Ok(None)) && start.elapsed() < DYING {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.end();
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words: Vec<_> = words.iter().map(|line| line.trim()).collect();
        let words = if words.is_empty() { String::new() } else { format!(": {}", words.join(" / ")) };
        HostError::Failed(format!("{} ended in the middle of the run ({status}){words}", self.engine))
    }

    /// End it, with all that it has started.
    fn end(&mut self) {
        end_group(&mut self.child);
        let _ = self.child.wait();
        for listener in self.listeners.drain(..) {
            let _ = listener.join();
        }
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        self.end();
    }
}

/// A group of its own, which ends as one. Ctrl-C in a terminal does not reach it.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(unix)]
fn end_group(child: &mut Child) {
    // It may be empty by now.
    let group = rustix::process::Pid::from_child(child);
    let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
}

#[cfg(not(unix))]
fn end_group(child: &mut Child) {
    let _ = child.kill();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::cpython::message::Ended;

    /// What asking a Python comes to that does what `script` says.
    fn asked(script: &str) -> Result<Ended, HostError> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let executable = folder.path().join("python");
        std::fs::write(&executable, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&executable, std::fs::Permissions::from_mode(0o755)).unwrap();
        let python = Python {
            implementation: "CPython".into(),
            version: "3.99.0".into(),
            compiler: "sh".into(),
            executable,
            start_methods: Vec::new(),
            interpreters: false,
            gil_can_be_off: false,
            switch_interval: true,
        };
        let mut harness = Harness::start(&python, [], folder.path())?;
        harness.ask(&Request::End, Duration::from_secs(2), &Cancel::default())
    }

    fn failure(script: &str) -> String {
        asked(script).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn an_answer_is_one_line_of_json() {
        assert!(asked("read request; echo '{\"ended\": true}'; read request").is_ok());
        let text = failure("read request; echo nonsense; read request");
        assert!(text.starts_with("CPython 3.99.0 (sh) answered what is no answer ("), "{text}");
    }

    #[test]
    fn what_goes_wrong_in_python_is_told_with_its_name() {
        let text = failure("read request; echo '{\"error\": \"MemoryError: \"}'; read request");
        assert_eq!(text, "CPython 3.99.0 (sh): MemoryError: ");
    }

    #[test]
    fn one_that_dies_is_told_with_its_last_words() {
        let text = failure("read request; echo first >&2; echo last >&2; exit 3");
        assert_eq!(text, "CPython 3.99.0 (sh) ended in the middle of the run (exit status: 3): first / last");
    }

    #[test]
    fn one_that_is_silent_is_not_waited_for_for_ever() {
        let text = failure("read request; sleep 60");
        assert_eq!(text, "CPython 3.99.0 (sh) did not answer within 2 s; ask for fewer workers");
    }
}
