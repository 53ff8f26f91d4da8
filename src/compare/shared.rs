//! The runs that reports have in common: the same model with as many workers, at the same point of a sweep, on
//! the same workload.

use super::{CompareError, Named};
use crate::experiment::{Experiment, Model, Point};
use crate::host::Arm;
use crate::labs::words::plural;
use crate::report::{Report, Run};
use crate::{points, schedule};

/// What makes two runs the same run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub workload: String,
    /// Empty without a sweep.
    pub point: Point,
    pub model: Model,
    pub workers: u32,
}

impl Key {
    fn of(report: &Report, run: &Run) -> Self {
        let point = run.point.and_then(|point| report.experiment.sweep.get(point as usize));
        let workload = report.experiment_of(run).workload;
        Self { workload, point: point.cloned().unwrap_or_default(), model: run.model, workers: run.workers }
    }

    pub fn setting(&self) -> String {
        points::setting(&self.point)
    }

    /// `2 workers, background 1`
    pub fn place(&self) -> String {
        let workers = plural(self.workers, "worker", "workers");
        if self.point.is_empty() { workers } else { format!("{workers}, {}", self.setting()) }
    }
}

/// A run, with the experiment at its point.
pub struct Of<'a> {
    pub run: &'a Run,
    pub experiment: Experiment,
}

/// A run of the reference, and what the reports have of it, in their order.
pub struct Shared<'a> {
    pub key: Key,
    pub runs: Vec<Option<Of<'a>>>,
}

/// The runs of the first report that another one has, too.
pub fn runs(reports: &[Named]) -> Result<Vec<Shared<'_>>, CompareError> {
    let [first, others @ ..] = reports else { return Err(CompareError::TooFew) };
    if others.is_empty() {
        return Err(CompareError::TooFew);
    }
    if let Some(empty) = reports.iter().find(|named| named.report.runs.is_empty()) {
        return Err(CompareError::NoRuns { name: empty.name.clone() });
    }
    let of = |report, key: &Key| find(report, key);
    let all = first.report.runs.iter().map(|run| Key::of(&first.report, run));
    let all = all.map(|key| Shared { runs: reports.iter().map(|named| of(&named.report, &key)).collect(), key });
    let shared: Vec<Shared> = all.filter(|shared| shared.runs.iter().flatten().count() > 1).collect();
    for (i, other) in reports.iter().enumerate().skip(1) {
        if shared.iter().all(|run| run.runs[i].is_none()) {
            let (name, reference) = (other.name.clone(), first.name.clone());
            let reason = apart(&first.report.experiment, &other.report.experiment);
            return Err(CompareError::NothingShared { name, reference, reason });
        }
    }
    Ok(shared)
}

fn find<'a>(report: &'a Report, key: &Key) -> Option<Of<'a>> {
    let run = report.runs.iter().find(|run| Key::of(report, run) == *key)?;
    Some(Of { run, experiment: report.experiment_of(run) })
}

/// Whether a run of `experiment`, called `name`, will have something in common with `reference`.
///
/// # Errors
/// [`CompareError`], when it will not.
pub fn foresee(reference: &Named, name: &str, experiment: &Experiment) -> Result<(), CompareError> {
    let Named { name: saved, report } = reference;
    if report.runs.is_empty() {
        return Err(CompareError::NoRuns { name: saved.clone() });
    }
    if keys(experiment).iter().any(|key| find(report, key).is_some()) {
        return Ok(());
    }
    let reason = apart(experiment, &report.experiment);
    Err(CompareError::NothingShared { name: saved.clone(), reference: name.into(), reason })
}

/// Of all runs that `experiment` will have, as far as the host can run them.
fn keys(experiment: &Experiment) -> Vec<Key> {
    let points = experiment.points().unwrap_or_default();
    let at = |(i, at_point): (usize, &Experiment)| {
        let (workload, point) = (&at_point.workload, experiment.sweep.get(i).cloned().unwrap_or_default());
        let key = |arm: Arm| match arm {
            Arm::Model { model, workers, .. } => {
                Some(Key { workload: workload.clone(), point: point.clone(), model, workers })
            }
            Arm::Bare { .. } => None,
        };
        schedule::arms(at_point).into_iter().filter_map(key).collect::<Vec<_>>()
    };
    points.iter().enumerate().flat_map(at).collect()
}

/// Why two experiments share no run.
fn apart(first: &Experiment, other: &Experiment) -> String {
    if other.sweep.is_empty() != first.sweep.is_empty() {
        return "one of them has a sweep, the other has none".into();
    }
    if other.workload == first.workload || !first.sweep.is_empty() {
        return "they have other points, models or numbers of workers".into();
    }
    format!("it ran {}, not {}", other.workload, first.workload)
}
