//! What workers, messages and waits cost on a machine.

use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Summary};

/// One cost, in the unit of its field.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cost {
    pub median: f64,
    /// 95 % interval of the median; absent for too few samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub ci95: Option<[f64; 2]>,
}

impl From<Cost> for Estimate {
    fn from(Cost { median, ci95 }: Cost) -> Self {
        Self { value: median, ci95 }
    }
}

impl Cost {
    /// Nothing costs less than nothing: a difference that noise has made negative counts as 0, and the interval
    /// says how large the cost can be.
    pub fn of(summary: &Summary) -> Self {
        Self { median: summary.median.max(0.0), ci95: summary.ci95.map(|ends| ends.map(|end| end.max(0.0))) }
    }

    /// At the lower end of the interval, in the middle, or at the upper end.
    pub fn at(&self, end: End) -> f64 {
        match (end, self.ci95) {
            (End::Low, Some([low, _])) => low,
            (End::High, Some([_, high])) => high,
            _ => self.median,
        }
    }
}

/// A place within an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Low,
    Median,
    High,
}

impl End {
    /// For what makes a run cheaper the larger it is.
    pub fn opposite(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::Median => Self::Median,
            Self::High => Self::Low,
        }
    }
}

/// What was measured. What could not be measured is absent.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Costs {
    /// Processes that computed side by side.
    pub workers: u32,
    /// Their speed-up over one task after another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub speedup: Option<Cost>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub thread_start_s: Option<Cost>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub process_start_s: Option<Cost>,
    /// Handing one task to a thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub thread_task_s: Option<Cost>,
    /// One message to a process and back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub message_s: Option<Cost>,
    /// Bringing one byte to a process.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub byte_s: Option<Cost>,
    /// Going on with another task in an event loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub loop_task_s: Option<Cost>,
    /// Memory of one process that has nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub process_bytes: Option<Cost>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_that_noise_made_negative_is_nothing_up_to_its_interval() {
        let summary = Summary { samples: vec![], median: -1.0, min: -2.0, max: 3.0, ci95: Some([-2.0, 3.0]) };
        let cost = Cost::of(&summary);
        assert_eq!(cost, Cost { median: 0.0, ci95: Some([0.0, 3.0]) });
        assert_eq!([End::Low, End::Median, End::High].map(|end| cost.at(end)), [0.0, 0.0, 3.0]);
        assert_eq!(Cost { ci95: None, ..cost }.at(End::High), 0.0);
    }
}
