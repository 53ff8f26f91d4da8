//! `io`: waiting needs neither the lock nor a core.

use super::finding::{Part, Quantity};
use super::words::times;
use super::{Analysis, Lab, Setting, point, run_of};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Verdict};

/// Threads that reach this share of their number wait side by side.
const SIDE_BY_SIDE: f64 = 0.7;
const WORKERS: u32 = 8;

pub static LAB: Lab = Lab {
    id: "io",
    question: "Are threads right for waiting?",
    watch: "Tasks that wait, as for a network, and tasks that wait and compute. Watch how the waits of threads \
            overlap: framed rows wait together.",
    claim: "the lock is released while a thread waits for I/O, so threads are right for I/O-bound work",
    article: "threads scale well",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let (tasks, size) = (setting.size(48, 24), setting.size(10_000, 5_000));
    let at = |workload: &str| {
        point(&[("workload", workload.to_owned()), ("size", size.to_string()), ("tasks", tasks.to_string())])
    };
    Experiment {
        models: vec![Model::Serial, Model::Threads, Model::Processes, Model::EventLoop],
        workers: vec![WORKERS],
        runs: setting.size(5, 3),
        warmup: setting.size(1, 0),
        sweep: vec![at("io-wait"), at("io-mixed")],
        ..Experiment::default()
    }
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "How many times as fast as waiting for one after another",
        Form::Bars,
        Axis::new("model", Unit::None),
        Axis::new("speed-up over serial", Unit::Ratio),
    );
    for (workload, name) in [("io-wait", "only waiting"), ("io-mixed", "half waiting, half computing")] {
        let runs = Model::ALL.into_iter().filter_map(|model| run_of(report, workload, model));
        let marks = runs.filter_map(|run| Some(Mark::of(run.model.name(), run.speedup.as_ref()?)));
        chart = chart.with(name, marks.collect::<Vec<_>>());
    }
    vec![chart.line(Source::Theory, Across::Y, "as many as there are workers", WORKERS.into())]
}

fn judge(report: &Report) -> Option<Verdict> {
    let speedup = |workload, model| run_of(report, workload, model)?.speedup.as_ref();
    let threads = speedup("io-wait", Model::Threads)?;
    let workers = run_of(report, "io-wait", Model::Threads)?.workers;
    let side_by_side = Quantity::from(threads).at_least(SIDE_BY_SIDE * f64::from(workers));
    let mixed =
        speedup("io-mixed", Model::Threads).map(|mixed| format!("; where they also compute, only {}", times(mixed)));
    let events = speedup("io-wait", Model::EventLoop)
        .map(|events| format!("; one event loop {}, with a single worker", times(events)));
    let figures = format!(
        "{workers} threads that only wait ran {}{}{}",
        times(threads),
        mixed.unwrap_or_default(),
        events.unwrap_or_default()
    );
    let part = Part::new("threads", side_by_side, figures, "the threads did not wait side by side");
    Some(LAB.verdict(report, "threads waited side by side, as the lock is free while a thread waits", &[part]))
}

#[cfg(test)]
mod tests;
