//! How a run ends that does not end by itself: no process and no file is left, what was measured is kept.

use std::fs;
use std::process::{Child, Command, Stdio};

use gilscope::experiment::Model;
use gilscope::report::{Report, WarningCode};

use super::terminal::Terminal;
use gilscope_tests::binary::{GILSCOPE, eventually, gilscope, output, run, stderr, stdout};
use gilscope_tests::processes::{children, descendants, is_alive, is_stopped, kill, signal};

const START_METHODS: [&str; 3] = ["spawn", "fork", "forkserver"];

fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gilscope starts")
}

/// Have a run ended as `how` does it, once a round is measured.
fn keeps_what_was_measured_and_leaves_no_process(start_method: &str, how: impl FnOnce(&mut Terminal)) {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, printed] = ["report.json", "printed"].map(|name| folder.path().join(name));
    // Rounds that are short, and so many that a slow test is in time.
    let shape = ["--size", "2000000", "--runs", "1000", "--warmup", "0", "--model", "serial,processes"];
    let flags = ["--start-method", start_method, "--export-json", file.to_str().expect("text")];
    let mut terminal = Terminal::start(&[&["run"], &shape[..], &flags].concat(), &printed);
    let pid = terminal.pid();
    terminal.wait_until_measured();
    let workers = descendants(pid);
    assert!(workers.len() >= 2, "{start_method}: {workers:?}");
    how(&mut terminal);
    let (status, shown) = terminal.finish();
    assert_eq!(status.code(), Some(130), "{start_method}: {shown}");
    assert!(!workers.into_iter().any(is_alive), "{start_method}");
    let report = Report::from_json(&fs::read_to_string(&file).expect("written")).expect("a report");
    let measured: Vec<_> = report.runs.iter().map(|run| run.model).collect();
    assert_eq!(measured, [Model::Serial, Model::Processes], "{start_method}");
    let rounds = report.runs[0].elapsed_s.samples.len();
    assert!((1..1000).contains(&rounds), "{start_method}: {rounds} rounds");
    let has = |code| report.warnings.iter().any(|warning| warning.code == code);
    assert!(has(WarningCode::Cancelled), "{start_method}: {:?}", report.warnings);
    let printed = fs::read_to_string(&printed).expect("written");
    assert!(printed.contains("Warning: the run was cancelled"), "{printed}");
}

#[test]
fn ctrl_c_keeps_what_was_measured_and_leaves_no_process() {
    for method in START_METHODS {
        keeps_what_was_measured_and_leaves_no_process(method, Terminal::press_ctrl_c);
    }
}

#[test]
fn so_do_the_system_s_wish_and_the_end_of_the_terminal() {
    for name in ["-INT", "-TERM", "-HUP"] {
        keeps_what_was_measured_and_leaves_no_process("spawn", |terminal| signal(name, terminal.pid()));
    }
}

#[test]
fn a_run_that_is_cancelled_before_anything_was_measured_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, printed] = ["report.json", "printed"].map(|name| folder.path().join(name));
    // No round of it ends within a minute.
    let endless = ["run", "--size", "1000000000", "--tasks", "1000", "--model", "serial,processes", "--export-json"];
    let mut terminal = Terminal::start(&[&endless[..], &[file.to_str().expect("text")]].concat(), &printed);
    terminal.wait_until_begun();
    signal("-INT", terminal.pid());
    let (status, shown) = terminal.finish();
    assert_eq!(status.code(), Some(130), "{shown}");
    assert!(shown.contains("the run was cancelled before anything was measured"), "{shown}");
    assert!(!file.exists());
}

/// The codes of what a run warns of, while `disturb` does something to its process in the middle of it.
fn warned(disturb: impl FnOnce(u32)) -> Vec<WarningCode> {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, printed] = ["report.json", "printed"].map(|name| folder.path().join(name));
    let shape = ["run", "--size", "2000000", "--runs", "1000", "--warmup", "0", "--model", "serial", "--export-json"];
    let mut terminal = Terminal::start(&[&shape[..], &[file.to_str().expect("text")]].concat(), &printed);
    terminal.wait_until_measured();
    disturb(terminal.pid());
    signal("-INT", terminal.pid());
    terminal.finish();
    let report = Report::from_json(&fs::read_to_string(&file).expect("text")).expect("a report");
    report.warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn a_run_that_was_stopped_for_a_while_says_so() {
    let stopped = warned(|pid| {
        signal("-STOP", pid);
        eventually("it stands still", || is_stopped(pid));
        signal("-CONT", pid);
    });
    assert!(stopped.contains(&WarningCode::StoodStill), "{stopped:?}");
    assert!(!warned(|_| {}).contains(&WarningCode::StoodStill));
}

/// One that is stopped neither answers nor reads: with 8 MB a task the pipe to it is full at once.
#[test]
fn a_worker_that_stands_still_is_missed_and_the_run_goes_on() {
    let size = ["--size", "8000000", "--tasks", "4", "--runs", "20", "--warmup", "0"];
    let mut command = gilscope(&["run", "checksum", "--workers", "2", "--model", "processes"]);
    let child = start(command.args(size).env("GILSCOPE_PATIENCE", "1"));
    let workers = two_workers(child.id(), "spawn");
    signal("-STOP", workers[0]);
    let output = child.wait_with_output().expect("gilscope ends");
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("1 worker died (it was not heard of for 1 s or more)"), "{told}");
    assert!(!workers.into_iter().any(is_alive));
}

#[test]
fn a_worker_that_is_killed_is_named_and_the_run_goes_on() {
    for method in START_METHODS {
        let args = [
            "run",
            "--size",
            "4000000",
            "--runs",
            "60",
            "--workers",
            "2",
            "--model",
            "processes",
            "--start-method",
            method,
        ];
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
        let args = ["run", "--runs", "1000", "--workers", "2", "--model", "processes", "--start-method", method];
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
fn a_patience_that_cannot_be_had_is_wrong_usage_wherever_workers_are_waited_for() {
    for command in [&["run"][..], &["lab", "race"], &["sweep", "--workers", "1,2"], &["serve", "--no-open"]] {
        let output = gilscope(command).env("GILSCOPE_PATIENCE", "soon").output().expect("gilscope starts");
        let told = "error: GILSCOPE_PATIENCE cannot be 'soon': use 1 to 3600 seconds, because a worker that computes \
                    reports twice a second\n";
        assert_eq!((stderr(&output).as_str(), output.status.code()), (told, Some(2)), "{command:?}");
    }
}

#[test]
fn wrong_usage_starts_no_process() {
    assert_eq!(stderr(&output(&["run", "--start-method", "clone"])), {
        "error: --start-method cannot be 'clone': use spawn, fork or forkserver\n"
    });
}
