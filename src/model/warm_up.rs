//! Warm up until stable: browsers compile in tiers, processors change their clock.

use std::sync::Arc;

use crate::experiment::Experiment;
use crate::host::{Cancel, Clock};
use crate::workload::{Progress, Workload};

/// One look at the speed.
const WINDOW_US: f64 = 10_000.0;
/// Speeds within this share of each other are the same.
const STABLE: f64 = 0.05;
/// After this, measure anyway and say so.
const MOST_US: f64 = 500_000.0;

/// Compute quanta of the first task, answers thrown away, until three windows of 10 ms in a row show the
/// same speed. Gives whether they did before the time was up.
pub fn warm_up(workload: &Workload, experiment: &Experiment, clock: &dyn Clock, cancel: &Cancel) -> bool {
    if workload.meeting.is_some() {
        // It would wait for tasks that nobody runs.
        return true;
    }
    let start_us = clock.now_us();
    let heap = Arc::default();
    let mut task = (workload.start)(experiment, 0, &heap);
    let mut speeds: Vec<f64> = Vec::new();
    while !cancel.is_cancelled() && clock.now_us() - start_us < MOST_US {
        let window_us = clock.now_us();
        let mut quanta = 0.0;
        let mut spent_us = 0.0;
        while spent_us < WINDOW_US {
            if let Progress::Done(_) = task.quantum() {
                task = (workload.start)(experiment, 0, &heap);
            }
            quanta += 1.0;
            spent_us = clock.now_us() - window_us;
        }
        speeds.push(quanta / spent_us);
        if speeds.last_chunk::<3>().is_some_and(|last| is_stable(last)) {
            return true;
        }
    }
    false
}

fn is_stable(speeds: &[f64]) -> bool {
    let slowest = speeds.iter().copied().fold(f64::INFINITY, f64::min);
    let fastest = speeds.iter().copied().fold(0.0, f64::max);
    fastest <= slowest * (1.0 + STABLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Each reading moves on by the next step, then by the last one for ever.
    struct StepClock {
        now_us: AtomicU64,
        steps: Vec<u64>,
        read: AtomicU64,
    }

    impl Clock for StepClock {
        #[expect(clippy::cast_precision_loss)]
        fn now_us(&self) -> f64 {
            let read = usize::try_from(self.read.fetch_add(1, Ordering::Relaxed)).unwrap();
            let step = self.steps.get(read).or(self.steps.last()).unwrap();
            (self.now_us.fetch_add(*step, Ordering::Relaxed) + step) as f64
        }
    }

    fn warmed(steps: Vec<u64>) -> bool {
        let clock = StepClock { now_us: AtomicU64::new(0), steps, read: AtomicU64::new(0) };
        let experiment = Experiment { size: 10, ..Experiment::default() };
        warm_up(workload::find("sum-of-squares").unwrap(), &experiment, &clock, &Cancel::default())
    }

    #[test]
    fn a_steady_speed_is_stable() {
        assert!(warmed(vec![100]));
    }

    #[test]
    fn a_speed_that_keeps_changing_is_not() {
        let slower_and_slower = (0..300).map(|i| (100.0 * 1.03f64.powi(i)) as u64).collect();
        assert!(!warmed(slower_and_slower));
    }
}
