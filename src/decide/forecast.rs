//! What a case would take in each model: start-up, plus handing out the tasks, plus the work.
//!
//! The arithmetic is ours, on costs that were measured: computing takes turns under the lock, and runs side by
//! side in processes at the speed-up that they had; waits overlap everywhere but in a plain loop.

use serde::Serialize;

use super::Case;
use super::costs::{Costs, End};
use crate::experiment::Model;
use crate::stats::Estimate;

/// More threads than this wait for each other to be scheduled.
const MOST_THREADS: u32 = 64;
/// Chunks for each worker: more balance the load better, and cost more messages.
const CHUNKS_A_WORKER: u32 = 4;
/// What is not faster than a simpler model by this factor is not worth its trouble.
pub const WORTH: f64 = 1.1;
/// The simplest first.
const SIMPLEST: [Model; 4] = [Model::Serial, Model::Threads, Model::EventLoop, Model::Processes];

/// What a model would take.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Forecast {
    pub model: Model,
    pub elapsed_s: f64,
    /// With every cost at the better end of its 95 % interval, and at the worse.
    pub range_s: [f64; 2],
    pub workers: u32,
    /// Tasks in one message.
    pub chunk: u32,
}

/// How a model would be used.
#[derive(Clone, Copy)]
struct Plan {
    model: Model,
    workers: u32,
    chunk: u32,
}

/// Of every model whose costs are known and whose workers fit, the cheapest first.
pub fn forecasts(case: &Case, costs: &Costs) -> Vec<Forecast> {
    let mut all: Vec<_> =
        SIMPLEST.into_iter().filter_map(|model| plan(model, case, costs)?.forecast(case, costs)).collect();
    all.sort_by(|a, b| a.elapsed_s.total_cmp(&b.elapsed_s));
    all
}

/// The simplest of those that are about as cheap as the cheapest. A plain loop is always among them.
pub fn choose(forecasts: &[Forecast]) -> &Forecast {
    let enough = forecasts.iter().filter(|one| one.elapsed_s <= forecasts[0].elapsed_s * WORTH);
    enough.min_by_key(|one| SIMPLEST.iter().position(|model| *model == one.model)).expect("a plain loop needs no costs")
}

