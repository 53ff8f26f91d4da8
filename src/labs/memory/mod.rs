//! `memory`: what a worker takes.

use super::finding::{Doubt, Finding, Part, Quantity};
use super::words::{MIB, bytes};
use super::{Analysis, Lab, Setting, by_start_method, first_of, start_methods};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{HostKind, Report, Run, Verdict};
use crate::stats::Summary;

/// A process that takes this many times as much as a thread has a heap of its own to pay for.
const MUCH: f64 = 2.0;

const CONFIRMED: &str = "a process takes several times the memory of a thread";

pub static LAB: Lab = Lab {
    id: "memory",
    question: "What does a worker take of memory?",
    watch: "Some workers are started and compute a little. Watch how much memory each kind adds.",
    claim: "a process costs its own interpreter and heap",
    article: "thread 1-5 MB, process 10-50 MB (bare 10-15, with big imports 30-100)",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        size: 100_000,
        tasks: 32,
        models: vec![Model::Threads, Model::Processes],
        // More workers than one, so that what the first one brings for all does not count as one's own.
        workers: vec![setting.size(8, 4)],
        runs: 3,
        sweep: start_methods(setting.host),
        ..Experiment::default()
    }
}

fn charts(report: &Report) -> Vec<Chart> {
    let marks = |of: fn(&Run) -> Option<&Summary>| {
        by_start_method(report).filter_map(|(name, run)| Some(Mark::of(name, of(run)?))).collect::<Vec<_>>()
    };
    vec![
        Chart::new(
            "Memory that one worker takes",
            Form::Bars,
            Axis::new("model", Unit::None),
            Axis::log("memory", Unit::Bytes),
        )
        .with(own(report.host.kind), marks(|run| run.memory_bytes.as_ref()))
        .with("with what it shares (RSS)", marks(|run| run.rss_bytes.as_ref()))
        .line(Source::Article, Across::Y, "the article's thread, up to", 5.0 * MIB)
        .line(Source::Article, Across::Y, "the article's process, from", 10.0 * MIB)
        .line(Source::Article, Across::Y, "the article's process, to", 50.0 * MIB),
    ]
}

/// What is told of a worker on this host.
fn own(host: HostKind) -> &'static str {
    match host {
        HostKind::Browser => "WebAssembly memory",
        _ => "its own (PSS)",
    }
}

fn judge(report: &Report) -> Option<Verdict> {
    // The first is started afresh; what copies take is in the chart.
    let run = first_of(report, Model::Processes)?;
    let process = run.memory_bytes.as_ref()?;
    let shared =
        run.rss_bytes.as_ref().map(|rss| format!(", {} with what it shares with others (RSS)", bytes(rss.median)));
    let how = match report.host.kind {
        HostKind::Browser => "of WebAssembly memory; the browser adds its own for every worker".into(),
        _ => format!("(proportional set size){}", shared.unwrap_or_default()),
    };
    // Room that an earlier run has left is taken without growing, so the first tells most.
    let Some(thread) = first_of(report, Model::Threads).and_then(|run| run.memory_bytes.as_ref()) else {
        let unknown = Doubt::because("no heap that threads share has grown", "Start anew and run it first.");
        let figures = format!("a process took {} {how}", bytes(process.median));
        return Some(LAB.verdict(report, CONFIRMED, &[Part::new("processes", Finding::Unsure(unknown), figures, "")]));
    };
    let figures = format!("a thread took {}, a process {} {how}", bytes(thread.median), bytes(process.median));
    let finding = Quantity::ratio(process, thread).at_least(MUCH);
    let why = if report.host.kind == HostKind::Cpython {
        format!("{figures}; a forked process shares what it has not changed with its parent, a spawned one does not")
    } else if finding == Finding::Yes {
        format!("{figures}; no Python runs in it, whose interpreter is what makes the article's process larger")
    } else {
        format!("{figures}: a worker here carries no interpreter, and its stack is most of what it takes")
    };
    let part = Part::new("processes", finding, why, "a process takes little more memory than a thread");
    Some(LAB.verdict(report, CONFIRMED, &[part]))
}

#[cfg(test)]
mod tests;
