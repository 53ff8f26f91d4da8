//! `gilscope python`: what holds of the cpython host, in the Python that is on the PATH.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gilscope::experiment::{Channel, Dispatch, Experiment, Library, Model, StartMethod};
use gilscope::labs;
use gilscope::lock::Policy;
use gilscope::report::{HostKind, Report, WarningCode};
use gilscope::workload;

use gilscope_tests::binary::{output, skipped, stderr, stdout, succeeds};
use gilscope_tests::invariants;
use gilscope_tests::reports::native;

/// Small, because Python is slow, and with every model that a Python with a lock has.
fn small(workload: &str) -> Experiment {
    let size = match workload {
        "mandelbrot" | "matrix-multiply" => 24,
        "io-wait" | "io-mixed" => 2_000,
        "sha256" | "checksum" | "copy" => 600_001,
        _ => 20_001,
    };
    let models = vec![Model::Serial, Model::Threads, Model::Processes, Model::EventLoop];
    let shape =
        Experiment { size, tasks: 5, workers: vec![2], runs: 2, warmup: 0, trace: true, ..Experiment::default() };
    // A copied process is the quickest to have.
    Experiment { workload: workload.into(), models, start_method: StartMethod::Fork, ..shape }
}

/// The report of `experiment` in the Python on the PATH, with its trace if it asks for one.
fn python(experiment: &Experiment) -> Report {
    python_of("python3", experiment)
}

fn python_of(name: &str, experiment: &Experiment) -> Report {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (report, trace) = (path("report.json"), path("trace.json"));
    let mut flags = vec![
        "python".to_owned(),
        "--python".into(),
        name.into(),
        "--quiet".into(),
        "--export-json".into(),
        report.clone(),
    ];
    if experiment.trace {
        flags.extend(["--export-trace".into(), trace]);
    }
    let fields = experiment.fields();
    for (name, text) in fields.into_iter().filter(|(name, text)| *name != "trace" && !text.is_empty()) {
        match name {
            "lab" => {}
            _ => flags.extend([format!("--{name}"), text]),
        }
    }
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    succeeds(&flags);
    Report::from_json(&fs::read_to_string(report).expect("written")).expect("a report")
}

#[test]
fn every_twin_holds_the_invariants_and_answers_as_compiled_code_does() {
    for workload in workload::ALL.iter().filter(|workload| workload.python.is_some()) {
        let experiment = small(workload.id);
        let report = python(&experiment);
        assert_eq!(report.host.kind, HostKind::Cpython);
        assert!(report.host.engine.starts_with("CPython 3."), "{}", report.host.engine);
        assert_eq!(report.experiment, experiment);
        assert_eq!(report.runs.len(), experiment.models.len(), "{}: {:?}", workload.id, report.warnings);
        invariants::hold(&report);
        let native = native(&Experiment { models: vec![Model::Serial], ..experiment });
        assert_eq!(invariants::answers([&report, &native]), Vec::<String>::new(), "{}", workload.id);
    }
}

#[test]
fn each_library_start_method_and_channel_holds_the_invariants() {
    let processes = Experiment { models: vec![Model::Serial, Model::Processes], ..small("checksum") };
    let futures = Experiment { models: vec![Model::Serial, Model::Threads, Model::Processes], ..small("io-wait") };
    let variants = [
        Experiment { library: Library::Futures, ..futures },
        Experiment { start_method: StartMethod::Spawn, chunk: 2, ..processes.clone() },
        Experiment { start_method: StartMethod::Forkserver, ..processes.clone() },
        Experiment { channel: Channel::Queue, ..processes.clone() },
        Experiment { channel: Channel::SharedMemory, ..processes },
    ];
    for experiment in variants {
        let report = python(&experiment);
        assert_eq!(report.runs.len(), experiment.models.len(), "{:?}", report.warnings);
        invariants::hold(&report);
    }
}

/// A Python of this machine that can do something; where there is none, that is said, and not only when a test fails.
fn able(what: &str, can: impl Fn(&serde_json::Value) -> bool) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(&succeeds(&["python", "--list", "--json"])).expect("JSON");
    let able = json.as_array().expect("a list").iter().find(|python| can(python));
    if able.is_none() {
        skipped(&format!("no Python here has {what}"));
    }
    Some(able?["executable"].as_str().expect("text").to_owned())
}

