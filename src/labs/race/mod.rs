//! `race`: CPU-bound work gains nothing from threads under the lock and almost the ceiling from
//! processes.

mod swept;

use super::finding::{Part, Quantity, low_ceiling, no_room};
use super::words::{percent, plural, times};
use super::{Analysis, Lab, Setting};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Verdict};
use crate::workload::{self, UnderLock};

/// Up to this speed-up threads have gained nothing: below 1.3 times, noise can make it.
const NOTHING: f64 = 1.15;
/// From this share of the ceiling on processes have gained almost all there is.
const ALMOST_ALL: f64 = 0.85;

/// Threads that reach this share of their number wait side by side.
const SIDE_BY_SIDE: f64 = 0.7;

pub static LAB: Lab = Lab {
    id: "race",
    question: "Do my threads take turns?",
    watch: "Four equal tasks, run by one worker, by threads, by processes, and by threads without the lock. Watch \
            the threads: only one row is solid at a time. The hatched ones wait for the lock.",
    claim: "CPU-bound work: threads gain nothing, processes gain almost the number of cores",
    article: "4 x sum of squares, n = 10,000,000, on 4 cores: one after another 4.0 s, 4 threads 4.2 s (0.95x), \
              4 processes 1.1 s (3.6x)",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        size: setting.size(40_000_000, 8_000_000),
        runs: setting.size(5, 3),
        workers: vec![setting.workers()],
        ..Experiment::default()
    }
}

fn charts(report: &Report) -> Vec<Chart> {
    if !report.experiment.sweep.is_empty() {
        return swept::charts(report);
    }
    let chart = Chart::new(
        "How many times as fast as one task after another",
        Form::Bars,
        Axis::new("model", Unit::None),
        Axis::new("speed-up", Unit::Ratio),
    );
    let runs = report.runs.iter().filter_map(|run| {
        let name = if report.experiment.workers.len() > 1 && !run.model.is_alone() {
            format!("{}, {}", run.model, run.workers)
        } else {
            run.model.to_string()
        };
        Some(Mark::of(name, run.speedup.as_ref()?))
    });
    let mut chart = chart.with("this machine", runs.collect::<Vec<_>>());
    for (workers, ceiling) in &report.host.ceiling {
        chart = chart.line(Source::Measured, Across::Y, format!("ceiling for {workers}"), *ceiling);
    }
    vec![chart.line(Source::Article, Across::Y, "the article's 4 processes on 4 cores", 3.6).line(
        Source::Article,
        Across::Y,
        "the article's 4 threads",
        0.95,
    )]
}

fn judge(report: &Report) -> Option<Verdict> {
    let meets = workload::find(&report.experiment.workload)?.meeting.is_some();
    if !report.experiment.sweep.is_empty() || meets {
        return None;
    }
    let threads = report.widest(Model::Threads).filter(|run| run.workers > 1)?;
    let processes = report.widest(Model::Processes).filter(|run| run.workers > 1)?;
    let (threads_speedup, processes_speedup) = (threads.speedup.as_ref()?, processes.speedup.as_ref()?);
    let ceiling = *report.host.ceiling.get(&processes.workers.to_string())?;
    let share = processes.efficiency?;
    let room = no_room(report, ceiling);
    let is_at_most = |most: f64| Quantity::from(threads_speedup).at_most(most).unless(room.clone());
    let is_at_least = |least: f64| Quantity::from(threads_speedup).at_least(least).unless(room.clone());
    let waiting = f64::from(threads.workers.min(report.experiment.tasks));
    let (finding, confirmed, against) = match workload::find(&report.experiment.workload)?.under_lock {
        UnderLock::Computes => (
            is_at_most(NOTHING),
            "threads took turns and gained nothing, processes ran in parallel",
            "threads were faster than one task after another, which the lock should prevent",
        ),
        UnderLock::Drops => (
            is_at_least(ALMOST_ALL * ceiling),
            "threads ran in parallel as processes did, for this code drops the lock while it computes",
            "threads gained little, although this code drops the lock while it computes",
        ),
        UnderLock::Waits => (
            is_at_least(SIDE_BY_SIDE * waiting),
            "threads waited side by side, for a thread that waits drops the lock",
            "threads did not wait side by side, although a thread that waits drops the lock",
        ),
        UnderLock::WaitsAndComputes => (
            is_at_least(NOTHING),
            "threads gained by waiting side by side, and took turns to compute",
            "threads gained nothing, although a thread that waits drops the lock",
        ),
    };
    let of_threads = Part::new(
        "threads",
        finding,
        format!(
            "{} ran {} as fast as one task after another",
            plural(threads.workers, "thread", "threads"),
            times(threads_speedup)
        ),
        against,
    );
    let of_processes = Part::new(
        "processes",
        Quantity::from(processes_speedup).at_least(ALMOST_ALL * ceiling).unless(room.or(low_ceiling(share))),
        format!(
            "{} ran {} as fast, of the {ceiling:.2}x that this machine can do",
            plural(processes.workers, "process", "processes"),
            times(processes_speedup)
        ),
        format!("processes reached only {} of what this machine can do", percent(share)),
    );
    Some(LAB.verdict(report, confirmed, &[of_threads, of_processes]))
}

#[cfg(test)]
pub(crate) mod tests;
