//! In which order the arms of an experiment are measured.

use crate::experiment::{Dispatch, Experiment, Model};
use crate::host::Arm;
use crate::workload;

/// The arms of one round, in order, of one point of an experiment. Rounds repeat them A B C D, A B C D, so
/// that drift hits all alike; bare workers run in every round too, so that the ceiling is measured beside
/// what it is compared to.
pub fn arms(experiment: &Experiment) -> Vec<Arm> {
    let models = experiment.models.iter().flat_map(|&model| {
        let beside = if matches!(model, Model::Threads | Model::Processes) { experiment.background } else { 0 };
        let counts = if model.is_alone() { &[1] } else { &experiment.workers[..] };
        counts.iter().map(move |&workers| Arm::Model { model, workers, beside })
    });
    let wide = experiment.workers.iter().filter(|&&workers| workers > 1).map(|&workers| Arm::Bare { workers });
    let side_by_side = experiment.models.iter().any(|&model| !model.is_alone()) && wide.clone().next().is_some();
    // Bare workers have nobody who would hand them data, or whom they could meet.
    let workload = workload::find(&experiment.workload);
    let needs_others = workload.is_some_and(|workload| workload.input.is_some() || workload.meeting.is_some());
    let batch = experiment.dispatch == Dispatch::Batch;
    let ceiling = side_by_side && batch && experiment.background == 0 && !needs_others;
    let bare = ceiling.then(|| std::iter::once(Arm::Bare { workers: 1 }).chain(wide)).into_iter().flatten();
    bare.chain(models).collect()
}

/// The tasks that every bare worker runs: a worker's share when all share them, spread evenly, because
/// tasks may differ in weight.
pub fn bare_tasks(experiment: &Experiment) -> impl Iterator<Item = u32> {
    let tasks = u64::from(experiment.tasks);
    let share = tasks / u64::from(experiment.workers.iter().copied().max().unwrap_or(1)).clamp(1, tasks);
    (0..share).map(move |i| u32::try_from(i * tasks / share).expect("below the number of tasks"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Model::{FreeThreads, Processes, Serial, Threads};

    fn model(model: Model, workers: u32) -> Arm {
        Arm::Model { model, workers, beside: 0 }
    }

    #[test]
    fn a_round_has_the_ceiling_serial_once_and_each_model_with_each_worker_count() {
        let experiment =
            Experiment { models: vec![Serial, Threads, Processes], workers: vec![1, 2], ..Experiment::default() };
        assert_eq!(
            arms(&experiment),
            [
                Arm::Bare { workers: 1 },
                Arm::Bare { workers: 2 },
                model(Serial, 1),
                model(Threads, 1),
                model(Threads, 2),
                model(Processes, 1),
                model(Processes, 2),
            ]
        );
    }

    #[test]
    fn without_parallel_workers_no_ceiling_is_measured() {
        let experiment = Experiment { models: vec![Serial, FreeThreads], workers: vec![1], ..Experiment::default() };
        assert_eq!(arms(&experiment), [model(Serial, 1), model(FreeThreads, 1)]);
    }

    #[test]
    fn bare_workers_run_a_share_of_the_tasks() {
        let tasks = |tasks, workers| {
            bare_tasks(&Experiment { tasks, workers: vec![workers], ..Experiment::default() }).collect::<Vec<_>>()
        };
        assert_eq!(tasks(4, 2), [0, 2]);
        assert_eq!(tasks(2, 8), [0]);
        assert_eq!(tasks(9, 2), [0, 2, 4, 6]);
    }
}
