//! `primitives`: what waiting for each other costs, among threads and among processes.

use super::finding::{Finding, Part};
use super::words::seconds;
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{HostKind, Report, Run, Verdict};
use crate::sync::scenario::Primitive;

pub static LAB: Lab = Lab {
    id: "primitives",
    question: "What do locks, events and barriers cost?",
    watch: "Two workers that wait for each other, by every means Python has. Watch what one hand-over costs between \
            threads, and between processes.",
    claim: "Lock, RLock, Event, Condition, Semaphore: what each is for, among threads and among processes",
    article: "",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    Experiment {
        workload: "primitive".into(),
        size: setting.size(10_000, 1_000),
        tasks: 2,
        models: vec![Model::Threads, Model::Processes],
        workers: vec![2],
        runs: setting.size(5, 3),
        sweep: Primitive::ALL.map(|primitive| point(&[("primitive", primitive.name())])).into(),
        ..Experiment::default()
    }
}

/// What it is for, in the scenario that the workers play.
fn scenario(primitive: Primitive) -> &'static str {
    match primitive {
        Primitive::Lock => "Lock: one at a time",
        Primitive::RLock => "RLock: taken twice",
        Primitive::Semaphore => "Semaphore: one permit",
        Primitive::Event => "Event: hand over",
        Primitive::Condition => "Condition: my turn?",
        Primitive::Barrier => "Barrier: all meet",
        Primitive::Queue => "Queue: put and get",
    }
}

/// Seconds of one operation, every worker's counted.
fn cost(report: &Report, run: &Run) -> f64 {
    let experiment = report.experiment_of(run);
    (f64::from(experiment.size) * f64::from(experiment.tasks)).recip()
}

fn of(report: &Report, primitive: Primitive, model: Model) -> Option<&Run> {
    report.runs.iter().find(|run| run.model == model && report.experiment_of(run).primitive == primitive)
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "What one operation costs, two workers at it all the time",
        Form::Bars,
        Axis::new("", Unit::None),
        Axis::log("an operation", Unit::Seconds),
    );
    for (model, name) in [(Model::Threads, "among threads"), (Model::Processes, "among processes")] {
        let runs = Primitive::ALL.into_iter().filter_map(|primitive| Some((primitive, of(report, primitive, model)?)));
        let marks = runs.map(|(primitive, run)| Mark::of(scenario(primitive), &run.elapsed_s).times(cost(report, run)));
        chart = chart.with(name, marks.collect::<Vec<_>>());
    }
    vec![chart]
}

fn judge(report: &Report) -> Option<Verdict> {
    let kept = |run: &Run| {
        let counted = run.counted.as_ref()?;
        let expected = counted.expected as f64;
        Some(counted.found.min == expected && counted.found.max == expected)
    };
    let broken = report.runs.iter().find(|run| kept(run) != Some(true));
    if let Some(run) = broken {
        let primitive = report.experiment_of(run).primitive.name();
        let against = format!("the {primitive} did not keep its promise among {}: please report this bug", run.model);
        let part = Part::new("promises", Finding::Wrong, against.clone(), against);
        return Some(LAB.verdict(report, "", &[part]));
    }
    let costs = |model| {
        let runs =
            Primitive::ALL.into_iter().filter_map(move |primitive| Some((primitive, of(report, primitive, model)?)));
        let mut costs: Vec<_> =
            runs.map(|(primitive, run)| (run.elapsed_s.median * cost(report, run), primitive)).collect();
        costs.sort_by(|a, b| a.0.total_cmp(&b.0));
        costs
    };
    let sentence = |model: Model| {
        let costs = costs(model);
        let ((least, cheap), (most, dear)) = (*costs.first()?, *costs.last()?);
        Some(format!(
            "among {model} from {} ({}) to {} ({}) an operation",
            seconds(least),
            cheap.name(),
            seconds(most),
            dear.name()
        ))
    };
    let processes = sentence(Model::Processes)?;
    let threads = sentence(Model::Threads).map_or(String::new(), |threads| format!("{threads}, "));
    let how = match report.host.kind {
        HostKind::Browser => "through a SharedArrayBuffer and Atomics",
        _ => "through mapped memory and the system's wait at a word",
    };
    let part = Part::new("promises", Finding::Yes, format!("{threads}{processes} {how}"), "");
    Some(LAB.verdict(report, "each of them did what it is for", &[part]))
}

#[cfg(test)]
mod tests;