#[test]
fn interpreters_with_a_lock_each_are_processes_by_other_means() {
    let interpreters = able("interpreters, which came with 3.12", |python| python["interpreters"] == true);
    let Some(name) = interpreters else { return };
    let models = vec![Model::Serial, Model::Processes];
    let copied = Experiment { models, library: Library::Interpreters, ..small("sha256") };
    let experiment = Experiment { start_method: StartMethod::Spawn, ..copied.clone() };
    let report = python_of(&name, &experiment);
    assert_eq!(report.runs.len(), 2, "{:?}", report.warnings);
    assert!(report.warnings.iter().any(|warning| warning.code == WarningCode::Interpreters), "{:?}", report.warnings);
    invariants::hold(&report);

    let refused = python_of(&name, &copied);
    assert_eq!(refused.runs.len(), 1);
    assert!(refused.warnings.iter().any(|warning| warning.text.contains("use start method spawn")), "{refused:?}");
}

/// A copy of the harness: Python leaves what it has compiled beside the source.
#[cfg(unix)]
fn harness(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../native/src/cpython/harness");
    let copied = Command::new("cp").arg("-r").args([source.as_path(), folder]).status();
    assert!(copied.expect("cp starts").success());
    folder.join("harness")
}

/// Starts and stops one pool after another, and looks at what is open after each.
#[cfg(unix)]
const POOLS: &str = r#"
import os, select, sys
sys.path.insert(0, sys.argv[1])
from harness.conversation import pool_of

class Host:
    def wait(self, descriptors):
        return select.select(descriptors, [], [])[0]

EXPERIMENT = dict(model="processes", library="interpreters", workload="sum-of-squares", size=1000, tasks=2, chunk=1,
                  seed=1, shared_parts=1000, workers=2, all_workers=2, channel="message", cold=True, warm_up=False)

def opened():
    pool = pool_of(EXPERIMENT, Host())
    pool.start()
    pool.stop()
    return len(os.listdir("/dev/fd"))

assert opened() == opened() == opened()
"#;

