//! What is compared: quantities of a run, each with its unit and the way in which two of it differ.

use serde::{Deserialize, Serialize};

use crate::chart::Unit;
use crate::experiment::Model;
use crate::report::Run;
use crate::stats::{self, Estimate, Percentiles};
use crate::trace::turns::Next;

/// One quantity of a run.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    Speedup,
    Efficiency,
    ForcedSwitches,
    NextLongest,
    NextLatest,
    TaskP50,
    TaskP90,
    TaskP99,
    Elapsed,
    FirstAnswer,
    Startup,
    Memory,
}

/// How far a figure is from the reference's.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Distance {
    /// It less the reference's: for what is a ratio by itself.
    Difference,
    /// It over the reference's.
    Ratio,
}

impl Distance {
    pub(super) fn of(self, figure: Estimate, reference: Estimate) -> Option<Estimate> {
        match self {
            Self::Difference => Some(figure.less(reference)),
            Self::Ratio => figure.over(reference),
        }
    }
}

impl Quantity {
    /// In the order in which faces show them: what can be compared across hosts comes first.
    pub const ALL: [Self; 12] = [
        Self::Speedup,
        Self::Efficiency,
        Self::ForcedSwitches,
        Self::NextLongest,
        Self::NextLatest,
        Self::TaskP50,
        Self::TaskP90,
        Self::TaskP99,
        Self::Elapsed,
        Self::FirstAnswer,
        Self::Startup,
        Self::Memory,
    ];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Speedup => "speed-up over serial",
            Self::Efficiency => "efficiency, the share of the ceiling",
            Self::ForcedSwitches => "forced switches a second",
            Self::NextLongest => "the lock goes to the one who waited longest, where two or more wait",
            Self::NextLatest => "the lock goes to the one who came last, where two or more wait",
            Self::TaskP50 => "from a task's start to its answer, 50 % of the tasks",
            Self::TaskP90 => "from a task's start to its answer, 90 % of the tasks",
            Self::TaskP99 => "from a task's start to its answer, 99 % of the tasks",
            Self::Elapsed => "elapsed time",
            Self::FirstAnswer => "time to the first answer",
            Self::Startup => "start-up of a worker",
            Self::Memory => "memory of a worker",
        }
    }

    pub(super) fn unit(self) -> Unit {
        match self {
            Self::Speedup => Unit::Ratio,
            Self::Efficiency | Self::NextLongest | Self::NextLatest => Unit::Share,
            Self::ForcedSwitches => Unit::PerSecond,
            Self::Memory => Unit::Bytes,
            _ => Unit::Seconds,
        }
    }

    pub(super) fn distance(self) -> Distance {
        match self {
            Self::Speedup | Self::Efficiency | Self::NextLongest | Self::NextLatest => Distance::Difference,
            _ => Distance::Ratio,
        }
    }

    /// Whether a chart of it says more than the table does.
    pub(super) fn is_drawn(self) -> bool {
        !matches!(self, Self::Efficiency | Self::NextLongest | Self::NextLatest | Self::TaskP90 | Self::FirstAnswer)
    }

    /// What a run says of it, if anything.
    pub(super) fn of(self, run: &Run) -> Option<Estimate> {
        let task = |value: fn(&Percentiles) -> (f64, Option<[f64; 2]>)| {
            run.task_s.as_ref().map(value).map(|(value, ci95)| Estimate { value, ci95 })
        };
        match self {
            // Against itself `serial` is as fast as itself, always.
            Self::Speedup => run.speedup.as_ref().filter(|_| run.model != Model::Serial).map(Estimate::from),
            Self::Efficiency => efficiency(run),
            Self::ForcedSwitches => switches_per_s(run),
            Self::NextLongest => next(run, |next| next.longest),
            Self::NextLatest => next(run, |next| next.latest),
            Self::TaskP50 => task(|task| (task.p50, task.p50_ci95)),
            Self::TaskP90 => task(|task| (task.p90, task.p90_ci95)),
            Self::TaskP99 => task(|task| (task.p99, task.p99_ci95)),
            Self::Elapsed => Some((&run.elapsed_s).into()),
            Self::FirstAnswer => run.first_s.as_ref().map(Estimate::from),
            Self::Startup => Some((&run.startup_s).into()),
            Self::Memory => run.memory_bytes.as_ref().map(Estimate::from),
        }
    }
}

/// Its uncertainty is that of the speed-up.
fn efficiency(run: &Run) -> Option<Estimate> {
    let (value, speedup) = (run.efficiency?, run.speedup.as_ref()?);
    let ci95 = speedup.ci95.filter(|_| speedup.median > 0.0);
    Some(Estimate { value, ci95: ci95.map(|ends| ends.map(|end| end * value / speedup.median)) })
}

fn next(run: &Run, of: fn(&Next) -> u64) -> Option<Estimate> {
    let next = run.lock.as_ref()?.next?;
    stats::share(of(&next), next.total())
}

/// Reports of earlier versions have the sum of all rounds, and so no interval.
fn switches_per_s(run: &Run) -> Option<Estimate> {
    let lock = run.lock.as_ref()?;
    let elapsed_s: f64 = run.elapsed_s.samples.iter().sum();
    #[expect(clippy::cast_precision_loss, reason = "a run has far fewer than 2^53 switches")]
    let mean = Estimate { value: lock.forced_switches as f64 / elapsed_s, ci95: None };
    let measured = lock.forced_switches_per_s.as_ref().map_or(mean, Estimate::from);
    measured.value.is_finite().then_some(measured)
}
