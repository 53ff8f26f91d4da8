//! Reports of the native host, and experiments for hosts that are to agree.

use gilscope::experiment::Experiment;
use gilscope::report::Report;

use crate::binary::gilscope;

/// The report of `experiment` on the native host, with its trace if it asks for one.
pub fn native(experiment: &Experiment) -> Report {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let (report, trace) = (path("report.json"), path("trace.json"));
    let mut flags = vec!["run".to_owned(), "--quiet".into(), "--export-json".into(), report.clone()];
    if experiment.trace {
        flags.extend(["--export-trace".into(), trace]);
    }
    for (name, text) in experiment.fields() {
        match name {
            "trace" => {}
            "lab" if text == "race" => {}
            "sweep" if text.is_empty() => {}
            "lab" => flags.splice(..1, ["lab".to_owned(), text]).for_each(drop),
            "workload" if flags[0] == "run" => flags.push(text),
            _ => flags.extend([format!("--{name}"), text]),
        }
    }
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    let output = gilscope(&flags).output().expect("gilscope starts");
    assert!(output.status.success(), "{flags:?}: {}", String::from_utf8_lossy(&output.stderr));
    Report::from_json(&std::fs::read_to_string(report).expect("written")).expect("a report")
}

/// The sum of the squares of the whole numbers below `tasks` x `size`.
pub fn closed_form(experiment: &Experiment) -> String {
    let last = u128::from(experiment.tasks) * u128::from(experiment.size) - 1;
    (last * (last + 1) * (2 * last + 1) / 6).to_string()
}

/// A small experiment with every task of several quanta, for hosts that are to agree.
pub fn small(workload: &str) -> Experiment {
    let size = match workload {
        "sum-of-squares" => 1_500_000,
        "monte-carlo-pi" => 400_000,
        "mandelbrot" => 256,
        "image-resize" => 256,
        "matrix-multiply" => 32,
        "matrix-kernel" => 96,
        "io-wait" | "io-mixed" => 3_000,
        // Long enough for a clock of 20 us to see.
        "primitive" => 20_000,
        "checksum" | "copy" => 8_000_000,
        _ => 400_000,
    };
    let experiment =
        Experiment { size, runs: 2, warmup: 0, trace: true, ..Experiment::of(workload).expect("a workload") };
    // Tasks that wait for each other bring as many workers as they are.
    if workload == "primitive" { experiment } else { Experiment { tasks: 6, workers: vec![3], ..experiment } }
}
