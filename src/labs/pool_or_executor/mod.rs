//! `pool-or-executor`: results at the end, or as they complete.

use super::finding::{Part, Quantity};
use super::words::seconds;
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Run, Verdict};

/// A first result within this share of the whole time is worth having.
const EARLY: f64 = 0.5;

pub static LAB: Lab = Lab {
    id: "pool-or-executor",
    question: "When do I get the first result?",
    watch: "The same tasks, handed out one by one, in small chunks, and in one chunk for each worker. Watch when the \
            first answer is there.",
    claim: "`Pool.map` hands back everything at the end; an executor hands back futures as they complete",
    article: "prefer ProcessPoolExecutor",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let (tasks, workers) = (32, setting.workers());
    // The last is what `Pool.map` does where all workers get one message each.
    let chunks = [1, 4, tasks / workers];
    Experiment {
        size: setting.size(4_000_000, 500_000),
        tasks,
        models: vec![Model::Processes],
        workers: vec![workers],
        runs: setting.size(5, 3),
        sweep: chunks.into_iter().map(|chunk| point(&[("chunk", chunk)])).collect(),
        ..Experiment::default()
    }
}

fn points(report: &Report) -> Vec<(u32, &Run)> {
    report.runs.iter().map(|run| (report.experiment_of(run).chunk, run)).collect()
}

fn charts(report: &Report) -> Vec<Chart> {
    let name = |chunk: u32| if chunk == 1 { "1 task a message".to_owned() } else { format!("chunks of {chunk}") };
    let points = points(report);
    let first = points.iter().filter_map(|(chunk, run)| Some(Mark::of(name(*chunk), run.first_s.as_ref()?)));
    let all = points.iter().map(|(chunk, run)| Mark::of(name(*chunk), &run.elapsed_s));
    vec![
        Chart::new(
            "When the caller has a result in hand",
            Form::Bars,
            Axis::new("", Unit::None),
            Axis::new("time", Unit::Seconds),
        )
        .with("as they complete: the first", first.collect::<Vec<_>>())
        .with("all at the end: the first and the last", all.collect::<Vec<_>>()),
    ]
}

fn judge(report: &Report) -> Option<Verdict> {
    let points = points(report);
    let (_, single) = points.iter().find(|(chunk, _)| *chunk == 1)?;
    let (largest, chunked) = points.iter().max_by_key(|(chunk, _)| *chunk)?;
    let (first, whole) = (single.first_s.as_ref()?, &single.elapsed_s);
    let figures = format!(
        "handed back as they complete, the first result was there after {}, handed back at the end after {}; with chunks of \
         {largest} even the first took {}",
        seconds(first.median),
        seconds(whole.median),
        seconds(chunked.first_s.as_ref()?.median)
    );
    let is_early = Quantity::ratio(first, whole).at_most(EARLY);
    let part = Part::new("the first result", is_early, figures, "the first result came hardly earlier than the last");
    Some(LAB.verdict(report, "as tasks complete one by one, the first result is there long before the last", &[part]))
}

#[cfg(test)]
mod tests;
