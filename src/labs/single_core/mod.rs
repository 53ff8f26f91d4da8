//! `single-core`: on one core processes cost and bring nothing.

use super::finding::{Doubt, Part, Quantity};
use super::words::{plural, seconds};
use super::{Analysis, Lab, Setting};
use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{HostKind, Report, Run, Verdict};
use crate::stats::Estimate;

pub static LAB: Lab = Lab {
    id: "single-core",
    question: "What if there is only one core?",
    watch: "Workers that share one core, so nobody can gain. Watch how much longer processes take than one worker \
            alone.",
    claim: "on one core, processes are slower than plain serial code",
    article: "slower",
    experiment,
    analysis: Analysis::new(charts, judge),
};

/// Natively pinned to one core. A browser cannot be pinned, so there one worker stands for it.
fn experiment(setting: &Setting) -> Experiment {
    let browser = setting.host == HostKind::Browser;
    Experiment {
        size: setting.size(10_000_000, 3_000_000),
        runs: setting.size(7, 3),
        models: vec![Model::Serial, Model::Threads, Model::Processes],
        workers: vec![if browser { 1 } else { 2 }],
        cores: (!browser).then_some(1),
        ..Experiment::default()
    }
}

/// Starting the workers one after another, then the work: what a program does that starts a pool for it.
fn with_start(run: &Run) -> Estimate {
    let Estimate { value, ci95 } = Estimate::from(&run.elapsed_s);
    Estimate { value: value + starts(run), ci95: ci95.map(|ends| ends.map(|end| end + starts(run))) }
}

fn starts(run: &Run) -> f64 {
    // Code that is already running is where serial code runs.
    if run.model == Model::Serial { 0.0 } else { run.startup_s.median * f64::from(run.workers) }
}

fn charts(report: &Report) -> Vec<Chart> {
    let bar =
        |of: fn(&Run) -> f64| report.runs.iter().map(|run| Mark::at(run.model.name(), of(run))).collect::<Vec<_>>();
    vec![
        Chart::new(
            "The time with one core",
            Form::Stack,
            Axis::new("model", Unit::None),
            Axis::new("time", Unit::Seconds),
        )
        .with("the tasks", bar(|run| run.elapsed_s.median))
        .with("starting the workers", bar(starts)),
    ]
}

fn judge(report: &Report) -> Option<Verdict> {
    let (serial, processes) = (report.widest(Model::Serial)?, report.widest(Model::Processes)?);
    let rounds = serial.elapsed_s.samples.len().min(processes.elapsed_s.samples.len());
    let (alone, with) = (with_start(serial), with_start(processes));
    let figures = format!(
        "serial took {}, {} {} with their start",
        seconds(alone.value),
        plural(processes.workers, "process", "processes"),
        seconds(with.value)
    );
    let is_browser = report.host.kind == HostKind::Browser;
    let limits = if is_browser {
        "; a page cannot pin its workers to one core, so one worker stands for it, and two would have run on two"
    } else {
        ""
    };
    let is_free = !is_browser && report.experiment.cores != Some(1);
    let free = is_free.then(|| Doubt::because("it was not pinned to one core", "Run it with --cores 1."));
    let slower = with.over(alone).map(|ratio| Quantity::of(ratio, rounds))?.at_least(1.0).unless(free);
    let part = Part::new("processes", slower, figures + limits, "processes were faster than one worker on one core");
    Some(LAB.verdict(report, "on one core, processes are slower than one worker", &[part]))
}

#[cfg(test)]
mod tests;
