//! The native host, by its command line.

use std::process::Command;

use anyhow::{Context, ensure};
use gilscope::experiment::Experiment;
use gilscope::report::Report;
use gilscope_tests::binary::GILSCOPE;

/// The binary that `cargo xtask bench` has built for release, with the site in it.
pub fn gilscope() -> Command {
    Command::new(&*GILSCOPE)
}

pub fn run(experiment: &Experiment, recording: bool) -> anyhow::Result<Report> {
    report(gilscope().arg("run"), experiment, recording)
}

/// Run an experiment by a subcommand of gilscope.
pub fn report(command: &mut Command, experiment: &Experiment, recording: bool) -> anyhow::Result<Report> {
    command.args([experiment.workload.as_str(), "--export-json", "-"]);
    let unspelled = |name: &str, value: &str| ["lab", "workload", "trace"].contains(&name) || value.is_empty();
    for (name, value) in experiment.fields().into_iter().filter(|(name, value)| !unspelled(name, value)) {
        command.arg(format!("--{name}")).arg(value);
    }
    let folder = tempfile::tempdir()?;
    if experiment.trace {
        // Asking for the trace puts it into the report, too.
        command.arg("--export-trace").arg(folder.path().join("trace.json"));
    }
    if !recording {
        command.arg("--no-recording");
    }
    let output = command.output().context("gilscope does not start")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(Report::from_json(std::str::from_utf8(&output.stdout)?)?)
}
