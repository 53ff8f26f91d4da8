//! `shared-state`: threads see one heap, each process has its own.

use super::finding::{Finding, Part};
use super::words::{count, percent};
use super::{Analysis, Lab, Setting, point, run_of};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{CountedFigures, HostKind, Report, Verdict};

pub static LAB: Lab = Lab {
    id: "shared-state",
    question: "Is my counter shared?",
    watch: "All workers count up one counter. Watch what it says at the end: with the lock, without it, and where \
            every worker has a counter of its own.",
    claim: "threads see one heap; each process has its own copy, so a shared counter is not shared",
    article: "queue, pipe or shared memory needed",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let at = |workload: &str, model: &str| point(&[("workload", workload), ("model", model)]);
    let size = setting.size(4_000_000, 2_000_000).to_string();
    let mut sweep = vec![at("counter", "threads,free-threads,processes"), at("atomic-counter", "free-threads")];
    sweep.iter_mut().for_each(|point| drop(point.insert("size".into(), size.clone())));
    Experiment {
        workload: "counter".into(),
        tasks: 8,
        workers: vec![setting.workers()],
        runs: setting.size(5, 3),
        sweep,
        ..Experiment::default()
    }
}

fn counted<'a>(report: &'a Report, workload: &str, model: Model) -> Option<&'a CountedFigures> {
    run_of(report, workload, model)?.counted.as_ref()
}

/// What the parent, which owns the total, has added up from the messages of its processes: the answer.
fn by_messages(report: &Report) -> Option<f64> {
    let run = report.runs.iter().find(|run| run.model == Model::Processes)?;
    run.answer.split(' ').next()?.parse().ok()
}

fn charts(report: &Report) -> Vec<Chart> {
    // Python has no atomic addition.
    let atomic = if report.host.kind == HostKind::Cpython { "threads, a Lock for each" } else { "threads, atomic" };
    let ways = [
        ("threads, the lock", "counter", Model::Threads),
        ("threads, no lock", "counter", Model::FreeThreads),
        (atomic, "atomic-counter", Model::FreeThreads),
        ("processes, the parent's", "counter", Model::Processes),
    ];
    let mut marks: Vec<Mark> = ways
        .into_iter()
        .filter_map(|(name, workload, model)| Some(Mark::of(name, &counted(report, workload, model)?.found)))
        .collect();
    let processes = counted(report, "counter", Model::Processes);
    let own = processes.map(|processes| processes.by_worker.iter().enumerate()).into_iter().flatten();
    marks.extend(own.map(|(worker, found)| Mark::at(format!("process {worker}'s own"), *found as f64)));
    marks.extend(by_messages(report).map(|total| Mark::at("processes, by messages", total)));
    let expected =
        processes.or_else(|| counted(report, "counter", Model::Threads)).map(|counted| counted.expected as f64);
    let chart = Chart::new(
        "What the counter says in the end",
        Form::Bars,
        Axis::new("", Unit::None),
        Axis::new("counted", Unit::Count),
    )
    .with("the counter", marks);
    vec![
        expected.into_iter().fold(chart, |chart, at| chart.line(Source::Theory, Across::Y, "what all tasks added", at)),
    ]
}

fn of_heaps(apart: bool, figures: String) -> Part {
    Part::new("processes", Finding::counted(apart), figures, "processes saw one counter together")
}

fn judge(report: &Report) -> Option<Verdict> {
    let processes = counted(report, "counter", Model::Processes)?;
    let expected = processes.expected as f64;
    let apart = processes.found.max == 0.0 && processes.by_worker.iter().all(|own| (*own as f64) < expected);
    let own: Vec<String> = processes.by_worker.iter().map(|own| count(*own as f64)).collect();
    let of_processes = format!(
        "{} additions left the parent's counter at {} and the processes' own at {}; only messages gave the whole",
        count(expected),
        count(processes.found.median),
        own.join(" and ")
    );
    let Some(threads) = counted(report, "counter", Model::Threads) else {
        let part = of_heaps(apart, format!("{of_processes}. Threads could not run here"));
        return Some(LAB.verdict(report, "each process has a counter of its own", &[part]));
    };
    let shared = threads.found.min == expected && threads.found.max == expected;
    let lost = counted(report, "counter", Model::FreeThreads).map(|free| {
        let lost = (expected - free.found.median).max(0.0);
        format!("; without the lock {} additions ({}) were lost", count(lost), percent(lost / expected))
    });
    let of_threads = Part::new(
        "threads",
        Finding::counted(shared),
        format!("threads under the lock counted {} together{}", count(threads.found.median), lost.unwrap_or_default()),
        "threads under the lock did not count what they added",
    );
    let confirmed = "threads share one counter, each process has its own";
    Some(LAB.verdict(report, confirmed, &[of_threads, of_heaps(apart, of_processes)]))
}

#[cfg(test)]
mod tests;
