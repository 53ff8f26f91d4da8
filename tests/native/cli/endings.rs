//! How a run ends that does not end by itself: no process and no file is left, what was measured is kept.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gilscope::report::{Report, WarningCode};

use gilscope_tests::binary::{GILSCOPE, eventually, gilscope, output, run, stderr, stdout};
use gilscope_tests::processes::{children, descendants, is_alive, kill, signal};

const START_METHODS: [&str; 3] = ["spawn", "fork", "forkserver"];

fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gilscope starts")
}

/// It cannot be seen from outside when the first round has ended, so wait longer until one has.
fn keeps_what_was_measured_and_leaves_no_process(name: &str, start_method: &str) {
    for wait_s in [1, 2, 4, 8, 16] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("report.json");
        let mut command = gilscope(&["run", "--size", "20000", "--runs", "1000", "--model", "serial,processes"]);
        let command = command.args(["--start-method", start_method, "--export-json"]).arg(&file);
        let child = start(command);
        std::thread::sleep(Duration::from_secs(wait_s));
        let workers = descendants(child.id());
        signal(name, child.id());
        let output = child.wait_with_output().expect("gilscope ends");
        assert_eq!(output.status.code(), Some(130), "{name} {start_method}: {}", stderr(&output));
        assert!(!workers.iter().copied().any(is_alive), "{name} {start_method}");
        if workers.is_empty() || !file.exists() {
            assert!(stderr(&output).starts_with("error: the run was cancelled"), "{}", stderr(&output));
            continue;
        }
        let report = Report::from_json(&fs::read_to_string(&file).expect("text")).expect("a report");
        assert!(!report.runs.is_empty());
        assert!(stdout(&output).contains("cancelled"), "{}", stdout(&output));
        return;
    }
    panic!("{name} {start_method}: nothing was measured within 16 s");
}

#[test]
fn ctrl_c_keeps_what_was_measured_and_leaves_no_process() {
    for method in START_METHODS {
        keeps_what_was_measured_and_leaves_no_process("-INT", method);
    }
}

/// The codes of what a run of a few seconds warns of, while `disturb` does something to its process.
fn warned(disturb: impl FnOnce(u32)) -> Vec<WarningCode> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.json");
    let mut command = gilscope(&["run", "--size", "200000", "--runs", "40", "--model", "serial,processes"]);
    let mut child = start(command.arg("--export-json").arg(&file));
    eventually("it measures", || !children(child.id()).is_empty());
    disturb(child.id());
    assert!(child.wait().expect("gilscope ends").success());
    let report = Report::from_json(&fs::read_to_string(&file).expect("text")).expect("a report");
    report.warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn a_run_that_was_stopped_for_a_while_says_so() {
    let stopped = warned(|pid| {
        signal("-STOP", pid);
        std::thread::sleep(Duration::from_millis(300));
        signal("-CONT", pid);
    });
    assert!(stopped.contains(&WarningCode::StoodStill), "{stopped:?}");
    assert!(!warned(|_| {}).contains(&WarningCode::StoodStill));
}

#[test]
fn a_machine_that_is_busy_before_the_run_is_told() {
    let cores = std::thread::available_parallelism().expect("cores").get();
    let mut others: Vec<_> =
        (0..cores).map(|_| Command::new("sh").args(["-c", "while :; do :; done"]).spawn().expect("a shell")).collect();
    let busy = warned(|_| {});
    for other in &mut others {
        other.kill().and_then(|()| other.wait()).expect("it ends");
    }
    assert!(busy.contains(&WarningCode::BusyMachine), "{busy:?}");
}

#[test]
fn so_do_the_system_s_wish_and_the_end_of_the_terminal() {
    for name in ["-TERM", "-HUP"] {
        keeps_what_was_measured_and_leaves_no_process(name, "spawn");
    }
}

/// One that is stopped neither answers nor reads: with 8 MB a task the pipe to it is full at once.
#[test]
fn a_worker_that_stands_still_is_missed_and_the_run_goes_on() {
    let size = ["--size", "8000000", "--tasks", "4", "--runs", "60"];
    let child = start(gilscope(&["run", "checksum", "--model", "processes"]).args(size));
    let workers = two_workers(child.id(), "spawn");
    signal("-STOP", workers[0]);
    let output = child.wait_with_output().expect("gilscope ends");
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("1 worker died (it was not heard of for 10 s"), "{told}");
    assert!(!workers.into_iter().any(is_alive));
}

