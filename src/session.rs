//! One experiment on one host, from its validation to its report: the measuring rules, in order.

mod tally;

use serde::{Deserialize, Serialize};

use crate::experiment::{Experiment, FieldError, Model};
use crate::host::{Arm, Host, HostError, Pool, Sink};
use crate::report::{HostFacts, Report, SCHEMA, Warning, WarningCode};
use crate::trace::Transition;
use crate::workload::{self, Partial, Tile, Workload};
use crate::{labs, schedule, stats};
use tally::Tally;

/// A round in which a bare worker took longer than this many times its best time was disturbed.
const DISTURBED: f64 = 1.25;

/// What happens while an experiment runs, for those who watch. `run` counts the `runs` of
/// [`Event::Begin`] from 0.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// The experiment is valid and about to start.
    Begin { host: HostFacts, experiment: Experiment, runs: Vec<PlannedRun> },
    /// The workers of a run (of the ceiling, if `run` is absent) are being started and warmed up.
    Starting {
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        run: Option<u32>,
        workers: u32,
        now_us: f64,
    },
    /// A run's next round starts. `round` counts from 0, through the warm-up rounds first.
    RoundStart {
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        run: Option<u32>,
        round: u32,
        rounds: u32,
        warmup: bool,
        now_us: f64,
    },
    /// What a worker did since the last such event. It is still in the last state at `now_us`.
    Trace { run: u32, worker: u32, now_us: f64, transitions: Vec<Transition> },
    /// A task's answer has arrived; for a picture, with its iteration counts row by row.
    Task {
        run: u32,
        worker: u32,
        task: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        tile: Option<Tile>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        counts: Vec<u16>,
    },
    /// A run's round has ended.
    RoundEnd {
        run: u32,
        round: u32,
        warmup: bool,
        start_us: f64,
        end_us: f64,
        /// Against `serial` in the same round.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        speedup: Option<f64>,
    },
    /// The ceiling for this number of workers, from the rounds so far.
    Ceiling { workers: u32, speedup: f64 },
    /// Something that a reader should know.
    Warning(Warning),
}

/// A run that the experiment asks for.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PlannedRun {
    pub model: Model,
    pub workers: u32,
    /// Why it cannot run here, if it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub unavailable: Option<String>,
}

/// No report came of an experiment.
#[derive(thiserror::Error, Clone, Debug, PartialEq)]
pub enum RunError {
    #[error(transparent)]
    Field(#[from] FieldError),
    #[error("{0}")]
    Host(String),
    /// Before anything was measured; later, the report says so in a warning.
    #[error("the run was cancelled before anything was measured")]
    Cancelled,
}

/// Run `experiment` on `host` and tell `watch` what happens. Once anything is measured there is a report,
/// also when the run is cancelled or fails later; a warning then says so.
///
/// # Errors
/// When the experiment cannot be run, or nothing was measured.
pub async fn run<H: Host>(
    host: &mut H,
    experiment: &Experiment,
    watch: &mut dyn FnMut(Event),
) -> Result<Report, RunError> {
    experiment.validate(host.max_workers())?;
    let mut session = Session::plan(host, experiment, watch);
    let mut pools = Vec::new();
    let measured = session.measure(host, &mut pools).await;
    for (pool, tally) in pools.into_iter().zip(&mut session.tallies) {
        pool.stop(&mut Collector::new(experiment, session.workload, tally, session.watch)).await;
    }
    session.report(host, measured)
}

struct Session<'a> {
    experiment: &'a Experiment,
    workload: &'static Workload,
    /// One an arm, in the order of a round. Bare arms are no runs.
    tallies: Vec<Tally>,
    warnings: Vec<Warning>,
    watch: &'a mut dyn FnMut(Event),
}

impl<'a> Session<'a> {
    /// `experiment` is valid.
    fn plan<H: Host>(host: &H, experiment: &'a Experiment, watch: &'a mut dyn FnMut(Event)) -> Self {
        let arms = schedule::arms(experiment);
        let planned = arms.iter().filter_map(|&arm| match arm {
            Arm::Bare { .. } => None,
            Arm::Model { model, workers } => Some(PlannedRun { model, workers, unavailable: host.unavailable(model) }),
        });
        let runs: Vec<_> = planned.collect();
        let facts = host.facts();
        let mut session = Self {
            experiment,
            workload: workload::find(&experiment.workload).expect("a valid experiment"),
            tallies: Vec::new(),
            warnings: Vec::new(),
            watch,
        };
        (session.watch)(Event::Begin { host: facts.clone(), experiment: experiment.clone(), runs: runs.clone() });
        let mut run = 0..;
        for arm in arms {
            let available = match arm {
                Arm::Bare { .. } => true,
                Arm::Model { model, .. } => host.unavailable(model).is_none(),
            };
            let run = if matches!(arm, Arm::Bare { .. }) { None } else { run.next() };
            if available {
                session.tallies.push(Tally::new(arm, run));
            }
        }
        for model in &experiment.models {
            if let Some(reason) = host.unavailable(*model) {
                session.warn(WarningCode::ModelUnavailable, format!("{model} did not run: {reason}"));
            }
        }
        let most = experiment.workers.iter().max().copied().unwrap_or(1);
        let cores = experiment.cores.unwrap_or(facts.logical_cores);
        if most > cores && experiment.models.iter().any(|&model| model != Model::Serial) {
            let text = format!("{most} workers share {cores} cores, so they cannot all run at once");
            session.warn(WarningCode::MoreWorkersThanCores, text);
        }
        session
    }

