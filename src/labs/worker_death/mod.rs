//! `worker-death`: a worker is killed in the middle of a job, and what three pools make of it.

use super::finding::{Finding, Part};
use super::words::{count, plural, seconds};
use super::{Analysis, Lab, Setting};
use crate::chart::{Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::fault::Fault;
use crate::report::{DeathFigures, Report, Run, Verdict};
use crate::stats;

pub static LAB: Lab = Lab {
    id: "worker-death",
    question: "What if a worker dies?",
    watch: "Eight tasks for a few processes. In every round one process is killed in the middle of a task. Watch its row: \
            it ends, a fresh process takes its place, and the task is run again.",
    claim: "a killed worker need not cost an answer: the task is run again, while multiprocessing.Pool waits for ever and \
            ProcessPoolExecutor fails all that is left",
    article: "",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        tasks: 8,
        size: setting.size(20_000_000, 5_000_000),
        models: vec![Model::Serial, Model::Processes],
        workers: vec![setting.workers()],
        runs: setting.size(5, 3),
        fault: Fault::Kill,
        ..Experiment::default()
    }
}

/// The run in which somebody died.
fn struck(report: &Report) -> Option<(&Run, &DeathFigures)> {
    report.runs.iter().find_map(|run| Some((run, run.deaths.first()?)))
}

fn charts(report: &Report) -> Vec<Chart> {
    let Some((_, death)) = struck(report) else { return Vec::new() };
    let tasks = report.experiment.tasks;
    let (held, unanswered) = (u32::try_from(death.tasks.len()).unwrap_or(0), death.unanswered);
    // What each pool's rule makes of the death that was measured.
    let answered = [("gilscope", tasks), ("Pool", tasks - held), ("ProcessPoolExecutor", tasks - unanswered)];
    let mark = |(name, answers): (&str, u32)| Mark::at(name, answers.into());
    let chart = Chart::new(
        format!("Answers of {tasks} tasks, after the death of worker {}", death.worker),
        Form::Bars,
        Axis::new("pool", Unit::None),
        Axis::new("answers", Unit::Count),
    );
    let gilscope = chart.with("this machine", vec![mark(answered[0])]);
    vec![gilscope.with_from(Source::Theory, "by the rule of Python's pools", answered[1..].iter().copied().map(mark))]
}

fn judge(report: &Report) -> Option<Verdict> {
    let (run, death) = struck(report)?;
    let rounds = u32::try_from(run.elapsed_s.samples.len()).ok()?;
    let deaths = u32::try_from(run.deaths.len()).ok()?;
    let replaced: Vec<_> = run.deaths.iter().filter_map(|death| death.replaced_s).collect();
    let ready = match replaced.is_empty() {
        true => String::new(),
        false => format!("; a fresh process was ready {} later", seconds(stats::median(&replaced))),
    };
    // A round without all answers would have ended the run.
    let figures = format!(
        "{} died in {} ({}), and all {} tasks had their answers in each{ready}. Of the first death, Pool would have \
             waited for ever for {}, and ProcessPoolExecutor would have failed {}",
        plural(deaths, "process", "processes"),
        plural(rounds, "round", "rounds"),
        death.cause,
        count(report.experiment.tasks.into()),
        plural(u32::try_from(death.tasks.len()).ok()?, "task", "tasks"),
        plural(death.unanswered, "task", "tasks"),
    );
    let part = Part::new("answers", Finding::Yes, figures, "");
    Some(LAB.verdict(report, "a process died in the middle of its task, and no answer was lost", &[part]))
}

#[cfg(test)]
mod tests;