#[test]
fn a_worker_that_is_killed_is_named_and_the_run_goes_on() {
    for method in START_METHODS {
        let args = ["run", "--size", "400000", "--runs", "150", "--model", "processes", "--start-method", method];
        let child = start(&mut gilscope(&args));
        let workers = two_workers(child.id(), method);
        kill(workers[0]);
        let output = child.wait_with_output().expect("gilscope ends");
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(0), "{method}: {told}");
        assert!(told.contains("1 worker died (signal: 9"), "{method}: {told}");
        assert!(!workers.into_iter().any(is_alive));
    }
}

#[test]
fn workers_do_not_outlive_a_parent_that_is_killed() {
    for method in START_METHODS {
        let args = ["run", "--runs", "1000", "--model", "processes", "--start-method", method];
        let mut child = start(&mut gilscope(&args));
        two_workers(child.id(), method);
        let workers = descendants(child.id());
        kill(child.id());
        child.wait().expect("gilscope ends");
        eventually("the workers end", || !workers.iter().copied().any(is_alive));
    }
}

/// Wait for two workers: the run's own children, or those of what they are copied from.
fn two_workers(run: u32, method: &str) -> Vec<u32> {
    let workers = || match (method, children(run)[..].to_vec()) {
        ("spawn", workers) => workers,
        (_, nursery) => nursery.into_iter().flat_map(children).collect(),
    };
    eventually("workers start", || workers().len() == 2);
    workers()
}

#[test]
fn no_run_leaves_anything_in_the_folder_for_temporary_files() {
    for [channel, method] in [["pipe", "spawn"], ["queue", "fork"], ["shared-memory", "forkserver"]] {
        let folder = tempfile::tempdir().expect("a folder");
        let args = ["run", "copy", "--size", "70000", "--runs", "1", "--channel", channel, "--start-method", method];
        let output = gilscope(&args).env("TMPDIR", folder.path()).output().expect("gilscope starts");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let left = fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        // It is empty, and locked by whoever measures: a file that is removed cannot be waited for.
        assert_eq!(left.collect::<Vec<_>>(), ["gilscope.measuring"], "{channel} {method}");
    }
}

#[test]
fn a_full_device_is_named_and_the_report_is_printed_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = folder.path().join("r.csv");
    let output = run(&["--model", "serial", "--export-json", "/dev/full", "--export-csv", csv.to_str().expect("text")]);
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(error.starts_with("error: --export-json cannot write to '/dev/full': No space left"), "{error}");
    assert!(stdout(&output).contains("Answer: "), "{}", stdout(&output));
    assert!(csv.exists(), "the other export is written");
}

#[test]
fn standard_output_on_a_full_device_is_an_error_and_no_panic() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    let mut command = gilscope(&["run", "--size", "2000", "--runs", "1", "--model", "serial"]);
    let output = command.stdout(full).stderr(Stdio::piped()).output().expect("gilscope starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("error: cannot write to standard output: "), "{}", stderr(&output));
}

/// A limit on the length of files is as good as a full disk, and everybody may set one.
#[test]
fn a_full_disk_leaves_the_file_from_before_and_nothing_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.json");
    fs::write(&file, "from before").expect("written");
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$@\"";
    let args = ["-c", script, "sh", GILSCOPE.to_str().expect("text"), "run", "--size", "2000", "--export-json"];
    let output = Command::new("sh").args(args).arg(&file).output().expect("a shell");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let error = stderr(&output);
    assert!(error.starts_with(&format!("error: --export-json cannot write to '{}': ", file.display())), "{error}");
    assert!(stdout(&output).contains("Answer: "), "{}", stdout(&output));
    assert_eq!(fs::read_to_string(&file).expect("text"), "from before");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn a_reader_that_leaves_is_no_panic() {
    let script = "\"$@\" | head -n 1";
    let binary = GILSCOPE.to_str().expect("text");
    let args = ["-c", script, "sh", binary, "run", "--size", "2000", "--runs", "1", "--model", "serial,processes"];
    let output = Command::new("sh").args(args).output().expect("a shell");
    assert_eq!((stdout(&output).as_str(), stderr(&output).as_str()), ("Do my threads take turns?\n", ""));
}

#[test]
fn wrong_usage_starts_no_process() {
    assert_eq!(stderr(&output(&["run", "--start-method", "clone"])), {
        "error: --start-method cannot be 'clone': use spawn, fork or forkserver\n"
    });
}
