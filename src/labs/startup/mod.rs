//! `startup`: how long a worker takes to be ready.

use super::finding::{Part, Quantity};
use super::words::seconds;
use super::{Analysis, Lab, Setting, by_start_method, first_of, percentiles, start_methods};
use crate::chart::{Across, Axis, Chart, Form, Source, Unit};
use crate::experiment::{Dispatch, Experiment, Model};
use crate::report::{HostKind, Report, Verdict};

/// A process that takes this many times as long to start as a thread is not cheap beside it.
const MUCH: f64 = 5.0;

pub static LAB: Lab = Lab {
    id: "startup",
    question: "What does it cost to start a worker?",
    watch: "Every task gets a worker of its own, which is started for it. Watch how long each kind takes until it is \
            ready.",
    claim: "starting a thread is cheap, starting a process is not",
    article: "about 1 ms against 50-200 ms",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        size: 1_000,
        // Every task starts a worker.
        tasks: setting.size(30, 8),
        models: vec![Model::Threads, Model::Processes],
        workers: vec![1],
        dispatch: Dispatch::Fresh,
        runs: setting.size(3, 1),
        warmup: 1,
        sweep: start_methods(setting.host),
        ..Experiment::default()
    }
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "How long workers took to be ready",
        Form::Lines,
        Axis::new("", Unit::None),
        Axis::log("start-up of a worker", Unit::Seconds),
    );
    for (name, run) in by_start_method(report) {
        let all = crate::stats::Percentiles::of(&run.startup_s.samples);
        chart = chart.with(name, all.map(|all| percentiles(&all)).unwrap_or_default());
    }
    vec![
        chart
            .line(Source::Article, Across::Y, "the article's thread, about", 0.001)
            .line(Source::Article, Across::Y, "the article's process, from", 0.05)
            .line(Source::Article, Across::Y, "the article's process, to", 0.2),
    ]
}

fn judge(report: &Report) -> Option<Verdict> {
    let threads = &first_of(report, Model::Threads)?.startup_s;
    let mut processes = by_start_method(report).filter(|(_, run)| run.model == Model::Processes);
    // The first is started afresh; copies are told beside it.
    let process = &processes.next()?.1.startup_s;
    let copies = processes.map(|(name, run)| format!("; {name} were ready after {}", seconds(run.startup_s.median)));
    let figures = format!(
        "a thread was ready after {}, a process after {}, {:.1} times as long{}",
        seconds(threads.median),
        seconds(process.median),
        process.median / threads.median,
        copies.collect::<String>()
    );
    let against = if report.host.kind == HostKind::Browser {
        "a process starts nearly as fast as a thread, because in a browser both are web workers"
    } else {
        "a process starts nearly as fast as a thread"
    };
    let part = Part::new("processes", Quantity::ratio(process, threads).at_least(MUCH), figures, against);
    Some(LAB.verdict(report, "starting a process takes many times as long as starting a thread", &[part]))
}

#[cfg(test)]
mod tests;
