//! One experiment on one host, from its validation to its report: the measuring rules, in order.

mod tally;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::experiment::{Dispatch, Experiment, FieldError, Library, Model, Point};
use crate::host::{Answered, Arm, Death, Host, HostError, Pool, Sample, Sink};
use crate::labs::words::plural;
use crate::report::{HostFacts, HostKind, LockTransport, Report, Run, SCHEMA, Warning, WarningCode};
use crate::trace::{RunTrace, Transition};
use crate::workload::{self, Tile, Workload};
use crate::{labs, points, schedule, stats};
use tally::Tally;

/// A round in which a bare worker took longer than this many times its best time was disturbed.
const DISTURBED: f64 = 1.25;

const LOCK_OVER_MESSAGES: &str = "the lock of threads ran over messages, because memory cannot be shared here: the page \
                                  gave it to one worker after another. A holder looks at its messages once a \
                                  millisecond, so its turn lasts that much longer than the switch interval, and more \
                                  where the page is busy";
const INTERPRETERS: &str = "processes are interpreters of one process here, as library interpreters asks: each has a heap \
                            and a lock of its own, and none can be ended from outside";

/// A clock on the wall that is so far ahead of the host's went on while the machine slept; it counts whole seconds.
const SLEPT_S: f64 = 3.0;

/// What happens while an experiment runs, for those who watch. `run` counts the `runs` of
/// [`Event::Begin`] from 0.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// The experiment is valid and about to start.
    Begin { host: HostFacts, experiment: Box<Experiment>, runs: Vec<PlannedRun> },
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
    /// A worker has died; these tasks are tried again on others.
    Death { run: u32, worker: u32, cause: String, tasks: Vec<u32>, now_us: f64 },
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
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct PlannedRun {
    /// The point of the sweep; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub point: Option<Point>,
    pub model: Model,
    pub workers: u32,
    /// Workers that compute beside those; their tracks come after theirs.
    pub beside: u32,
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
    let points = experiment.points()?;
    let mut session = Session::plan(host, experiment, &points, watch);
    let mut measured = Ok(());
    for point in 0..points.len() {
        measured = session.measure(host, point).await;
        if measured.is_err() {
            break;
        }
    }
    session.report(host, measured)
}

/// Why a model did not run, and at which points of a sweep, where it ran at others.
fn missing(model: Model, runs: &[PlannedRun]) -> Vec<String> {
    let runs: Vec<_> = runs.iter().filter(|run| run.model == model).collect();
    let mut reasons: Vec<_> = runs.iter().filter_map(|run| run.unavailable.as_ref()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let text = |reason: &String| {
        let lacking: Vec<_> = runs.iter().filter(|run| run.unavailable.as_ref() == Some(reason)).collect();
        let mut points: Vec<_> = lacking.iter().filter_map(|run| run.point.as_ref().map(points::setting)).collect();
        // One run for each number of workers.
        points.dedup();
        let place = if lacking.len() == runs.len() { String::new() } else { format!(" at {}", points.join("; ")) };
        format!("{model} did not run{place}: {reason}")
    };
    reasons.into_iter().map(text).collect()
}

struct Session<'a> {
    experiment: &'a Experiment,
    /// The experiment at each point of its sweep.
    points: &'a [Experiment],
    /// One an arm, point by point, in the order of a round. Bare arms are no runs.
    tallies: Vec<Tally>,
    warnings: Vec<Warning>,
    watch: &'a mut dyn FnMut(Event),
}

