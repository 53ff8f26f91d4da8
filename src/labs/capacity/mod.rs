//! `capacity`: how many workers fit, and what to do about thousands of waits.

use super::finding::{Part, Quantity};
use super::words::{bytes, count, seconds};
use super::{Analysis, Lab, Setting};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Run, Verdict};

/// What the article's processes take at most in a machine with 8 GB.
const ARTICLE: f64 = 200.0;

pub static LAB: Lab = Lab {
    id: "capacity",
    question: "How many workers fit?",
    watch: "A thousand short waits, for threads, processes and an event loop. Watch what one worker takes of memory: \
            it decides how many fit.",
    claim: "memory bounds how many workers fit; for thousands of waits use an event loop",
    article: "8 GB and 8 cores: 50-80 processes comfortable, 100-200 at most",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        workload: "io-wait".into(),
        size: 10_000,
        tasks: setting.size(1_000, 200),
        models: vec![Model::Threads, Model::Processes, Model::EventLoop],
        workers: vec![8],
        runs: 3,
        warmup: 0,
        ..Experiment::default()
    }
}

/// How many workers as those of `run` the budget holds.
fn fit(report: &Report, run: &Run) -> Option<f64> {
    let one = run.memory_bytes.as_ref()?.median;
    (one > 0.0).then(|| (report.experiment.memory_budget_bytes as f64 / one).floor())
}

fn charts(report: &Report) -> Vec<Chart> {
    let budget = bytes(report.experiment.memory_budget_bytes as f64);
    let workers = report.runs.iter().filter(|run| !run.model.is_alone());
    let fits = workers.filter_map(|run| Some(Mark::at(run.model.name(), fit(report, run)?)));
    let waits = report.runs.iter().map(|run| Mark::of(run.model.name(), &run.elapsed_s));
    vec![
        Chart::new(
            format!("Workers that {budget} would hold, by what one took"),
            Form::Bars,
            Axis::new("model", Unit::None),
            Axis::log("workers", Unit::Count),
        )
        .with("computed from memory measured here", fits.collect::<Vec<_>>())
        .line(Source::Article, Across::Y, "the article's processes in 8 GB, at most", ARTICLE),
        Chart::new(
            format!(
                "{} waits of {}",
                count(report.experiment.tasks.into()),
                seconds(f64::from(report.experiment.size) / 1e6)
            ),
            Form::Bars,
            Axis::new("model", Unit::None),
            Axis::log("time", Unit::Seconds),
        )
        .with("this machine", waits.collect::<Vec<_>>()),
    ]
}

fn judge(report: &Report) -> Option<Verdict> {
    let (threads, processes) = (report.widest(Model::Threads), report.widest(Model::Processes)?);
    let events = report.widest(Model::EventLoop)?;
    let fits = fit(report, processes)?;
    let budget = bytes(report.experiment.memory_budget_bytes as f64);
    let of_threads =
        threads.and_then(|threads| Some(format!(", of threads {}", count(fit(report, threads)?)))).unwrap_or_default();
    let pool = threads.unwrap_or(processes);
    let figures = format!(
        "{budget} would hold {} processes of {} each{of_threads}; one event loop had {} waits done after {}, {} {} after {}",
        count(fits),
        bytes(processes.memory_bytes.as_ref()?.median),
        count(report.experiment.tasks.into()),
        seconds(events.elapsed_s.median),
        pool.workers,
        pool.model,
        seconds(pool.elapsed_s.median)
    );
    let faster = Quantity::ratio(&events.elapsed_s, &pool.elapsed_s).at_most(1.0);
    let figures = if fits <= ARTICLE {
        figures
    } else {
        format!("{figures}. That is more processes than the article's, because no Python runs in them")
    };
    let part = Part::new("waits", faster, figures, "the event loop was no faster");
    Some(LAB.verdict(report, "memory bounds the workers, and one event loop waits for more at once", &[part]))
}

#[cfg(test)]
mod tests;
