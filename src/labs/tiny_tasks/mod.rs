//! `tiny-tasks`: below some task length, handing out a task costs more than doing it.

use super::finding::{Part, Quantity};
use super::words::{seconds, times};
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Run, Verdict};
use crate::stats::median;

/// Size of a task, and how many: from about 1 us to 100 ms by decades.
const TASKS: [(u32, u32); 6] =
    [(500, 5_000), (5_000, 2_000), (50_000, 400), (500_000, 80), (5_000_000, 16), (50_000_000, 4)];
const CHUNKS: [u32; 4] = [1, 10, 100, 1_000];

pub static LAB: Lab = Lab {
    id: "tiny-tasks",
    question: "When are tasks too small for processes?",
    watch: "The same work, cut into ever shorter tasks. Watch where processes fall behind one worker: from there on \
            the messages cost more than the work.",
    claim: "millions of tiny tasks: per-task overhead exceeds the work, processes lose",
    article: "start-up about 100 ms plus message cost",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let workers = setting.workers();
    let decades = TASKS.into_iter().take(if setting.quick { 5 } else { TASKS.len() });
    let tasks = decades.map(|(size, tasks)| (size, if setting.quick { (tasks / 4).max(workers) } else { tasks }));
    let sweep = tasks.flat_map(|(size, tasks)| {
        // A chunk that leaves workers without any shows nothing.
        let chunks = CHUNKS.into_iter().filter(move |chunk| chunk * workers <= tasks);
        chunks.map(move |chunk| point(&[("size", size), ("tasks", tasks), ("chunk", chunk)]))
    });
    Experiment {
        models: vec![Model::Serial, Model::Processes],
        workers: vec![workers],
        runs: setting.size(5, 3),
        sweep: sweep.collect(),
        ..Experiment::default()
    }
}

/// Of the points with this chunk: seconds of a task, as `serial` took them, and the run of `processes`.
fn by_task(report: &Report, chunk: u32) -> Vec<(f64, &Run)> {
    let processes = report.runs.iter().filter(|run| run.model == Model::Processes && run.speedup.is_some());
    let of_chunk = processes.filter_map(|run| {
        let experiment = report.experiment_of(run);
        (experiment.chunk == chunk).then(|| Some((task_s(report, experiment.size)?, run)))?
    });
    let mut sorted: Vec<_> = of_chunk.collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    sorted
}

/// Seconds of a task of this size: the middle of all points that have it, whatever their chunks.
fn task_s(report: &Report, size: u32) -> Option<f64> {
    let serial = report.runs.iter().filter(|run| run.model == Model::Serial).filter_map(|run| {
        let experiment = report.experiment_of(run);
        (experiment.size == size).then(|| run.elapsed_s.median / f64::from(experiment.tasks))
    });
    let all: Vec<f64> = serial.collect();
    (!all.is_empty()).then(|| median(&all))
}

/// Where the speed-up crosses one: by a straight line between the two points around it, on a logarithmic
/// scale of task lengths.
fn break_even(points: &[(f64, &Run)]) -> Option<f64> {
    let known: Vec<(f64, f64)> =
        points.iter().filter_map(|(task_s, run)| Some((task_s.ln(), run.speedup.as_ref()?.median))).collect();
    known.windows(2).rev().find_map(|pair| {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        (y0 < 1.0 && y1 >= 1.0).then(|| (x0 + (x1 - x0) * (1.0 - y0) / (y1 - y0)).exp())
    })
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "The speed-up of processes by length of a task",
        Form::Lines,
        Axis::log("a task", Unit::Seconds),
        Axis::new("speed-up over serial", Unit::Ratio),
    );
    for chunk in CHUNKS {
        let points = by_task(report, chunk);
        let marks = points.into_iter().filter_map(|(task_s, run)| Some(Mark::of(task_s, run.speedup.as_ref()?)));
        let name = if chunk == 1 { "1 task a message".to_owned() } else { format!("chunks of {chunk}") };
        chart = chart.with(name, marks.collect::<Vec<_>>());
    }
    chart = chart.line(Source::Theory, Across::Y, "serial", 1.0);
    if let Some(at) = break_even(&by_task(report, 1)) {
        chart = chart.line(Source::Measured, Across::X, "break-even, 1 task a message", at);
    }
    vec![chart]
}

fn judge(report: &Report) -> Option<Verdict> {
    let single = by_task(report, 1);
    // Of one length nobody can tell where the line is.
    let [(shortest, run), _, ..] = single[..] else { return None };
    let slowest = run.speedup.as_ref()?;
    let loses = Quantity::from(slowest).at_most(1.0);
    let of_shortest = format!("at {} a task processes ran {} as fast as serial", seconds(shortest), times(slowest));
    let part = |figures: String| Part::new("short tasks", loses, figures, "processes won even with the shortest tasks");
    let Some(at) = break_even(&single) else {
        let longest = seconds(single.last()?.0);
        let confirmed = format!("processes lost at every length of a task, up to {longest}");
        return Some(LAB.verdict(report, confirmed, &[part(of_shortest)]));
    };
    let chunked = CHUNKS.into_iter().skip(1).filter_map(|chunk| Some((chunk, break_even(&by_task(report, chunk))?)));
    let chunked: Vec<String> =
        chunked.map(|(chunk, at)| format!("below {} with chunks of {chunk}", seconds(at))).collect();
    let rest = if chunked.is_empty() { String::new() } else { format!("; they lose {}", chunked.join(", ")) };
    let confirmed = format!("with tasks shorter than {}, processes are slower than one worker", seconds(at));
    Some(LAB.verdict(report, confirmed, &[part(format!("{of_shortest}{rest}"))]))
}

#[cfg(test)]
mod tests;
