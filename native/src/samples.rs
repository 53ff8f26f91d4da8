//! How much of a run is done, by its events: one sample for each arm of each round.

use gilscope::experiment::Model;
use gilscope::host::Arm;
use gilscope::schedule;
use gilscope::session::{Event, PlannedRun};

#[derive(Default)]
pub struct Samples {
    /// Over all points and rounds.
    pub all: u64,
    begun: u64,
}

impl Samples {
    pub fn watch(&mut self, event: &Event) {
        match event {
            Event::Begin { experiment, runs, .. } => {
                let points = experiment.points().unwrap_or_default();
                let samples = points.iter().map(|point| {
                    let left_out = |arm: &Arm| matches!(arm, Arm::Model { model, .. } if is_left_out(runs, *model));
                    let arms = schedule::arms(point).into_iter().filter(|arm| !left_out(arm)).count() as u64;
                    arms * u64::from(point.warmup + point.runs)
                });
                self.all = samples.sum();
            }
            Event::RoundStart { .. } => self.begun += 1,
            _ => {}
        }
    }

    /// All but the one that has begun last.
    pub fn done(&self) -> u64 {
        self.begun.saturating_sub(1)
    }

    /// The share of all, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share of far fewer than 2^52 samples")]
    pub fn share(&self) -> f64 {
        if self.all == 0 { 0.0 } else { (self.done() as f64 / self.all as f64).min(1.0) }
    }
}

fn is_left_out(runs: &[PlannedRun], model: Model) -> bool {
    runs.iter().any(|run| run.model == model && run.unavailable.is_some())
}
