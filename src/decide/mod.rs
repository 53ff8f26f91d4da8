//! "Which should I use?": the model that suits a case, by arithmetic on costs that were measured.
//!
//! [`probe`] has the short experiments that measure the [`Costs`], [`forecast`] what each model would take by
//! them, [`reason`] what the advice rests on, and [`map`] the same case with other tasks.

pub mod costs;
pub mod forecast;
pub mod map;
pub mod probe;
mod reason;

use serde::{Deserialize, Serialize};

pub use costs::Costs;
pub use forecast::Forecast;
pub use map::MapCell;

/// What somebody wants to run.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Case {
    /// At least 1.
    pub tasks: u32,
    /// One task by itself, its waiting included.
    pub task_s: f64,
    /// Part of that in which it only waits, from 0 to 1.
    pub wait_share: f64,
    /// Sent with a task and back.
    pub task_bytes: f64,
    /// What a worker holds beside what it takes to be one.
    pub worker_bytes: f64,
    /// For all workers together.
    pub budget_bytes: f64,
}

impl Case {
    /// The part of a task in which it computes, in seconds.
    fn computing_s(&self) -> f64 {
        self.task_s * (1.0 - self.wait_share)
    }

    fn waiting_s(&self) -> f64 {
        self.task_s * self.wait_share
    }

    /// All of it, one task after another, in seconds.
    fn work_s(&self) -> f64 {
        f64::from(self.tasks) * self.task_s
    }
}

/// The advice for a case.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Decision {
    pub advice: Forecast,
    /// Of every model that can be told of, the cheapest first.
    pub forecasts: Vec<Forecast>,
    /// What the advice rests on, a sentence each.
    pub reasons: Vec<String>,
    pub map: Vec<MapCell>,
}

/// The model that suits `case` by `costs`.
pub fn decide(case: &Case, costs: &Costs) -> Decision {
    let forecasts = forecast::forecasts(case, costs);
    let advice = forecast::choose(&forecasts).clone();
    let reasons = reason::reasons(case, costs, &advice, &forecasts);
    Decision { advice, reasons, map: map::map(case, costs), forecasts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Model;
    use crate::stats::Estimate;

    /// A case of a thousand tasks of 10 ms that compute.
    pub fn case() -> Case {
        Case {
            tasks: 1_000,
            task_s: 0.01,
            wait_share: 0.0,
            task_bytes: 1024.0,
            worker_bytes: 0.0,
            budget_bytes: f64::from(1 << 30),
        }
    }

    /// A machine with four cores.
    pub fn costs() -> Costs {
        let cost = |value: f64| Some(Estimate { value, ci95: Some([value * 0.9, value * 1.1]) });
        Costs {
            workers: 4,
            speedup: cost(3.6),
            thread_start_s: cost(1e-4),
            process_start_s: cost(0.05),
            thread_task_s: cost(1e-6),
            message_s: cost(5e-5),
            byte_s: cost(1e-9),
            loop_task_s: cost(1e-5),
            process_bytes: cost(f64::from(10 << 20)),
        }
    }

    fn advised(case: &Case, costs: &Costs) -> Model {
        decide(case, costs).advice.model
    }

    #[test]
    fn tasks_that_compute_go_to_processes_and_tasks_that_wait_do_not() {
        assert_eq!(advised(&case(), &costs()), Model::Processes);
        let waiting = Case { wait_share: 0.99, ..case() };
        assert!([Model::Threads, Model::EventLoop].contains(&advised(&waiting, &costs())));
    }

    #[test]
    fn little_work_is_done_in_a_plain_loop() {
        assert_eq!(advised(&Case { tasks: 3, ..case() }, &costs()), Model::Serial);
        assert_eq!(advised(&Case { task_s: 1e-6, ..case() }, &costs()), Model::Serial);
    }

    #[test]
    fn what_could_not_be_measured_gives_no_forecast_rather_than_a_free_one() {
        let blind = Costs { process_start_s: None, thread_start_s: None, ..costs() };
        let decision = decide(&case(), &blind);
        assert_eq!(decision.forecasts.iter().map(|one| one.model).collect::<Vec<_>>(), [Model::Serial]);
        assert!(decision.reasons.iter().any(|text| text.contains("threads") && text.contains("processes")));
    }

    #[test]
    fn too_little_memory_is_a_reason_and_leaves_fewer_workers() {
        let tight = Case { budget_bytes: f64::from(25 << 20), ..case() };
        let decision = decide(&tight, &costs());
        assert_eq!(decision.advice.workers, 2);
        assert!(decision.reasons.iter().any(|text| text.contains("fit")), "{:?}", decision.reasons);
        let none = decide(&Case { budget_bytes: 0.0, ..case() }, &costs());
        assert!(none.forecasts.iter().all(|one| one.model != Model::Processes));
    }
}