    fn warn(&mut self, code: WarningCode, text: String) {
        let warning = Warning { code, text };
        (self.watch)(Event::Warning(warning.clone()));
        self.warnings.push(warning);
    }

    /// Start every pool, then measure round by round.
    async fn measure<H: Host>(&mut self, host: &mut H, pools: &mut Vec<H::Pool>) -> Result<(), HostError> {
        for tally in &mut self.tallies {
            let workers = tally.arm.workers();
            (self.watch)(Event::Starting { run: tally.run, workers, now_us: host.now_us() });
            let arm = tally.arm;
            let mut collector = Collector::new(self.experiment, self.workload, tally, self.watch);
            let pool = host.start(arm, self.experiment, &mut collector).await?;
            tally.startup_us = pool.startup_us();
            tally.stable = pool.stable();
            pools.push(pool);
        }
        let rounds = self.experiment.warmup + self.experiment.runs;
        for round in 0..rounds {
            for (index, pool) in pools.iter_mut().enumerate() {
                self.measure_one(host, pool, index, round, rounds).await?;
            }
            for warning in host.disturbances() {
                self.warn(warning.code, warning.text);
            }
            self.tell_ceiling();
        }
        Ok(())
    }

    async fn measure_one<H: Host>(
        &mut self,
        host: &mut H,
        pool: &mut H::Pool,
        index: usize,
        round: u32,
        rounds: u32,
    ) -> Result<(), HostError> {
        let warmup = round < self.experiment.warmup;
        let (run, arm) = (self.tallies[index].run, self.tallies[index].arm);
        (self.watch)(Event::RoundStart { run, round, rounds, warmup, now_us: host.now_us() });
        let mut collector = Collector::new(self.experiment, self.workload, &mut self.tallies[index], self.watch);
        let sample = pool.sample(&mut collector).await?;
        let computed_by = match arm {
            Arm::Bare { .. } => Vec::new(),
            Arm::Model { .. } => collector.merge()?,
        };
        let tally = &mut self.tallies[index];
        tally.memory_bytes = pool.memory_bytes();
        let (start_us, end_us) = (sample.start_us, sample.end_us);
        if !warmup {
            tally.count(sample, &computed_by);
        }
        self.check_answers(index)?;
        if let Some(run) = run {
            let serial = self.serial().filter(|_| !warmup);
            let speedup = serial.and_then(|serial| self.tallies[index].ratios(serial).last().copied());
            (self.watch)(Event::RoundEnd { run, round, warmup, start_us, end_us, speedup });
        }
        Ok(())
    }

    fn serial(&self) -> Option<&Tally> {
        self.tallies.iter().find(|tally| matches!(tally.arm, Arm::Model { model: Model::Serial, .. }))
    }

    /// No speed-up may be shown between models that computed different things.
    fn check_answers(&self, index: usize) -> Result<(), HostError> {
        let answer = self.tallies[index].answer.as_ref();
        let other = self.tallies[..index].iter().find_map(|tally| tally.answer.as_ref());
        match (answer, other) {
            (Some(answer), Some(other)) if answer != other => {
                let arm = self.tallies[index].arm;
                Err(HostError::Failed(format!("{arm:?} answered {answer}, the others {other}: please report this bug")))
            }
            _ => Ok(()),
        }
    }

    /// The ceiling by number of workers: how much more work bare workers got done side by side, taken
    /// round by round.
    fn ceilings(&self) -> Vec<(u32, f64)> {
        let is_alone = |tally: &&Tally| tally.arm == Arm::Bare { workers: 1 };
        let Some(alone) = self.tallies.iter().find(is_alone) else { return Vec::new() };
        let wide = self.tallies.iter().filter(|tally| matches!(tally.arm, Arm::Bare { workers } if workers > 1));
        wide.filter_map(|tally| {
            let workers = tally.arm.workers();
            let ratios = tally.ratios(alone);
            (!ratios.is_empty()).then(|| (workers, f64::from(workers) * stats::median(&ratios)))
        })
        .collect()
    }

    fn tell_ceiling(&mut self) {
        for (workers, speedup) in self.ceilings() {
            (self.watch)(Event::Ceiling { workers, speedup });
        }
    }