#[cfg(unix)]
#[test]
fn a_pool_of_interpreters_leaves_nothing_open() {
    let interpreters = able("interpreters, which came with 3.12", |python| python["interpreters"] == true);
    let Some(name) = interpreters else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(name).args(["-c", POOLS]).arg(harness(folder.path())).output().expect("Python starts");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn the_lock_before_python_3_2_holds_the_invariants_too() {
    let ticks = able("a lock with ticks, which ended with 2.7", |python| python["switch_interval"] == false);
    let Some(name) = ticks else { return };
    let models = vec![Model::Serial, Model::Threads];
    let experiment = Experiment { models, lock_policy: Policy::Ticks, ..small("sum-of-squares") };
    let report = python_of(&name, &experiment);
    assert_eq!(report.runs.len(), 2, "{:?}", report.warnings);
    invariants::hold(&report);
}

#[test]
fn what_computes_beside_has_a_track_and_makes_threads_wait() {
    let models = vec![Model::Threads, Model::Processes];
    let report = python(&Experiment { models, workers: vec![1], background: 1, trace: false, ..small("io-wait") });
    for run in &report.runs {
        assert_eq!(run.per_worker.len(), 2);
        assert!(run.per_worker[1].running_s > 0.0 && run.per_worker[1].tasks == 0, "{:?}", run.per_worker);
    }
    assert!(report.runs[0].lock.as_ref().is_some_and(|lock| lock.forced_switches > 0), "{:?}", report.runs[0].lock);
    assert!(report.runs[0].per_worker[0].waiting_s > 0.0, "{:?}", report.runs[0].per_worker);
}

#[test]
fn what_is_counted_is_found_on_the_heap_of_whoever_counted() {
    let experiment = Experiment { trace: false, ..small("counter") };
    let report = python(&experiment);
    let counted = |model| report.widest(model).and_then(|run| run.counted.clone()).expect("it counts");
    assert_eq!(counted(Model::Serial).found.median, 100_005.0);
    let processes = counted(Model::Processes);
    assert_eq!((processes.found.median, processes.by_worker.iter().sum::<i64>()), (0.0, 100_005));
}

#[test]
fn a_request_may_have_a_worker_of_its_own() {
    let flags = ["python", "latency", "--runs", "1", "--warmup", "0", "--tasks", "2", "--start-method", "fork"];
    let report = succeeds(&[&flags[..], &["--export-json", "-"]].concat());
    let report = Report::from_json(&report).expect("a report");
    judged_by_itself(&report);
    for run in &report.runs {
        let fresh = report.experiment_of(run).dispatch == Dispatch::Fresh;
        let started = run.startup_s.samples.len();
        assert_eq!(started, if fresh { 2 } else { 1 }, "{}, fresh: {fresh}", run.model);
    }
}

/// The verdict is what the lab makes of this very report.
fn judged_by_itself(report: &Report) {
    let lab = labs::find(&report.experiment.lab).expect("a lab");
    let verdict = report.verdict.as_ref().unwrap_or_else(|| panic!("no verdict: {:?}", report.warnings));
    assert_eq!((Some(verdict), &*verdict.lab), (lab.analysis.judge(report).as_ref(), lab.id));
}

#[test]
fn a_lab_runs_in_python_with_sizes_that_suit_it() {
    let flags = ["python", "race", "--quick", "--runs", "1", "--warmup", "0", "--export-json", "-"];
    let report = Report::from_json(&succeeds(&flags)).expect("a report");
    assert_eq!(report.experiment.size, 8_000_000 / 40);
    judged_by_itself(&report);
    let left_out = |report: &Report| report.warnings.iter().any(|warning| warning.text.starts_with("free-threads did"));
    assert!(left_out(&report) || report.host.engine.contains("free-threaded"), "{:?}", report.warnings);
}

#[test]
fn the_list_has_the_python_on_the_path_with_what_it_can_do() {
    let json: serde_json::Value = serde_json::from_str(&succeeds(&["python", "--list", "--json"])).expect("JSON");
    let pythons = json.as_array().expect("a list");
    let start_methods = pythons.iter().filter_map(|python| python["start_methods"].as_array());
    assert!(start_methods.into_iter().any(|methods| methods.iter().any(|method| method == "spawn")), "{json}");
    let text = succeeds(&["python", "--list"]);
    assert_eq!(text.lines().count(), pythons.len() + 1, "{text}");
    assert!(text.starts_with("version "), "{text}");
}

/// A file that can be run. Another process writes it: one that a test beside this one starts just then would have it
/// open for writing, too, and such a file cannot be run (ETXTBSY).
#[cfg(unix)]
fn script(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    let write = r#"printf %s "$1" > "$0" && chmod 755 "$0""#;
    let written = Command::new("/bin/sh").args(["-c", write]).arg(&path).arg(text).status().expect("sh starts");
    assert!(written.success());
    path.to_str().expect("text").to_owned()
}

#[cfg(unix)]
#[test]
fn a_python_that_cannot_be_had_is_wrong_usage_with_what_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = r#"#!/bin/sh
echo '{"implementation": "CPython", "version": "3.5.2", "compiler": "", "executable": "/python", "start_methods": [],
 "interpreters": false, "gil_can_be_off": false, "switch_interval": true}'
"#;
    let old = script(folder.path(), "old", old);
    let mute = script(folder.path(), "mute", "#!/bin/sh\nexit 3\n");
    let cases = [
        ("9.9", "there is no such Python here; found: "),
        ("/no/python", "there is no such Python here; found: "),
        (old.as_str(), "it is CPython 3.5.2; name another one, or install one: gilscope python needs CPython 3.8"),
        (mute.as_str(), "it does not answer as a Python does (exit status: 3); name another one"),
    ];
    for (python, says) in cases {
        let output = output(&["python", "race", "--python", python]);
        let complaint = format!("error: --python cannot be '{python}': {says}");
        assert!(stderr(&output).starts_with(&complaint), "{}", stderr(&output));
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    }
}

/// As of a virtual environment whose Python was removed. Nothing else is on the PATH.
#[cfg(unix)]
#[test]
fn a_python_that_is_gone_is_asked_once_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    script(folder.path(), "python3", "#!/gone/python\n");
    let output = |args: &[&str]| {
        let mut command = gilscope_tests::binary::gilscope(args);
        command.env("PATH", folder.path()).env("PYENV_ROOT", folder.path()).output().expect("gilscope starts")
    };
    let list = stdout(&output(&["python", "--list"]));
    assert!(list.starts_with("there is no such Python here; none was found: name another one"), "{list}");
    let run = stderr(&output(&["python", "race"]));
    let says = "it does not answer as a Python does (it cannot be started: No such file or directory";
    assert!(run.starts_with(&format!("error: --python cannot be 'python3': {says}")), "{run}");
}

