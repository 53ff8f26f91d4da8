//! How much of a run is done, by its events: one sample for each arm of each round.

use gilscope::experiment::{Experiment, Model, Point};
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
                let samples = |(i, at_point): (usize, &Experiment)| {
                    let rounds = u64::from(at_point.warmup + at_point.runs);
                    arms(at_point, experiment.sweep.get(i), runs) * rounds
                };
                self.all = points.iter().enumerate().map(samples).sum();
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

/// Arms of one round at a point. Where no model can run, bare workers do not run, either.
fn arms(at_point: &Experiment, point: Option<&Point>, runs: &[PlannedRun]) -> u64 {
    let runs_here = |model: Model| {
        let mut here = runs.iter().filter(|run| run.point.as_ref() == point && run.model == model);
        here.any(|run| run.unavailable.is_none())
    };
    let mut arms = schedule::arms(at_point);
    arms.retain(|arm| !matches!(arm, Arm::Model { model, .. } if !runs_here(*model)));
    let compared = arms.iter().any(|arm| matches!(arm, Arm::Model { .. }));
    if compared { arms.len() as u64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::tests::report;

    #[test]
    fn a_model_that_is_missing_at_one_point_counts_at_the_others() {
        let mut experiment = Experiment { models: vec![Model::Serial, Model::Processes], ..Experiment::default() };
        experiment.set("sweep", "start-method=spawn; start-method=fork").unwrap();
        let runs = experiment.sweep.iter().flat_map(|point| {
            experiment.models.iter().map(move |&model| {
                let lacks = model == Model::Processes && point["start-method"] == "fork";
                let unavailable = lacks.then(|| "this process has threads".to_owned());
                PlannedRun { point: Some(point.clone()), model, workers: 2, beside: 0, unavailable }
            })
        });
        let runs = runs.collect();
        let mut samples = Samples::default();
        samples.watch(&Event::Begin { host: report().host, experiment: Box::new(experiment), runs });
        // Two bare arms at each point, both models at the first and one at the other; 5 rounds after a warm-up.
        assert_eq!(samples.all, (2 + 2 + 2 + 1) * 6);
    }
}