/// How many processes fit into the memory, as far as their own is known.
pub fn fitting(case: &Case, costs: &Costs) -> u32 {
    let each = each_bytes(case, costs);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` stays within the bounds of u32")]
    if each > 0.0 { (case.budget_bytes / each) as u32 } else { u32::MAX }
}

/// Memory of one process with what it holds for the case.
pub fn each_bytes(case: &Case, costs: &Costs) -> f64 {
    costs.process_bytes.map_or(0.0, |cost| cost.value) + case.worker_bytes
}

/// `None` where the model has nothing to give, or its workers do not fit.
fn plan(model: Model, case: &Case, costs: &Costs) -> Option<Plan> {
    let alone = Plan { model, workers: 1, chunk: 1 };
    match model {
        Model::Serial => Some(alone),
        Model::Threads => {
            let most = if case.wait_share > 0.0 { MOST_THREADS } else { costs.workers };
            Some(Plan { workers: case.tasks.min(most), ..alone })
        }
        Model::Processes => {
            let workers = case.tasks.min(costs.workers).min(fitting(case, costs));
            (workers > 0).then(|| Plan { workers, chunk: (case.tasks / (workers * CHUNKS_A_WORKER)).max(1), ..alone })
        }
        Model::EventLoop => (case.wait_share > 0.0).then_some(alone),
        Model::FreeThreads => None,
    }
}

impl Plan {
    /// `None` where a cost that it needs is not known.
    fn forecast(self, case: &Case, costs: &Costs) -> Option<Forecast> {
        let Self { model, workers, chunk } = self;
        let at = |end| self.elapsed_s(case, costs, end);
        Some(Forecast { model, elapsed_s: at(End::Median)?, range_s: [at(End::Low)?, at(End::High)?], workers, chunk })
    }

    fn elapsed_s(self, case: &Case, costs: &Costs, end: End) -> Option<f64> {
        let (tasks, workers) = (f64::from(case.tasks), f64::from(self.workers));
        let at = |cost: Option<Estimate>| Some(end.of(cost?));
        match self.model {
            Model::Serial => Some(case.work_s()),
            Model::Threads => {
                let work_s = (tasks * case.computing_s()).max(case.work_s() / workers);
                Some(workers * at(costs.thread_start_s)? + tasks * at(costs.thread_task_s)? + work_s)
            }
            Model::Processes => {
                let bytes_s = if case.task_bytes > 0.0 { case.task_bytes * at(costs.byte_s)? } else { 0.0 };
                let messages_s = f64::from(messages(case, self.chunk)) * at(costs.message_s)? + tasks * bytes_s;
                let gain = side_by_side(costs, self.workers, end)?;
                let work_s = tasks * (case.computing_s() / gain + case.waiting_s() / workers);
                Some(workers * at(costs.process_start_s)? + messages_s + work_s)
            }
            Model::EventLoop => Some(tasks * (case.computing_s() + at(costs.loop_task_s)?) + case.waiting_s()),
            Model::FreeThreads => None,
        }
    }
}

/// Messages for all tasks, in chunks of this many.
pub fn messages(case: &Case, chunk: u32) -> u32 {
    case.tasks.div_ceil(chunk)
}

/// The speed-up of `used` processes: on the line from 1 to that of all that were measured.
fn side_by_side(costs: &Costs, used: u32, end: End) -> Option<f64> {
    if used <= 1 {
        return Some(1.0);
    }
    let speedup = end.opposite().of(costs.speedup?);
    Some(1.0 + (speedup - 1.0) * f64::from(used - 1) / f64::from(costs.workers - 1))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{case, costs};
    use super::*;
    use proptest::prelude::*;

    fn of(model: Model, case: &Case, costs: &Costs) -> Forecast {
        forecasts(case, costs).into_iter().find(|one| one.model == model).unwrap()
    }

    #[test]
    fn a_model_takes_its_start_up_its_messages_and_its_work() {
        let processes = of(Model::Processes, &case(), &costs());
        assert_eq!((processes.workers, processes.chunk), (4, 62));
        // 4 starts, 17 messages, 1000 KiB, and 10 s at 3.6 times the speed.
        let expected = 4.0 * 0.05 + 17.0 * 5e-5 + 1_024_000.0 * 1e-9 + 10.0 / 3.6;
        assert!((processes.elapsed_s - expected).abs() < 1e-9, "{processes:?}");
        // Under the lock the work takes as long as in a plain loop.
        assert!(of(Model::Threads, &case(), &costs()).elapsed_s > of(Model::Serial, &case(), &costs()).elapsed_s);
    }

    #[test]
    fn waits_overlap_and_computing_does_not() {
        let waiting = Case { wait_share: 0.5, ..case() };
        let event_loop = of(Model::EventLoop, &waiting, &costs());
        assert!((event_loop.elapsed_s - (5.0 + 0.01 + 0.005)).abs() < 1e-9, "{event_loop:?}");
        let threads = of(Model::Threads, &waiting, &costs());
        assert!((threads.elapsed_s - (64.0 * 1e-4 + 1e-3 + 5.0)).abs() < 1e-9, "{threads:?}");
    }

    #[test]
    fn threads_that_compute_are_as_many_as_processes_would_be_and_overlap_no_work() {
        let threads = of(Model::Threads, &case(), &costs());
        assert_eq!(threads.workers, 4);
        assert!((threads.elapsed_s - (4.0 * 1e-4 + 1e-3 + 10.0)).abs() < 1e-9, "{threads:?}");
        // 64 threads take what waits apart; computing 1 % of 10 ms a thousand times is less.
        let waiting = Case { wait_share: 0.99, ..case() };
        let threads = of(Model::Threads, &waiting, &costs());
        assert!((threads.elapsed_s - (64.0 * 1e-4 + 1e-3 + 10.0 / 64.0)).abs() < 1e-9, "{threads:?}");
        assert!(forecasts(&case(), &costs()).iter().all(|one| one.model != Model::EventLoop), "nothing waits");
    }

    #[test]
    fn fewer_processes_than_were_measured_gain_less_and_overlap_fewer_waits() {
        let few = Case { tasks: 2, task_s: 10.0, wait_share: 0.5, task_bytes: 0.0, ..case() };
        let processes = of(Model::Processes, &few, &costs());
        assert_eq!((processes.workers, processes.chunk), (2, 1));
        // On the line from 1 to 3.6 times the speed, a third of the way; 10 s of computing and 10 s of waiting.
        let gain = 1.0 + 2.6 / 3.0;
        let expected = 2.0 * 0.05 + 2.0 * 5e-5 + 10.0 / gain + 10.0 / 2.0;
        assert!((processes.elapsed_s - expected).abs() < 1e-9, "{processes:?}");
        let alone = of(Model::Processes, &Case { tasks: 1, ..few }, &costs());
        assert!((alone.elapsed_s - (0.05 + 5e-5 + 10.0)).abs() < 1e-9, "one gains nothing: {alone:?}");
    }

    #[test]
    fn no_costs_of_data_are_needed_where_none_is_sent() {
        let costs = Costs { byte_s: None, ..costs() };
        let models = |case: &Case| forecasts(case, &costs).iter().map(|one| one.model).collect::<Vec<_>>();
        assert!(!models(&case()).contains(&Model::Processes));
        assert!(models(&Case { task_bytes: 0.0, ..case() }).contains(&Model::Processes));
    }

    #[test]
    fn a_process_holds_what_it_is_and_what_the_case_needs() {
        let mib = |count: u32| f64::from(count << 20);
        let case = Case { worker_bytes: mib(5), budget_bytes: mib(44), ..case() };
        assert_eq!(each_bytes(&case, &costs()), mib(15));
        assert_eq!(fitting(&case, &costs()), 2);
        let unknown = Costs { process_bytes: None, ..costs() };
        assert_eq!(fitting(&case, &unknown), 8);
        assert_eq!(fitting(&Case { worker_bytes: 0.0, ..case }, &unknown), u32::MAX);
    }

    #[test]
    fn the_better_end_of_every_cost_is_the_better_end_of_the_forecast() {
        let processes = of(Model::Processes, &case(), &costs());
        let at =
            |cost: f64, speedup: f64| cost * (4.0 * 0.05 + 17.0 * 5e-5 + 1_024_000.0 * 1e-9) + 10.0 / (speedup * 3.6);
        let [low, high] = processes.range_s;
        assert!((low - at(0.9, 1.1)).abs() < 1e-9 && (high - at(1.1, 0.9)).abs() < 1e-9, "{processes:?}");
    }

    #[test]
    fn of_two_that_are_close_the_simpler_is_chosen() {
        let about = |model, elapsed_s| Forecast { model, elapsed_s, range_s: [elapsed_s; 2], workers: 1, chunk: 1 };
        let close = [about(Model::Processes, 1.0), about(Model::Serial, 1.05)];
        assert_eq!(choose(&close).model, Model::Serial);
        let apart = [about(Model::Processes, 1.0), about(Model::Serial, 1.2)];
        assert_eq!(choose(&apart).model, Model::Processes);
    }

    proptest! {
        #[test]
        fn every_forecast_is_finite_and_lies_within_its_range(
            tasks in 1u32..1_000_000, task_s in 1e-6f64..10.0, wait_share in 0.0f64..=1.0, task_bytes in 0.0f64..1e9,
        ) {
            let case = Case { tasks, task_s, wait_share, task_bytes, ..case() };
            for Forecast { elapsed_s, range_s: [low, high], .. } in forecasts(&case, &costs()) {
                prop_assert!(elapsed_s.is_finite() && low <= elapsed_s && elapsed_s <= high);
            }
        }
    }
}
