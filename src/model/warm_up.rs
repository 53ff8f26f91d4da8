//! Warm up until stable: browsers compile in tiers, processors change their clock.

use std::sync::Arc;

use crate::experiment::Experiment;
use crate::host::{Cancel, Clock};
use crate::workload::{Breaker, Progress, Workload};

/// One look at the speed.
const WINDOW_US: f64 = 10_000.0;
/// A gain below this share is none.
const GAIN: f64 = 0.05;
/// So many looks in a row without a gain, and it is warm.
const LOOKS: u32 = 3;
/// After this, measure anyway and say so.
const MOST_US: f64 = 500_000.0;

/// Compute quanta of the first task, answers thrown away, until it gets no faster: three windows of 10 ms in a row
/// without a gain. Gives whether that came before the time was up.
///
/// Slower windows do not count against it: they are what other programs take, also where workers outnumber cores, and
/// waiting for those to end would take the whole time and change nothing.
pub fn warm_up(workload: &Workload, experiment: &Experiment, clock: &dyn Clock, cancel: &Cancel) -> bool {
    if workload.meeting.is_some() {
        // It would wait for tasks that nobody runs.
        return true;
    }
    let start_us = clock.now_us();
    let heap = Arc::default();
    let mut task = (workload.start)(experiment, 0, &heap);
    let mut pace = Pace::default();
    while !cancel.is_cancelled() && clock.now_us() - start_us < MOST_US {
        let window_us = clock.now_us();
        let mut quanta = 0.0;
        let mut spent_us = 0.0;
        while spent_us < WINDOW_US {
            if let Progress::Done(_) = task.quantum(Breaker::NONE) {
                task = (workload.start)(experiment, 0, &heap);
            }
            quanta += 1.0;
            spent_us = clock.now_us() - window_us;
        }
        if pace.is_reached(quanta / spent_us) {
            return true;
        }
    }
    false
}

/// The highest speed so far, and how many windows in a row have not raised it.
#[derive(Default)]
struct Pace {
    highest: f64,
    without_gain: u32,
}

impl Pace {
    /// Whether it gets no faster, now that a window had this speed.
    fn is_reached(&mut self, speed: f64) -> bool {
        if speed > self.highest * (1.0 + GAIN) {
            *self = Self { highest: speed, without_gain: 0 };
        } else {
            self.without_gain += 1;
        }
        self.without_gain == LOOKS
    }
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
    fn a_steady_speed_is_warm() {
        assert!(warmed(vec![100]));
    }

    #[test]
    fn a_speed_that_keeps_growing_is_not() {
        // A tenth in every window of 10 ms.
        let mut at_us = 0.0;
        let faster_and_faster = std::iter::from_fn(|| {
            let step_us = (1_000.0 * f64::exp(-at_us / 100_000.0)).round();
            at_us += step_us;
            (at_us < 600_000.0).then_some(step_us as u64)
        });
        let faster_and_faster = faster_and_faster.collect();
        assert!(!warmed(faster_and_faster));
    }

    #[test]
    fn three_windows_without_a_gain_are_enough_and_slow_ones_are_none() {
        let after = |speeds: &[f64]| {
            let mut pace = Pace::default();
            speeds.iter().position(|speed| pace.is_reached(*speed))
        };
        assert_eq!(after(&[1.0, 1.0, 1.04]), None, "too few");
        assert_eq!(after(&[1.0, 1.0, 1.04, 0.98]), Some(3));
        assert_eq!(after(&[1.0, 1.0, 1.0, 1.06]), None, "a gain");
        assert_eq!(after(&[1.0, 0.3, 1.0, 0.5]), Some(3), "others took the processor");
        assert_eq!(after(&[0.3, 0.3, 1.0, 1.0, 0.9, 1.0]), Some(5));
        assert_eq!(after(&[1.0, 1.03, 1.06, 1.09, 1.12, 1.15, 1.18]), None, "small gains add up");
    }
}
