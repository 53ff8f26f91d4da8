//! The shim (`native/shim`) in real Pythons: at any time one thread holds the lock, and every turn is recorded.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gilscope_ring::{FOLDER, State, Track, events, tracks};
use gilscope_tests::binary::{skipped, stderr, stdout, succeeds};

/// Two threads compute until they have taken turns 20 times, and print their ids.
const TURNS: u64 = 20;
const PROGRAM: &str = "
import sys, threading
last, turns = None, 0
def compute():
    global last, turns
    me = threading.get_native_id()
    while turns < int(sys.argv[1]):
        for _ in range(1000):
            pass
        if last != me:
            last = me
            turns += 1
    sys.stdout.write('%d\\n' % me)
threads = [threading.Thread(target=compute) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
";

/// Forks. The child drops the lock once and takes it again.
const FORK: &str = "
import os, sys
pid = os.fork()
if pid == 0:
    open(os.devnull).close()
    os._exit(0)
os.waitpid(pid, 0)
print(pid)
";

/// Cargo builds the shim beside us, because this package depends on it: we are target/PROFILE/deps/NAME.
fn shim() -> PathBuf {
    let path = env::current_exe().expect("a path").with_file_name("libgilscope_shim.so");
    assert!(path.exists(), "no shim at {}", path.display());
    path
}

/// Every Python here whose lock the shim knows.
fn pythons() -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(&succeeds(&["python", "--list", "--json"])).expect("JSON");
    let known = |python: &&serde_json::Value| {
        let minor = python["version"].as_str().and_then(|version| version.strip_prefix("3.")?.split('.').next());
        let minor: u32 = minor.and_then(|minor| minor.parse().ok()).unwrap_or(0);
        python["implementation"] == "CPython" && minor >= 9 && python["gil_can_be_off"] == false
    };
    let pythons = json.as_array().expect("a list").iter().filter(known);
    let paths: Vec<_> = pythons.map(|python| python["executable"].as_str().expect("text").to_owned()).collect();
    if paths.is_empty() {
        skipped("no CPython 3.9 or later with a lock here");
    }
    paths
}

/// What the program prints, and its process id.
fn record(python: &str, program: &str, folder: &Path) -> (String, u32) {
    let mut command = Command::new(python);
    command.args(["-c", program, &TURNS.to_string()]).env("LD_PRELOAD", shim()).env(FOLDER, folder);
    let child = command.stdout(Stdio::piped()).spawn().expect("Python starts");
    let pid = child.id();
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{python}: {}", stderr(&output));
    (stdout(&output), pid)
}

/// The tracks of a process, of whose events none may be lost.
fn recorded(folder: &Path, pid: u32) -> Vec<Track> {
    let recording = events(&folder.join(format!("{pid}.ring"))).expect("a recording");
    assert_eq!((recording.pid, recording.lost), (pid, 0));
    tracks(&recording)
}

#[test]
fn one_thread_at_a_time_holds_the_lock_and_every_turn_is_recorded() {
    for python in pythons() {
        let folder = tempfile::tempdir().expect("a folder");
        let (printed, pid) = record(&python, PROGRAM, folder.path());
        let tracks = recorded(folder.path(), pid);
        let computing: Vec<u32> = printed.lines().map(|id| id.parse().expect("an id")).collect();
        assert_eq!((computing.len(), tracks[0].thread), (2, pid), "{python}");

        for track in &tracks {
            let stretches = &track.stretches;
            assert!(stretches.iter().all(|stretch| stretch.start_ns <= stretch.end_ns), "{python}: {track:?}");
            assert!(stretches.is_sorted_by(|one, next| one.end_ns <= next.start_ns), "{python}: {track:?}");
        }
        let holding = |track: &Track| track.stretches.iter().filter(|stretch| stretch.state == State::Holding).count();
        let turns: usize = tracks.iter().filter(|track| computing.contains(&track.thread)).map(holding).sum();
        assert!(turns as u64 >= TURNS, "{python}: {turns} turns");

        let all = tracks.iter().flat_map(|track| &track.stretches);
        let mut held: Vec<_> = all.filter(|stretch| stretch.state == State::Holding).collect();
        held.sort_by_key(|stretch| (stretch.start_ns, stretch.end_ns));
        let mut pairs = held.windows(2);
        assert!(pairs.all(|pair| pair[0].end_ns <= pair[1].start_ns), "{python}: two threads hold the lock");
    }
}

#[test]
fn a_forked_process_has_its_own_recording() {
    for python in pythons() {
        let folder = tempfile::tempdir().expect("a folder");
        let (printed, parent) = record(&python, FORK, folder.path());
        let child: u32 = printed.trim().parse().expect("an id");
        for pid in [parent, child] {
            let tracks = recorded(folder.path(), pid);
            assert_eq!(tracks.iter().map(|track| track.thread).collect::<Vec<_>>(), [pid], "{python}");
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2, "{python}");
    }
}