impl<'a> Session<'a> {
    /// `experiment` is valid, and has these `points`.
    fn plan<H: Host>(
        host: &H,
        experiment: &'a Experiment,
        points: &'a [Experiment],
        watch: &'a mut dyn FnMut(Event),
    ) -> Self {
        let mut session = Self { experiment, points, tallies: Vec::new(), warnings: Vec::new(), watch };
        let mut runs = Vec::new();
        for (point, at_point) in points.iter().enumerate() {
            let arms = schedule::arms(at_point);
            let can_run =
                |arm: &Arm| matches!(arm, Arm::Model { model, .. } if host.unavailable(*model, at_point).is_none());
            // Where no model can run, bare workers have nothing to be compared to.
            let compared = arms.iter().any(can_run);
            for arm in arms {
                let Arm::Model { model, workers, beside } = arm else {
                    session.tallies.extend(compared.then(|| Tally::new(arm, point, None)));
                    continue;
                };
                let run = u32::try_from(runs.len()).expect("few runs");
                let unavailable = host.unavailable(model, at_point);
                if unavailable.is_none() {
                    session.tallies.push(Tally::new(arm, point, Some(run)));
                }
                let point = experiment.sweep.get(point).cloned();
                runs.push(PlannedRun { point, model, workers, beside, unavailable });
            }
        }
        let facts = host.facts();
        (session.watch)(Event::Begin {
            host: facts.clone(),
            experiment: Box::new(experiment.clone()),
            runs: runs.clone(),
        });
        for model in Model::ALL {
            for text in missing(model, &runs) {
                session.warn(WarningCode::ModelUnavailable, text);
            }
        }
        let has = |model| runs.iter().any(|run| run.model == model && run.unavailable.is_none());
        if facts.kind == HostKind::Cpython && experiment.library == Library::Interpreters && has(Model::Processes) {
            session.warn(WarningCode::Interpreters, INTERPRETERS.into());
        }
        if has(Model::Threads) && facts.lock == Some(LockTransport::Messages) {
            session.warn(WarningCode::LockOverMessages, LOCK_OVER_MESSAGES.into());
        }
        let computing = runs.iter().filter(|run| !run.model.is_alone()).map(|run| run.workers + run.beside);
        let most = computing.max().unwrap_or(1);
        let cores = experiment.cores.unwrap_or(facts.logical_cores);
        if most > cores {
            let cores = plural(cores, "core", "cores");
            let text = format!("{most} workers share {cores}, so they cannot all run at once");
            session.warn(WarningCode::MoreWorkersThanCores, text);
        }
        session
    }

    fn warn(&mut self, code: WarningCode, text: String) {
        let warning = Warning { code, text };
        (self.watch)(Event::Warning(warning.clone()));
        self.warnings.push(warning);
    }

    /// Start every pool of a point, measure round by round, stop the pools.
    async fn measure<H: Host>(&mut self, host: &mut H, point: usize) -> Result<(), HostError> {
        let indices = (0..self.tallies.len()).filter(|&index| self.tallies[index].point == point);
        let mut pools: Vec<(usize, Option<H::Pool>)> = indices.map(|index| (index, None)).collect();
        let measured = self.measure_rounds(host, point, &mut pools).await;
        for (index, pool) in pools {
            if let Some(pool) = pool {
                pool.stop(&mut Collector::new(&self.points[point], &mut self.tallies[index], self.watch)).await;
            }
        }
        measured
    }

