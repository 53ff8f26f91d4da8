//! The runs that reports have in common: the same model with as many workers, at the same point of a sweep, on
//! the same workload. CPython takes smaller sizes, so its points are those of other hosts one by one, if all else is
//! the same.

use super::{CompareError, Named};
use crate::experiment::{Experiment, Model, Point};
use crate::host::Arm;
use crate::labs::words::plural;
use crate::report::{HostKind, Report, Run};
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
    /// `sweep` spells the points of the report.
    fn of(report: &Report, run: &Run, sweep: &[Point]) -> Self {
        let point = run.point.and_then(|point| sweep.get(point as usize));
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
pub fn runs<'a>(reports: &'a [Named]) -> Result<Vec<Shared<'a>>, CompareError> {
    let [first, others @ ..] = reports else { return Err(CompareError::TooFew) };
    if others.is_empty() {
        return Err(CompareError::TooFew);
    }
    if let Some(empty) = reports.iter().find(|named| named.report.runs.is_empty()) {
        return Err(CompareError::NoRuns { name: empty.name.clone() });
    }
    let of = |report: &'a Report, key: &Key| find(report, key, spelling(&first.report, report));
    let all = first.report.runs.iter().map(|run| Key::of(&first.report, run, &first.report.experiment.sweep));
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

/// `sweep` spells the points of the report.
fn find<'a>(report: &'a Report, key: &Key, sweep: &[Point]) -> Option<Of<'a>> {
    let run = report.runs.iter().find(|run| Key::of(report, run, sweep) == *key)?;
    Some(Of { run, experiment: report.experiment_of(run) })
}

/// Whether one of two reports is CPython's, and its points are those of the other but for their sizes.
pub fn is_suited(first: &Report, other: &Report) -> bool {
    let is_python = |report: &Report| report.host.kind == HostKind::Cpython;
    is_python(first) != is_python(other) && differ_in_sizes(&first.experiment, &other.experiment)
}

/// How `reference` spells the points of a report.
fn spelling<'a>(reference: &'a Report, report: &'a Report) -> &'a [Point] {
    if is_suited(reference, report) { &reference.experiment.sweep } else { &report.experiment.sweep }
}

fn differ_in_sizes(first: &Experiment, other: &Experiment) -> bool {
    let without_sizes = |sweep: &[Point]| {
        let mut points = sweep.to_vec();
        points.iter_mut().for_each(|point| drop(point.remove("size")));
        points
    };
    first.sweep != other.sweep && without_sizes(&first.sweep) == without_sizes(&other.sweep)
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
    let own = &report.experiment;
    // Whether one of the two is CPython's will be seen.
    let sweep = if differ_in_sizes(own, experiment) { &experiment.sweep } else { &own.sweep };
    if keys(experiment).iter().any(|key| find(report, key, sweep).is_some()) {
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
