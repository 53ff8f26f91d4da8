//! `free-threading`: threads without the lock, from private data to one object that all want.

use super::finding::{Part, Quantity};
use super::words::{percent, times};
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Across, Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Run, Verdict};

/// Of the speed-up of processes that free threads reach on private data, at least.
const AS_FAST: f64 = 0.8;
/// The stops of the slider, in percent of the operations that go to the shared object.
const SHARED: [f64; 6] = [0.0, 1.0, 5.0, 20.0, 50.0, 100.0];

pub static LAB: Lab = Lab {
    id: "free-threading",
    question: "Is Python without the lock as fast as processes?",
    watch: "Threads without a lock, on objects of their own, then more and more on one object that all share. Watch \
            where they fall behind one worker.",
    claim: "threads without the lock are as fast as processes on private data, and slower than serial when every thread \
            hammers one shared object",
    article: "",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        workload: "atomic-counter".into(),
        size: setting.size(2_000_000, 500_000),
        tasks: 8,
        models: vec![Model::Serial, Model::Processes, Model::FreeThreads],
        workers: vec![setting.workers()],
        runs: setting.size(5, 3),
        sweep: SHARED.map(|percent| point(&[("shared", percent)])).into(),
        ..Experiment::default()
    }
}

/// Share that is shared, and the run there.
fn of(report: &Report, model: Model) -> Vec<(f64, &Run)> {
    let runs = report.runs.iter().filter(|run| run.model == model && run.speedup.is_some());
    runs.map(|run| (report.experiment_of(run).shared, run)).collect()
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "The speed-up by how much is shared",
        Form::Lines,
        Axis::new("operations on the shared object", Unit::Share),
        Axis::new("speed-up over serial", Unit::Ratio),
    );
    for model in [Model::FreeThreads, Model::Processes] {
        let marks =
            of(report, model).into_iter().filter_map(|(shared, run)| Some(Mark::of(shared, run.speedup.as_ref()?)));
        chart = chart.with(model.name(), marks.collect::<Vec<_>>());
    }
    vec![chart.line(Source::Theory, Across::Y, "serial", 1.0)]
}

fn judge(report: &Report) -> Option<Verdict> {
    let (threads, processes) = (of(report, Model::FreeThreads), of(report, Model::Processes));
    let (least, apart) = threads.first()?;
    let (most, together) = threads.last()?;
    let (apart, together) = (apart.speedup.as_ref()?, together.speedup.as_ref()?);
    let beside = processes.first()?.1.speedup.as_ref()?;
    let fast = Part::new(
        "private data",
        Quantity::ratio(apart, beside).at_least(AS_FAST),
        format!(
            "with {} of the operations on a shared object, free threads ran {} and processes {}",
            percent(*least),
            times(apart),
            times(beside)
        ),
        "free threads were slower than processes even on private data",
    );
    let slow = Part::new(
        "shared data",
        Quantity::from(together).at_most(1.0),
        format!("with {}, free threads ran {}", percent(*most), times(together)),
        "sharing one object did not make free threads slower than one",
    );
    let confirmed =
        "threads without the lock are as fast as processes on private data, and slower than one on shared data";
    Some(LAB.verdict(report, confirmed, &[fast, slow]))
}

#[cfg(test)]
mod tests;