    async fn measure_rounds<H: Host>(
        &mut self,
        host: &mut H,
        point: usize,
        pools: &mut Vec<(usize, Option<H::Pool>)>,
    ) -> Result<(), HostError> {
        let experiment = &self.points[point];
        if experiment.dispatch != Dispatch::Fresh {
            for (index, _) in std::mem::take(pools) {
                let Tally { run, arm, .. } = self.tallies[index];
                (self.watch)(Event::Starting { run, workers: arm.workers(), now_us: host.now_us() });
                match self.start(host, index).await {
                    Ok(pool) => pools.push((index, Some(pool))),
                    // Where a page could have some workers, they are measured without those that it could not: memory
                    // was short. Elsewhere a failure is more than that.
                    Err(HostError::Failed(cause)) if host.facts().kind == HostKind::Browser && !pools.is_empty() => {
                        let who = match arm {
                            Arm::Bare { .. } => "the ceiling".to_owned(),
                            Arm::Model { model, workers, .. } => {
                                format!("{model} ({})", plural(workers, "worker", "workers"))
                            }
                        };
                        self.warn(WarningCode::Failed, format!("{who} could not be measured: {cause}"));
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        let rounds = experiment.warmup + experiment.runs;
        for round in 0..rounds {
            let before = ahead_s(host);
            for (index, pool) in &mut *pools {
                self.measure_one(host, pool.as_mut(), *index, round, rounds).await?;
            }
            if let Some(slept_s) = ahead_s(host).zip(before).map(|(after, before)| after - before)
                && slept_s > SLEPT_S
            {
                let text = format!("the machine slept for about {slept_s:.0} s while this was measured; run again");
                self.warn(WarningCode::StoodStill, text);
            }
            for warning in host.disturbances() {
                self.warn(warning.code, warning.text);
            }
            for (workers, speedup) in self.ceilings(point) {
                (self.watch)(Event::Ceiling { workers, speedup });
            }
        }
        Ok(())
    }

    async fn start<H: Host>(&mut self, host: &mut H, index: usize) -> Result<H::Pool, HostError> {
        let tally = &mut self.tallies[index];
        let (arm, experiment) = (tally.arm, &self.points[tally.point]);
        let pool = host.start(arm, experiment, &mut Collector::new(experiment, tally, self.watch)).await?;
        tally.startup_us.extend(pool.startup_us());
        tally.stable &= pool.stable();
        tally.memory = pool.memory();
        Ok(pool)
    }

    async fn measure_one<H: Host>(
        &mut self,
        host: &mut H,
        pool: Option<&mut H::Pool>,
        index: usize,
        round: u32,
        rounds: u32,
    ) -> Result<(), HostError> {
        let (run, arm, point) = (self.tallies[index].run, self.tallies[index].arm, self.tallies[index].point);
        let experiment = &self.points[point];
        let warmup = round < experiment.warmup;
        (self.watch)(Event::RoundStart { run, round, rounds, warmup, now_us: host.now_us() });
        let (sample, answers) = match pool {
            None => self.sample_fresh(host, index).await?,
            Some(pool) if experiment.dispatch == Dispatch::Warm => self.sample_one_by_one(pool, index).await?,
            Some(pool) => {
                let mut collector = Collector::new(experiment, &mut self.tallies[index], self.watch);
                let sample = pool.sample(0..experiment.tasks, &mut collector).await?;
                let answers = collector.answers;
                self.tallies[index].memory = pool.memory();
                (sample, answers)
            }
        };
        let answers = if matches!(arm, Arm::Bare { .. }) { Vec::new() } else { self.merge(index, answers)? };
        let (start_us, end_us) = (sample.start_us, sample.end_us);
        if !warmup {
            self.tallies[index].count(sample, &answers);
        }
        self.check_answers(index)?;
        if let Some(run) = run {
            let serial = self.serial(point).filter(|_| !warmup);
            let speedup = serial.and_then(|serial| self.tallies[index].ratios(serial).last().copied());
            (self.watch)(Event::RoundEnd { run, round, warmup, start_us, end_us, speedup });
        }
        Ok(())
    }

    /// Every task is a request by itself, to workers that are ready.
    async fn sample_one_by_one<P: Pool>(
        &mut self,
        pool: &mut P,
        index: usize,
    ) -> Result<(Sample, Vec<Option<Answered>>), HostError> {
        let tally = &mut self.tallies[index];
        let experiment = &self.points[tally.point];
        let mut collector = Collector::new(experiment, tally, self.watch);
        let (mut start_us, mut end_us, mut deaths) = (None, 0.0, Vec::new());
        for task in 0..experiment.tasks {
            let sample = pool.sample(task..task + 1, &mut collector).await?;
            collector.requested(task, sample.start_us);
            start_us.get_or_insert(sample.start_us);
            end_us = sample.end_us;
            deaths.extend(sample.deaths);
        }
        // What lock, channel and heap tell of each request alone would mislead about all.
        let sample = Sample { start_us: start_us.unwrap_or(end_us), end_us, deaths, ..Sample::default() };
        Ok((sample, collector.answers))
    }

    /// Every task is a request by itself, to a worker that is started for it.
    async fn sample_fresh<H: Host>(
        &mut self,
        host: &mut H,
        index: usize,
    ) -> Result<(Sample, Vec<Option<Answered>>), HostError> {
        let tasks = self.points[self.tallies[index].point].tasks;
        let mut answers = vec![None; tasks as usize];
        let start_us = host.now_us();
        let mut end_us = start_us;
        for task in 0..tasks {
            let asked_us = host.now_us();
            let mut pool = self.start(host, index).await?;
            let tally = &mut self.tallies[index];
            let mut collector = Collector::new(&self.points[tally.point], tally, self.watch);
            let sampled = pool.sample(task..task + 1, &mut collector).await;
            collector.requested(task, asked_us);
            answers[task as usize] = collector.answers[task as usize].take();
            pool.stop(&mut collector).await;
            end_us = sampled?.end_us;
        }
        Ok((Sample { start_us, end_us, ..Sample::default() }, answers))
    }

    /// Merge a sample's partial answers into the answer.
    fn merge(&mut self, index: usize, answers: Vec<Option<Answered>>) -> Result<Vec<Answered>, HostError> {
        let tally = &mut self.tallies[index];
        if let Some(task) = tally.counted_twice.take() {
            return Err(HostError::Failed(format!("task {task} was answered twice: please report this bug")));
        }
        let Some(answers) = answers.into_iter().collect::<Option<Vec<_>>>() else {
            return Err(HostError::Failed("not every task was answered: please report this bug".into()));
        };
        let experiment = &self.points[tally.point];
        let workload = workload::find(&experiment.workload).expect("a valid experiment");
        let partials: Vec<_> = answers.iter().map(|answered| answered.partial.clone()).collect();
        let answer = (workload.merge)(experiment, &partials);
        if let Some(before) = tally.answer.replace(answer) {
            let arm = tally.arm;
            if let Some(now) = tally.answer.as_ref().filter(|now| **now != before) {
                return Err(HostError::Failed(format!("{arm} answered {before}, then {now}: please report this bug")));
            }
        }
        Ok(answers)
    }

    fn of_point(&self, point: usize) -> impl Iterator<Item = &Tally> {
        self.tallies.iter().filter(move |tally| tally.point == point)
    }

    fn serial(&self, point: usize) -> Option<&Tally> {
        self.of_point(point).find(|tally| matches!(tally.arm, Arm::Model { model: Model::Serial, .. }))
    }

    /// No speed-up may be shown between models that computed different things.
    fn check_answers(&self, index: usize) -> Result<(), HostError> {
        let answer = self.tallies[index].answer.as_ref();
        let others = self.tallies[..index].iter().filter(|tally| tally.point == self.tallies[index].point);
        let other = others.filter_map(|tally| tally.answer.as_ref()).next();
        match (answer, other) {
            (Some(answer), Some(other)) if answer != other => {
                let arm = self.tallies[index].arm;
                Err(HostError::Failed(format!("{arm} answered {answer}, the others {other}: please report this bug")))
            }
            _ => Ok(()),
        }
    }

    /// A point's ceiling by number of workers: how much more work bare workers got done side by side, taken
    /// round by round.
    fn ceilings(&self, point: usize) -> Vec<(u32, f64)> {
        let is_alone = |tally: &&Tally| tally.arm == Arm::Bare { workers: 1 };
        let Some(alone) = self.of_point(point).find(is_alone) else { return Vec::new() };
        let wide = self.of_point(point).filter(|tally| matches!(tally.arm, Arm::Bare { workers } if workers > 1));
        wide.filter_map(|tally| {
            let workers = tally.arm.workers();
            let ratios = tally.ratios(alone);
            (!ratios.is_empty()).then(|| (workers, f64::from(workers) * stats::median(&ratios)))
        })
        .collect()
    }

    /// What was measured at a point.
    fn runs(&self, point: usize, end_us: f64) -> Vec<Run> {
        let (experiment, serial, ceilings) = (&self.points[point], self.serial(point), self.ceilings(point));
        let reports = self.of_point(point).filter_map(|tally| {
            let Arm::Model { model, workers, .. } = tally.arm else { return None };
            let ceiling = ceilings.iter().find(|(w, _)| *w == workers).map(|(_, ceiling)| *ceiling);
            let run = tally.report(model, experiment, serial, ceiling, end_us)?;
            Some(Run { point: self.swept(point), ..run })
        });
        reports.collect()
    }

    /// The ceilings of all points: where several have one for as many workers, the middle of those.
    fn all_ceilings(&self) -> BTreeMap<String, f64> {
        let all: Vec<_> = (0..self.points.len()).flat_map(|point| self.ceilings(point)).collect();
        let middle = |workers| {
            let of_as_many = all.iter().filter(|(others, _)| *others == workers);
            stats::median(&of_as_many.map(|(_, ceiling)| *ceiling).collect::<Vec<_>>())
        };
        all.iter().map(|&(workers, _)| (workers.to_string(), middle(workers))).collect()
    }

    /// The number of a point, where there are points.
    fn swept(&self, point: usize) -> Option<u32> {
        let has_points = !self.experiment.sweep.is_empty();
        has_points.then(|| u32::try_from(point).expect("few points"))
    }

    fn report<H: Host>(mut self, host: &H, measured: Result<(), HostError>) -> Result<Report, RunError> {
        let (experiment, end_us) = (self.experiment, host.now_us());
        let runs: Vec<_> = (0..self.points.len()).flat_map(|point| self.runs(point, end_us)).collect();
        let traces = self.tallies.iter().filter_map(|tally| match tally.arm {
            Arm::Model { model, .. } => {
                Some(RunTrace { point: self.swept(tally.point), ..tally.run_trace(model, end_us) })
            }
            Arm::Bare { .. } => None,
        });
        let trace = experiment.trace.then(|| traces.collect());
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
        let ceilings = self.all_ceilings();
        let mut report = Report {
            schema: SCHEMA.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            measured_unix_s: host.unix_s(),
            host: host.facts(),
            experiment: experiment.clone(),
            runs,
            warnings: self.warnings,
            verdict: None,
            charts: Vec::new(),
            trace,
        };
        report.host.ceiling = ceilings;
        labs::analyse(&mut report);
        Ok(report)
    }

    /// Bare workers do the same in every round of a point: where they take longer, the machine was disturbed.
    fn uneven_rounds(&self) -> Option<String> {
        let (mut slow, mut rounds) = (0, 0);
        for alone in self.tallies.iter().filter(|tally| tally.arm == Arm::Bare { workers: 1 }) {
            let elapsed: Vec<_> = alone.elapsed_us().collect();
            let best = elapsed.iter().copied().fold(f64::INFINITY, f64::min);
            slow += elapsed.iter().filter(|&&us| us > best * DISTURBED).count();
            rounds += elapsed.len();
        }
        (slow > 0).then(|| {
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
    /// By task.
    answers: Vec<Option<Answered>>,
}

impl<'a> Collector<'a> {
    /// `experiment` is the one at the tally's point.
    fn new(experiment: &'a Experiment, tally: &'a mut Tally, watch: &'a mut dyn FnMut(Event)) -> Self {
        let workload = workload::find(&experiment.workload).expect("a valid experiment");
        Self { experiment, workload, tally, watch, answers: vec![None; experiment.tasks as usize] }
    }

    /// The task was asked for at `asked_us`, by itself.
    fn requested(&mut self, task: u32, asked_us: f64) {
        if let Some(answered) = &mut self.answers[task as usize] {
            answered.started_us = asked_us;
        }
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

    fn died(&mut self, death: &Death) {
        self.tally.died(death);
        if let Some(run) = self.tally.run {
            let Death { worker, at_us, .. } = *death;
            let (cause, tasks) = (death.cause.clone(), death.tasks.clone());
            (self.watch)(Event::Death { run, worker, cause, tasks, now_us: at_us });
        }
    }

    fn answered(&mut self, answered: Answered) {
        let Answered { worker, task, .. } = answered;
        if let Some(run) = self.tally.run {
            let tile = self.workload.tile.map(|tile| tile(self.experiment, task));
            let count = |pair: &[u8]| u16::from_le_bytes([pair[0], pair[1]]);
            let counts = match tile {
                Some(_) => answered.partial.chunks_exact(2).map(count).collect(),
                None => Vec::new(),
            };
            (self.watch)(Event::Task { run, worker, task, tile, counts });
        }
        match self.answers.get_mut(task as usize) {
            Some(slot @ None) => *slot = Some(answered),
            _ => self.tally.counted_twice = Some(task),
        }
    }
}

/// By how much the clock on the wall is ahead of the host's, which may stand still while the machine sleeps.
fn ahead_s<H: Host>(host: &H) -> Option<f64> {
    host.unix_s().map(|unix_s| unix_s as f64 - host.now_us() / 1e6)
}

#[cfg(test)]
mod tests;