/// What a reader does who wants to see what the harness is.
#[cfg(unix)]
#[test]
fn a_harness_that_is_started_by_hand_ends_and_takes_nothing_along() {
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().expect("a folder");
    let main = harness(folder.path()).join("main.py");
    // In a group of its own, because it was the caller's that it ended.
    let status = Command::new("python3").arg(&main).stdin(Stdio::null()).process_group(0).status();
    assert_eq!((status.expect("python3 starts").code(), main.exists()), (Some(0), true));
}

#[test]
fn what_has_no_twin_and_what_is_neither_lab_nor_workload_is_wrong_usage() {
    let wrong = |what| stderr(&output(&["python", what]));
    assert!(wrong("image-resize").contains("it has no twin in pure Python; use one of sum-of-squares"));
    assert!(wrong("fizz").starts_with("error: LAB|WORKLOAD cannot be 'fizz': use one of race"), "{}", wrong("fizz"));
}

#[test]
fn several_pythons_have_files_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("race.json");
    let twice = ["python", "--python", "python3", "--python", "python3", "--model", "serial", "--size", "1000"];
    succeeds(&[&twice[..], &["--runs", "1", "--warmup", "0", "--export-json", file.to_str().expect("text")]].concat());
    assert!(!file.exists());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
    let refused = output(&[&twice[..], &["--export-csv", "-"]].concat());
    assert!(stderr(&refused).starts_with("error: --export-csv cannot be '-': there are several Pythons"));
}

#[cfg(target_os = "linux")]
mod ends {
    use std::process::Child;

    use super::*;
    use gilscope_tests::binary::{eventually, gilscope};
    use gilscope_tests::processes::{children, interrupt, is_alive, kill};

    /// A run that goes on until it is ended, its harness, and the workers of that; temporary files lie in `folder`.
    fn begun(folder: &Path) -> (Child, u32, Vec<u32>) {
        let flags = ["python", "--model", "processes", "--workers", "2", "--start-method", "fork", "--size", "2000000"];
        let mut command = gilscope(&[&flags[..], &["--runs", "1000", "--warmup", "0", "--quiet"]].concat());
        command.env("TMPDIR", folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().expect("gilscope starts");
        let mut harness = Vec::new();
        eventually("both pools have their workers", || {
            harness = children(child.id());
            harness.iter().filter(|pid| children(**pid).len() >= 2).count() >= 1
        });
        let with_workers = harness.iter().copied().find(|pid| children(*pid).len() >= 2).expect("just seen");
        let all = harness.iter().flat_map(|pid| children(*pid)).chain(harness.iter().copied()).collect();
        (child, with_workers, all)
    }

    fn nothing_is_left(folder: &Path, pids: &[u32]) {
        eventually("no process is left", || !pids.iter().any(|pid| is_alive(*pid)));
        let left = || {
            fs::read_dir(folder)
                .expect("a folder")
                .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name() != "gilscope.measuring"))
        };
        eventually("no file is left", || left().count() == 0);
    }

    #[test]
    fn ctrl_c_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let (child, _, pids) = begun(folder.path());
        interrupt(child.id());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
        nothing_is_left(folder.path(), &pids);
    }

    #[test]
    fn a_parent_that_is_killed_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut child, _, pids) = begun(folder.path());
        kill(child.id());
        child.wait().expect("it ends");
        nothing_is_left(folder.path(), &pids);
    }

    #[test]
    fn a_python_that_dies_is_named_with_how_it_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let (child, harness, pids) = begun(folder.path());
        kill(harness);
        let output = child.wait_with_output().expect("it ends");
        let error = stderr(&output);
        assert!(error.contains("ended in the middle of the run (signal: 9 (SIGKILL))"), "{error}");
        assert!(error.starts_with("error: CPython 3."), "{error}");
        assert_eq!(output.status.code(), Some(1));
        nothing_is_left(folder.path(), &pids);
    }

    #[test]
    fn a_worker_process_that_dies_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let (child, harness, pids) = begun(folder.path());
        kill(children(harness)[0]);
        let output = child.wait_with_output().expect("it ends");
        let error = stderr(&output);
        assert!(error.contains("ended in the middle of the run (exit code -9)"), "{error}");
        nothing_is_left(folder.path(), &pids);
    }
}
