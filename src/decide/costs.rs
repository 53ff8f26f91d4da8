//! What workers, messages and waits cost on a machine.

use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Summary};

/// Nothing costs less than nothing: a difference that noise has made negative counts as 0, and the interval says how
/// large the cost can be.
pub fn cost(summary: &Summary) -> Estimate {
    Estimate { value: summary.median.max(0.0), ci95: summary.ci95.map(|ends| ends.map(|end| end.max(0.0))) }
}

/// A place within an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Low,
    Median,
    High,
}

impl End {
    pub fn of(self, estimate: Estimate) -> f64 {
        match (self, estimate.ci95) {
            (Self::Low, Some([low, _])) => low,
            (Self::High, Some([_, high])) => high,
            _ => estimate.value,
        }
    }

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
    pub speedup: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub thread_start_s: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub process_start_s: Option<Estimate>,
    /// Handing one task to a thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub thread_task_s: Option<Estimate>,
    /// One message to a process and back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub message_s: Option<Estimate>,
    /// Bringing one byte to a process.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub byte_s: Option<Estimate>,
    /// Going on with another task in an event loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub loop_task_s: Option<Estimate>,
    /// Memory of one process that has nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub process_bytes: Option<Estimate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_that_noise_made_negative_is_nothing_up_to_its_interval() {
        let summary = Summary { samples: vec![], median: -1.0, min: -2.0, max: 3.0, ci95: Some([-2.0, 3.0]) };
        let cost = cost(&summary);
        assert_eq!(cost, Estimate { value: 0.0, ci95: Some([0.0, 3.0]) });
        assert_eq!([End::Low, End::Median, End::High].map(|end| end.of(cost)), [0.0, 0.0, 3.0]);
        assert_eq!(End::High.of(Estimate { ci95: None, ..cost }), 0.0);
    }
}
