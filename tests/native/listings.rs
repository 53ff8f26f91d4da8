//! The labs in Python: each listing runs as a reader would run it, and each text is as short as promised.

use std::fs::{self, File};
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

const LABS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/labs");
/// Listings take a second or two; only one that hangs gets here.
const DEADLINE: Duration = Duration::from_secs(60);

#[test]
fn every_listing_runs_and_says_something() {
    let python = python();
    let listings = Mutex::new(labs().into_iter().flat_map(|lab| listings(&lab)));
    let next = || listings.lock().expect("nobody panicked").next();
    let complaints = || iter::from_fn(next).filter_map(|listing| complaint(&python, &listing)).collect::<Vec<_>>();
    // Listings start workers of their own, so no more than two at a time.
    let complaints = thread::scope(|scope| {
        let other = scope.spawn(complaints);
        [complaints(), other.join().expect("nobody panicked")].concat()
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

#[test]
fn every_lab_has_a_short_text_and_listings_of_narrow_lines() {
    for lab in labs() {
        let text = fs::read_to_string(lab.join("text.md")).unwrap_or_else(|error| panic!("{lab:?}: text.md: {error}"));
        let words = text.split_whitespace().count();
        assert!((1..150).contains(&words), "{lab:?}: text.md has {words} words");
        let listings = listings(&lab);
        assert!(!listings.is_empty(), "{lab:?} has no listing");
        for listing in listings {
            let code = fs::read_to_string(&listing).expect("text");
            let wide = code.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "{listing:?} has a line of more than 80 columns");
        }
    }
}

/// The folders of the labs.
fn labs() -> Vec<PathBuf> {
    let labs: Vec<_> = entries(Path::new(LABS)).into_iter().filter(|path| path.is_dir()).collect();
    assert!(!labs.is_empty(), "no folder in {LABS}");
    labs
}

fn listings(lab: &Path) -> Vec<PathBuf> {
    entries(lab).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "py")).collect()
}

/// Sorted, so that failures come in the same order every time.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

/// The interpreter itself: what is on the `PATH` may be a slower stand-in that looks for it at each start.
fn python() -> PathBuf {
    const ASK: &str = "import sys; assert sys.implementation.name == 'cpython' and sys.version_info >= (3, 8), \
                       sys.version; print(sys.executable)";
    const REMEDY: &str = "the listings need CPython 3.8 or newer as python3 on the PATH: install Debian's `python3`";
    let output = Command::new("python3").args(["-c", ASK]).output().unwrap_or_else(|error| panic!("{error}; {REMEDY}"));
    assert!(output.status.success(), "{}; {REMEDY}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim_end().into()
}

/// What is wrong with a listing, with all that it printed.
fn complaint(python: &Path, listing: &Path) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let (stdout, stderr) = (folder.path().join("stdout"), folder.path().join("stderr"));
    let mut command = Command::new(python);
    // -B: leave nothing beside the listing; -E: no settings of the tester's. Spawned workers get both too.
    command.args(["-B", "-E"]).arg(fs::canonicalize(listing).expect("a path")).current_dir(&folder);
    command.stdin(Stdio::null());
    command.stdout(File::create(&stdout).expect("writable")).stderr(File::create(&stderr).expect("writable"));
    // A group of its own, so that its workers end with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let status = wait(command.spawn().expect("Python starts"));

    let read = |path| String::from_utf8_lossy(&fs::read(path).expect("written")).into_owned();
    let (stdout, stderr) = (read(stdout), read(stderr));
    let wrong = match status {
        None => format!("did not end within {} s", DEADLINE.as_secs()),
        Some(status) if !status.success() => format!("ended with {status}"),
        Some(_) if stdout.trim().is_empty() => "printed nothing".to_owned(),
        Some(_) if !stderr.is_empty() => "complained".to_owned(),
        Some(_) => return None,
    };
    Some(format!("{} {wrong}\n--- stdout\n{stdout}\n--- stderr\n{stderr}", listing.display()))
}

/// `None` if it had to be killed.
fn wait(mut child: Child) -> Option<ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < DEADLINE {
        if let Some(status) = child.try_wait().expect("a child") {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(20));
    }
    #[cfg(unix)]
    rustix::process::kill_process_group(rustix::process::Pid::from_child(&child), rustix::process::Signal::KILL)
        .expect("its group is there until we waited for it");
    #[cfg(not(unix))]
    child.kill().expect("it runs");
    child.wait().expect("a child");
    None
}
