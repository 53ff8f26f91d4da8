//! `native-code`: a kernel that drops the lock scales in threads.

use super::finding::{Part, Quantity, no_room};
use super::words::{percent, times};
use super::{Analysis, Lab, Setting, point, run_of};
use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Run, Verdict};

const HOLDS: &str = "matrix-multiply";
const DROPS: &str = "matrix-kernel";
/// Up to this speed-up threads have gained nothing.
const NOTHING: f64 = 1.15;
/// From this share of the ceiling on they have gained almost all there is.
const ALMOST_ALL: f64 = 0.8;

pub static LAB: Lab = Lab {
    id: "native-code",
    question: "Do threads help with NumPy?",
    watch: "The same sums in two ways: step by step as Python does, and in one call that drops the lock, as NumPy \
            does. Watch the threads come apart from the lock in the second.",
    claim: "code that releases the lock (NumPy, hashing) already scales in threads",
    article: "threads work well",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let at = |workload: &str| point(&[("workload", workload)]);
    Experiment {
        models: vec![Model::Serial, Model::Threads, Model::Processes],
        workers: vec![setting.workers()],
        runs: setting.size(5, 3),
        sweep: vec![at(HOLDS), at(DROPS)],
        ..Experiment::default()
    }
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "How many times as fast as one after another",
        Form::Bars,
        Axis::new("model", Unit::None),
        Axis::new("speed-up over serial", Unit::Ratio),
    );
    for (workload, name) in [(HOLDS, "interpreted: holds the lock"), (DROPS, "a kernel: drops it")] {
        let runs = Model::COMPUTING.into_iter().filter_map(|model| run_of(report, workload, model));
        let marks = runs.filter_map(|run| Some(Mark::of(run.model.name(), run.speedup.as_ref()?)));
        chart = chart.with(name, marks.collect::<Vec<_>>());
    }
    vec![chart]
}

fn judge(report: &Report) -> Option<Verdict> {
    let (holds, drops) = (run_of(report, HOLDS, Model::Threads)?, run_of(report, DROPS, Model::Threads)?);
    let (held, dropped) = (holds.speedup.as_ref()?, drops.speedup.as_ref()?);
    let share = drops.efficiency?;
    let faster = || {
        let serial = |workload| run_of(report, workload, Model::Serial);
        let product = |run: &Run| {
            let experiment = report.experiment_of(run);
            run.elapsed_s.median / f64::from(experiment.tasks) / f64::from(experiment.size).powi(3)
        };
        Some(format!(
            ", and even one is {:.0} times as fast as the interpreted one",
            product(serial(HOLDS)?) / product(serial(DROPS)?)
        ))
    };
    let ceiling = dropped.median / share;
    let room = no_room(report, ceiling);
    let kernel = Part::new(
        "the kernel",
        Quantity::from(dropped).at_least(ALMOST_ALL * ceiling).unless(room.clone()),
        format!(
            "{} threads ran the kernel that drops the lock {}, {} of the ceiling{}",
            drops.workers,
            times(dropped),
            percent(share),
            faster().unwrap_or_default()
        ),
        format!("with the lock dropped, threads reached only {} of what this machine can do", percent(share)),
    );
    let interpreted = Part::new(
        "interpreted code",
        Quantity::from(held).at_most(NOTHING).unless(room),
        format!("they ran the interpreted product, which holds the lock, {}", times(held)),
        "threads were faster than one, although each holds the lock while it computes",
    );
    let confirmed = "threads ran in parallel where the code drops the lock, and took turns where it does not";
    Some(LAB.verdict(report, confirmed, &[kernel, interpreted]))
}

#[cfg(test)]
mod tests;