    fn report<H: Host>(mut self, host: &H, measured: Result<(), HostError>) -> Result<Report, RunError> {
        let (experiment, end_us) = (self.experiment, host.now_us());
        let ceilings = self.ceilings();
        let ceiling_for = |workers: u32| ceilings.iter().find(|(w, _)| *w == workers).map(|(_, ceiling)| *ceiling);
        let serial = self.serial();
        let models = self.tallies.iter().filter_map(|tally| match tally.arm {
            Arm::Model { model, workers } => Some((model, workers, tally)),
            Arm::Bare { .. } => None,
        });
        let runs: Vec<_> = models
            .clone()
            .filter_map(|(model, workers, tally)| tally.report(model, experiment, serial, ceiling_for(workers), end_us))
            .collect();
        let trace = experiment.trace.then(|| models.map(|(model, _, tally)| tally.run_trace(model, end_us)).collect());
        match measured {
            Err(HostError::Cancelled) if runs.is_empty() => return Err(RunError::Cancelled),
            Err(HostError::Failed(cause)) if runs.is_empty() => return Err(RunError::Host(cause)),
            Err(HostError::Cancelled) => {
                self.warn(WarningCode::Cancelled, "the run was cancelled; this is what was measured before".into());
            }
            Err(HostError::Failed(cause)) => {
                self.warn(WarningCode::Failed, format!("{cause}; this is what was measured before"));
            }
            Ok(()) => {}
        }
        if let Some(text) = self.uneven_rounds() {
            self.warn(WarningCode::BusyMachine, text);
        }
        let mut report = Report {
            schema: SCHEMA.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            host: host.facts(),
            experiment: experiment.clone(),
            runs,
            warnings: self.warnings,
            verdict: None,
            trace,
        };
        report.host.ceiling = ceilings.iter().map(|(workers, ceiling)| (workers.to_string(), *ceiling)).collect();
        report.verdict = labs::find(&experiment.lab).and_then(|lab| (lab.judge)(&report));
        Ok(report)
    }

    /// Bare workers do the same in every round: where they take longer, the machine was disturbed.
    fn uneven_rounds(&self) -> Option<String> {
        let alone = self.tallies.iter().find(|tally| tally.arm == Arm::Bare { workers: 1 })?;
        let elapsed: Vec<_> = alone.elapsed_us().collect();
        let best = elapsed.iter().copied().reduce(f64::min)?;
        let slow = elapsed.iter().filter(|&&us| us > best * DISTURBED).count();
        (slow > 0).then(|| {
            let rounds = elapsed.len();
            format!(
                "in {slow} of {rounds} rounds a bare worker took over {DISTURBED} times its best time: something else \
                 used the machine, or its clock changed; close other programs and run again"
            )
        })
    }
}

/// Collects what one sample of one arm hands over.
struct Collector<'a> {
    experiment: &'a Experiment,
    workload: &'static Workload,
    tally: &'a mut Tally,
    watch: &'a mut dyn FnMut(Event),
    /// By task: who computed it, and what came of it.
    partials: Vec<Option<(u32, Partial)>>,
    counted_twice: Option<u32>,
}

impl<'a> Collector<'a> {
    fn new(
        experiment: &'a Experiment,
        workload: &'static Workload,
        tally: &'a mut Tally,
        watch: &'a mut dyn FnMut(Event),
    ) -> Self {
        let partials = vec![None; experiment.tasks as usize];
        Self { experiment, workload, tally, watch, partials, counted_twice: None }
    }

    /// Merge the sample's partial answers; gives who computed each task.
    fn merge(self) -> Result<Vec<u32>, HostError> {
        if let Some(task) = self.counted_twice {
            return Err(HostError::Failed(format!("task {task} was answered twice: please report this bug")));
        }
        let Some(all) = self.partials.into_iter().collect::<Option<Vec<_>>>() else {
            return Err(HostError::Failed("not every task was answered: please report this bug".into()));
        };
        let (computed_by, partials): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        let answer = (self.workload.merge)(self.experiment, &partials);
        if let Some(before) = self.tally.answer.replace(answer) {
            let now = self.tally.answer.as_ref();
            if now != Some(&before) {
                let arm = self.tally.arm;
                return Err(HostError::Failed(format!(
                    "{arm:?} answered {before}, then {now:?}: please report this bug"
                )));
            }
        }
        Ok(computed_by)
    }
}

impl Sink for Collector<'_> {
    fn trace(&mut self, worker: u32, now_us: f64, transitions: Vec<Transition>, dropped: u64) {
        self.tally.trace(worker, &transitions, dropped);
        if let Some((run, last)) = self.tally.run.zip(transitions.last()) {
            // Workers go on while their rings are read, so the last change may have come after `now_us`.
            let now_us = now_us.max(last.at_us);
            (self.watch)(Event::Trace { run, worker, now_us, transitions });
        }
    }

    fn partial(&mut self, worker: u32, task: u32, partial: Partial) {
        if let Some(run) = self.tally.run {
            let tile = self.workload.tile.map(|tile| tile(self.experiment, task));
            let count = |pair: &[u8]| u16::from_le_bytes([pair[0], pair[1]]);
            let counts = if tile.is_some() { partial.chunks_exact(2).map(count).collect() } else { Vec::new() };
            (self.watch)(Event::Task { run, worker, task, tile, counts });
        }
        match self.partials.get_mut(task as usize) {
            Some(slot @ None) => *slot = Some((worker, partial)),
            _ => self.counted_twice = Some(task),
        }
    }
}

#[cfg(test)]
mod tests;
