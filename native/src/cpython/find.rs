//! Which Pythons this machine has, and what each can do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::group::Group;

/// Prints what a Python is.
const PROBE: &str = include_str!("probe.py");
/// A Python that has not answered by then never will.
const DEADLINE: Duration = Duration::from_secs(10);
const REMEDY: &str = "name another one, or install one: gilscope python needs CPython 3.8 or later, or 2.7 for the \
                      old lock";

/// A CPython that can run experiments.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Python {
    pub implementation: String,
    /// As in "3.11.7".
    pub version: String,
    pub compiler: String,
    /// What is started.
    pub executable: PathBuf,
    /// As `multiprocessing` names them.
    pub start_methods: Vec<String>,
    /// Whether it has interpreters with a lock each.
    pub interpreters: bool,
    /// Whether it is a free-threaded build.
    pub gil_can_be_off: bool,
    /// Whether it has the lock of Python 3.2 and later, rather than the one before.
    pub switch_interval: bool,
}

impl Python {
    /// As reports name it.
    pub fn engine(&self) -> String {
        let free = if self.gil_can_be_off { ", free-threaded" } else { "" };
        format!("{} {} ({}{free})", self.implementation, self.version, self.compiler)
    }

    /// Major and minor number.
    pub fn release(&self) -> (u32, u32) {
        let mut numbers = self.version.split('.').map(|part| part.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }

    fn is_supported(&self) -> bool {
        self.implementation == "CPython" && (self.release() >= (3, 8) || self.release() == (2, 7))
    }

    /// Whether `wanted` ("3", "3.13", "3.13.0") is its version or the start of it.
    fn is_version(&self, wanted: &str) -> bool {
        self.version == wanted || self.version.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
    }
}

/// A Python that was asked for and cannot be had.
#[derive(thiserror::Error, Debug, PartialEq, Eq)]
pub enum FindError {
    #[error("there is no such Python here; {}", found(.0))]
    Missing(Vec<Python>),
    #[error("it is {0}; {REMEDY}")]
    Unsupported(String),
    #[error("it does not answer as a Python does ({0}); {REMEDY}")]
    Mute(String),
}

fn found(pythons: &[Python]) -> String {
    if pythons.is_empty() {
        return format!("none was found: {REMEDY}");
    }
    let versions: Vec<_> = pythons.iter().map(|python| python.version.as_str()).collect();
    format!("found: {}; `gilscope python --list` tells more", versions.join(", "))
}

/// Every supported CPython on the `PATH` and under pyenv, the newest first.
pub fn all() -> Vec<Python> {
    // Some stand-ins on a `PATH` know no Python to run; they are none.
    let asked: Vec<_> = candidates().into_iter().map(|path| thread::spawn(move || ask(&path))).collect();
    let answers = asked.into_iter().filter_map(|asked| asked.join().ok()?.ok()).filter(Python::is_supported);
    let mut by_file = BTreeMap::new();
    for python in answers {
        let file = python.executable.canonicalize().unwrap_or_else(|_| python.executable.clone());
        by_file.entry(file).or_insert(python);
    }
    let mut pythons: Vec<_> = by_file.into_values().collect();
    let numbers =
        |python: &Python| python.version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    pythons.sort_by_key(|python| std::cmp::Reverse(numbers(python)));
    pythons
}

/// The Python that is started by default.
pub fn default() -> Result<Python, FindError> {
    named("python3").or_else(|error| all().into_iter().next().ok_or(error))
}

/// The Python that `name` means: a path, a version as "3.13", or a command on the `PATH`.
pub fn named(name: &str) -> Result<Python, FindError> {
    let path = if name.contains(std::path::is_separator) {
        Some(PathBuf::from(name)).filter(|path| path.exists())
    } else if name.starts_with(|first: char| first.is_ascii_digit()) {
        let all = all();
        let wanted = all.iter().find(|python| python.is_version(name)).cloned();
        return wanted.ok_or(FindError::Missing(all));
    } else {
        folders().into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
    };
    let python = ask(&path.ok_or_else(|| FindError::Missing(all()))?)?;
    let named = format!("{} {}", python.implementation, python.version);
    if python.is_supported() { Ok(python) } else { Err(FindError::Unsupported(named)) }
}

fn folders() -> Vec<PathBuf> {
    std::env::var_os("PATH").map_or_else(Vec::new, |path| std::env::split_paths(&path).collect())
}

/// What may be a Python.
fn candidates() -> Vec<PathBuf> {
    let on_path = folders().into_iter().flat_map(|folder| entries(&folder)).filter(|path| is_named_as_python(path));
    let under_pyenv = entries(&pyenv().join("versions")).into_iter().map(|version| version.join("bin/python"));
    on_path.chain(under_pyenv).filter(|path| path.is_file()).collect()
}

/// Sorted, so that the same machine gives the same list.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// `python`, `python3`, `python3.13`, `python3.13t`.
fn is_named_as_python(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(version) = name.strip_prefix("python") else { return false };
    let version = version.strip_suffix('t').unwrap_or(version);
    version.is_empty() || version.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn pyenv() -> PathBuf {
    let home = || std::env::home_dir().unwrap_or_default().join(".pyenv");
    std::env::var_os("PYENV_ROOT").map_or_else(home, PathBuf::from)
}

/// Ask what `path` is.
fn ask(path: &Path) -> Result<Python, FindError> {
    let mut command = Command::new(path);
    command.args(["-E", "-s", "-c", PROBE]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let cannot = |error| FindError::Mute(format!("it cannot be started: {error}"));
    let mut asked = Group::start(&mut command).map_err(cannot)?;
    let stdout = asked.stdout();
    let (tell, answer) = channel();
    thread::spawn(move || tell.send(std::io::read_to_string(stdout)));
    let start = Instant::now();
    while asked.is_running() && start.elapsed() < DEADLINE {
        thread::sleep(Duration::from_millis(5));
    }
    let late = || FindError::Mute(format!("nothing within {} s", DEADLINE.as_secs()));
    if asked.is_running() {
        return Err(late());
    }
    // What it leaves behind may hold its standard output open, even from another group.
    let ended = asked.end();
    let answer = answer.recv_timeout(DEADLINE.saturating_sub(start.elapsed())).map_err(|_| late())?;
    serde_json::from_str(&answer.unwrap_or_default()).map_err(|_| FindError::Mute(ended))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn python(version: &str) -> Python {
        Python {
            implementation: "CPython".into(),
            version: version.into(),
            compiler: "GCC".into(),
            executable: "/usr/bin/python".into(),
            start_methods: Vec::new(),
            interpreters: false,
            gil_can_be_off: false,
            switch_interval: true,
        }
    }

    #[test]
    fn only_what_can_run_experiments_is_supported() {
        let supported =
            ["2.6.9", "2.7.18", "3.7.16", "3.8.0", "3.13.0rc1"].map(|version| python(version).is_supported());
        assert_eq!(supported, [false, true, false, true, true]);
        assert!(!Python { implementation: "PyPy".into(), ..python("3.10.1") }.is_supported());
    }

    #[test]
    fn a_version_may_be_named_in_part_and_means_whole_numbers() {
        let is_313 = |name| python("3.13.0").is_version(name);
        assert!(is_313("3") && is_313("3.13") && is_313("3.13.0"));
        assert!(!is_313("3.1") && !is_313("3.12") && !is_313("3.13.0.1"));
    }

    #[test]
    fn what_is_named_as_python_is_asked() {
        let named = |name: &str| is_named_as_python(Path::new(name));
        assert!(["python", "python3", "/usr/bin/python3.13", "python3.13t"].into_iter().all(named));
        assert!(!["python3-config", "python.", "pythonw", "ipython3"].into_iter().any(named));
    }

    /// A file that can be run. Another process writes it: one that a test beside this one starts just then would have
    /// it open for writing, too, and such a file cannot be run (ETXTBSY).
    #[cfg(unix)]
    pub fn script(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("python");
        let write = r#"printf %s "$1" > "$0" && chmod 755 "$0""#;
        let written = Command::new("/bin/sh").args(["-c", write]).arg(&path).arg(text).status().unwrap();
        assert!(written.success());
        path
    }

    #[cfg(unix)]
    #[test]
    fn what_is_left_running_does_not_hold_the_answer_up() {
        let folder = tempfile::tempdir().unwrap();
        let answer = serde_json::to_string(&python("3.99.0")).unwrap();
        let path = script(folder.path(), &format!("#!/bin/sh\nsleep 1000 &\necho '{answer}'\n"));
        assert_eq!(ask(&path), Ok(python("3.99.0")));
    }

    #[cfg(unix)]
    #[test]
    fn a_script_whose_interpreter_is_gone_cannot_be_started() {
        let folder = tempfile::tempdir().unwrap();
        let path = script(folder.path(), "#!/gone/python\n");
        assert_eq!(
            ask(&path),
            Err(FindError::Mute("it cannot be started: No such file or directory (os error 2)".into()))
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_does_not_answer_as_a_python_is_named_as_that() {
        assert_eq!(ask(Path::new("/bin/true")), Err(FindError::Mute("exit status: 0".into())));
        let error = named("/bin/false").unwrap_err().to_string();
        assert!(error.starts_with("it does not answer as a Python does (exit status: 1); name another one"), "{error}");
    }
}
