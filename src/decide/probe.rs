//! Probes: short experiments that measure what workers, messages and waits cost.

use serde::Serialize;

use super::costs::{Costs, cost};
use crate::experiment::{Dispatch, Experiment, Model};
use crate::report::{Report, Run};
use crate::stats::{Estimate, Summary};

/// More workers than this start too slowly for a page that somebody waits for.
const MOST_WORKERS: u32 = 8;
/// Tasks so short that handing them out is all there is to measure.
const TINY: u32 = 500;
const TINY_TASKS: u32 = 400;
/// Waits of the event loop.
const WAIT_US: u32 = 2_000;
const WAITS: u32 = 32;
/// Data of a task, in bytes, and how often it is sent.
const DATA_BYTES: u32 = 1 << 24;
const DATA_TASKS: u32 = 4;

/// One of them, with what its report tells.
struct Probe {
    /// What it measures, in words for whoever waits.
    name: &'static str,
    experiment: fn(u32) -> Experiment,
    read: fn(&Report, &mut Costs),
}

/// What a face runs, one after another.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CostExperiment {
    pub name: String,
    pub experiment: Experiment,
}

static ALL: [Probe; 5] = [
    Probe {
        name: "what more cores give",
        experiment: |workers| Experiment {
            size: 6_000_000,
            tasks: workers * 2,
            models: vec![Model::Serial, Model::Processes],
            workers: vec![workers],
            runs: 3,
            ..Experiment::default()
        },
        read: |report, costs| {
            let Some(run) = run_of(report, Model::Processes) else { return };
            costs.workers = run.workers;
            costs.speedup = run.speedup.as_ref().map(cost);
            costs.process_bytes = run.memory_bytes.as_ref().map(cost);
        },
    },
    Probe {
        name: "what it costs to hand out a task",
        experiment: |_| Experiment {
            size: TINY,
            tasks: TINY_TASKS,
            models: vec![Model::Serial, Model::Threads, Model::Processes],
            workers: vec![1],
            runs: 5,
            ..Experiment::default()
        },
        read: |report, costs| {
            costs.thread_task_s = beside_serial(report, Model::Threads, f64::from(TINY_TASKS));
            costs.message_s = beside_serial(report, Model::Processes, f64::from(TINY_TASKS));
        },
    },
    Probe {
        name: "what it costs to start a worker",
        experiment: |_| Experiment {
            size: 1_000,
            tasks: 6,
            models: vec![Model::Threads, Model::Processes],
            workers: vec![1],
            dispatch: Dispatch::Fresh,
            runs: 1,
            ..Experiment::default()
        },
        read: |report, costs| {
            let start_s = |model| run_of(report, model).map(|run| cost(&run.startup_s));
            costs.thread_start_s = start_s(Model::Threads);
            costs.process_start_s = start_s(Model::Processes);
        },
    },
    Probe {
        name: "what it costs to go on while a task waits",
        experiment: |_| Experiment {
            workload: "io-wait".into(),
            size: WAIT_US,
            tasks: WAITS,
            models: vec![Model::EventLoop],
            workers: vec![1],
            runs: 3,
            ..Experiment::default()
        },
        read: |report, costs| {
            // All waits overlap, so that one of them is no cost of going on.
            let wait_s = f64::from(WAIT_US) / 1e6;
            let elapsed_s = run_of(report, Model::EventLoop).map(|run| &run.elapsed_s.samples);
            let each_s = elapsed_s.map(|all| all.iter().map(|s| (s - wait_s) / f64::from(WAITS)).collect());
            costs.loop_task_s = each_s.and_then(Summary::of).as_ref().map(cost);
        },
    },
    Probe {
        name: "what it costs to send data",
        experiment: |_| Experiment {
            workload: "checksum".into(),
            size: DATA_BYTES,
            tasks: DATA_TASKS,
            models: vec![Model::Serial, Model::Processes],
            workers: vec![1],
            runs: 3,
            ..Experiment::default()
        },
        read: |report, costs| {
            let bytes = f64::from(DATA_BYTES) * f64::from(DATA_TASKS);
            costs.byte_s = beside_serial(report, Model::Processes, bytes);
        },
    },
];

/// What to run to learn the costs of a machine, in this order.
pub fn experiments(logical_cores: u32) -> Vec<CostExperiment> {
    // One process beside none would say nothing of several.
    let workers = logical_cores.clamp(2, MOST_WORKERS);
    let of = |probe: &Probe| CostExperiment { name: probe.name.into(), experiment: (probe.experiment)(workers) };
    ALL.iter().map(of).collect()
}

/// What the reports of all [`experiments`] tell, in the same order. What a report lacks is absent.
pub fn costs(reports: &[Report]) -> Costs {
    let mut costs = Costs::default();
    ALL.iter().zip(reports).for_each(|(probe, report)| (probe.read)(report, &mut costs));
    costs
}

fn run_of(report: &Report, model: Model) -> Option<&Run> {
    report.runs.iter().find(|run| run.model == model)
}

/// What `model` took beside what `serial` took, round by round, for each of `parts`.
fn beside_serial(report: &Report, model: Model, parts: f64) -> Option<Estimate> {
    let (run, serial) = (run_of(report, model)?, run_of(report, Model::Serial)?);
    let rounds = run.elapsed_s.samples.iter().zip(&serial.elapsed_s.samples);
    Summary::of(rounds.map(|(own, serial)| (own - serial) / parts).collect()).as_ref().map(cost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::race;

    #[test]
    fn every_probe_can_run_wherever_it_is() {
        for logical_cores in [1, 2, 64] {
            for CostExperiment { name, experiment } in experiments(logical_cores) {
                assert_eq!(experiment.validate(32), Ok(()), "{name}");
            }
        }
    }

    #[test]
    fn costs_are_taken_round_by_round_and_what_is_lacking_is_absent() {
        let mut report = race::tests::report(1.0, 1.9, 1.95);
        let summary = |samples: &[f64]| Summary::of(samples.to_vec()).unwrap();
        let threads = report.runs.iter_mut().find(|run| run.model == Model::Threads);
        threads.unwrap().model = Model::Serial;
        for run in &mut report.runs {
            let serial = run.model == Model::Serial;
            run.elapsed_s = summary(if serial { &[1.0, 2.0, 3.0] } else { &[1.4, 2.8, 3.4] });
        }
        let costs = costs(&[report.clone(), report]);
        assert!((costs.message_s.unwrap().value - 0.001).abs() < 1e-9, "{costs:?}");
        assert_eq!((costs.thread_task_s, costs.thread_start_s, costs.loop_task_s), (None, None, None));
        assert!(costs.speedup.is_some());
    }

    /// A report of one model after another, with these rounds.
    fn report(runs: &[(Model, &[f64])]) -> Report {
        let mut report = race::tests::report(1.0, 1.9, 1.95);
        let run = report.runs.remove(0);
        let of = |(model, elapsed_s): &(Model, &[f64])| Run {
            model: *model,
            elapsed_s: Summary::of(elapsed_s.to_vec()).unwrap(),
            ..run.clone()
        };
        report.runs = runs.iter().map(of).collect();
        report
    }

    #[test]
    fn every_cost_is_read_from_the_probe_that_measures_it() {
        let mut more_cores = report(&[(Model::Serial, &[6.0]), (Model::Processes, &[2.0])]);
        let processes = &mut more_cores.runs[1];
        (processes.workers, processes.speedup) = (3, Summary::of(vec![2.5]));
        processes.memory_bytes = Summary::of(vec![7e6]);
        let handing_out = report(&[(Model::Serial, &[1.0]), (Model::Threads, &[1.4]), (Model::Processes, &[1.8])]);
        let mut starting = report(&[(Model::Threads, &[1.0]), (Model::Processes, &[1.0])]);
        starting.runs[0].startup_s = Summary::of(vec![0.001]).unwrap();
        starting.runs[1].startup_s = Summary::of(vec![0.05]).unwrap();
        // 32 tasks that wait for 2 ms.
        let waiting = report(&[(Model::EventLoop, &[0.034])]);
        // Four times 16 MiB.
        let data = report(&[(Model::Serial, &[1.0]), (Model::Processes, &[1.0 + f64::from(1 << 26) * 1e-9])]);
        let costs = costs(&[more_cores, handing_out, starting, waiting, data]);
        let expected = [
            (costs.speedup, 2.5),
            (costs.process_bytes, 7e6),
            (costs.thread_task_s, 0.4 / 400.0),
            (costs.message_s, 0.8 / 400.0),
            (costs.thread_start_s, 0.001),
            (costs.process_start_s, 0.05),
            (costs.loop_task_s, 0.001),
            (costs.byte_s, 1e-9),
        ];
        for (cost, expected) in expected {
            assert!((cost.unwrap().value / expected - 1.0).abs() < 1e-6, "{expected} in {costs:?}");
        }
        assert_eq!(costs.workers, 3);
    }

    #[test]
    fn no_probe_takes_more_workers_than_a_page_starts_at_once() {
        let workers = [1, 2, 5, 64].map(|cores| experiments(cores)[0].experiment.workers.clone());
        assert_eq!(workers, [[2], [2], [5], [8]]);
        assert_eq!(experiments(5)[0].experiment.tasks, 10, "two for each");
    }
}
