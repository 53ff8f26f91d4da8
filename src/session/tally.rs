//! What was measured of one arm so far, and what it comes to in a report.

use std::iter::repeat;

use crate::experiment::{Experiment, Model};
use crate::host::{Answered, Arm, Death, Memory, Sample};
use crate::labs::words::plural;
use crate::lock;
use crate::report::{
    ChannelFigures, CountedFigures, DeathFigures, LockFigures, Run, Warning, WarningCode, WorkerFigures,
};
use crate::stats::{self, Percentiles, Summary};
use crate::trace::{self, RunTrace, Span, State, Times, Track, Transition, Window, turns};
use crate::workload;

/// The measurements of one arm.
pub struct Tally {
    pub arm: Arm,
    /// The point of the sweep that it belongs to.
    pub point: usize,
    /// Its number in `Event::Begin`; a bare arm has none.
    pub run: Option<u32>,
    pub startup_us: Vec<f64>,
    pub memory: Vec<Memory>,
    pub stable: bool,
    pub answer: Option<String>,
    /// A task that was answered twice, if one was.
    pub counted_twice: Option<u32>,
    /// Measured samples, one a round.
    samples: Vec<Sample>,
    /// By worker, over its life.
    transitions: Vec<Vec<Transition>>,
    dropped: Vec<u64>,
    /// By worker, over its life: how often it died.
    faults: Vec<u32>,
    /// The cause of the last death.
    cause: Option<String>,
    /// By worker, in the measured samples.
    tasks: Vec<u32>,
    /// From the start of a measured sample to its first answer.
    first_us: Vec<f64>,
    /// From the start of a task to its answer, in the measured samples.
    task_us: Vec<f64>,
}

impl Tally {
    pub fn new(arm: Arm, point: usize, run: Option<u32>) -> Self {
        let workers = (arm.workers() + arm.beside()) as usize;
        Self {
            arm,
            point,
            run,
            startup_us: Vec::new(),
            memory: Vec::new(),
            stable: true,
            answer: None,
            counted_twice: None,
            samples: Vec::new(),
            transitions: vec![Vec::new(); workers],
            dropped: vec![0; workers],
            faults: vec![0; workers],
            cause: None,
            tasks: vec![0; workers],
            first_us: Vec::new(),
            task_us: Vec::new(),
        }
    }

    pub fn trace(&mut self, worker: u32, transitions: &[Transition], dropped: u64) {
        self.transitions[worker as usize].extend(transitions);
        self.dropped[worker as usize] += dropped;
    }

    pub fn died(&mut self, death: &Death) {
        self.faults[death.worker as usize] += 1;
        self.cause = Some(death.cause.clone());
    }

    /// Count a measured sample and its answers.
    pub fn count(&mut self, sample: Sample, answers: &[Answered]) {
        for answered in answers {
            self.tasks[answered.worker as usize] += 1;
            self.task_us.push(answered.at_us - answered.started_us);
        }
        let first_us = answers.iter().map(|answered| answered.at_us - sample.start_us).reduce(f64::min);
        self.first_us.extend(first_us);
        self.samples.push(sample);
    }

    /// By round, in microseconds.
    pub fn elapsed_us(&self) -> impl Iterator<Item = f64> {
        self.samples.iter().map(|sample| sample.end_us - sample.start_us)
    }

    /// `over`'s time divided by this one's, round by round.
    pub fn ratios(&self, over: &Self) -> Vec<f64> {
        over.elapsed_us().zip(self.elapsed_us()).map(|(over, own)| over / own).collect()
    }

    fn windows(&self) -> Vec<Window> {
        self.samples.iter().map(|sample| Window { start_us: sample.start_us, end_us: sample.end_us }).collect()
    }

    fn spans(&self, end_us: f64) -> Vec<Vec<Span>> {
        self.transitions.iter().map(|transitions| trace::spans(transitions, end_us)).collect()
    }

    /// The trace of every worker's life so far.
    pub fn run_trace(&self, model: Model, end_us: f64) -> RunTrace {
        let tracks = self.spans(end_us).into_iter().zip(&self.dropped).zip(0u32..);
        RunTrace {
            point: None,
            model,
            workers: self.arm.workers(),
            samples: self.windows(),
            tracks: tracks.map(|((spans, &dropped_spans), worker)| Track { worker, spans, dropped_spans }).collect(),
        }
    }

    /// This arm's entry in the report; `None` if no sample was measured. `serial` and `ceiling` are absent
    /// when they were not measured.
    pub fn report(
        &self,
        model: Model,
        experiment: &Experiment,
        serial: Option<&Self>,
        ceiling: Option<f64>,
        end_us: f64,
    ) -> Option<Run> {
        let elapsed_s = Summary::of(self.elapsed_us().map(seconds).collect())?;
        let startup_s = Summary::of(self.startup_us.iter().copied().map(seconds).collect())?;
        let speedup = serial.and_then(|serial| Summary::of(self.ratios(serial)));
        let efficiency = speedup.as_ref().zip(ceiling).map(|(speedup, ceiling)| speedup.median / ceiling);
        let per_worker = self.per_worker(end_us);
        let in_seconds = |us: &[f64]| us.iter().copied().map(seconds).collect::<Vec<_>>();
        Some(Run {
            point: None,
            model,
            workers: self.arm.workers(),
            lock: self.lock(experiment, &per_worker, end_us),
            channel: self.channel(),
            deaths: self.deaths(),
            first_s: Summary::of(in_seconds(&self.first_us)),
            task_s: Percentiles::of(&in_seconds(&self.task_us)),
            memory_bytes: self.bytes(|memory| memory.own_bytes),
            rss_bytes: self.bytes(|memory| memory.resident_bytes),
            counted: self.counted(experiment),
            answer: self.answer.clone()?,
            warnings: self.warnings(experiment, &elapsed_s),
            elapsed_s,
            speedup,
            efficiency,
            startup_s,
            per_worker,
        })
    }

    /// One sample a worker that could tell.
    fn bytes(&self, of: fn(&Memory) -> Option<u64>) -> Option<Summary> {
        #[expect(clippy::cast_precision_loss, reason = "sizes of memory need far fewer than 53 bits")]
        Summary::of(self.memory.iter().filter_map(of).map(|bytes| bytes as f64).collect())
    }

    fn per_worker(&self, end_us: f64) -> Vec<WorkerFigures> {
        let windows = self.windows();
        let measured = |spans: &[Span]| {
            let mut times = Times::default();
            windows.iter().for_each(|&window| times.add(spans, window));
            times
        };
        let figures = self.spans(end_us).into_iter().zip(0u32..).map(|(spans, id)| {
            let within = measured(&spans);
            let mut life = Times::default();
            life.add(&spans, Window { start_us: 0.0, end_us });
            let unlocked: Vec<_> = spans.into_iter().filter(|span| span.unlocked).collect();
            WorkerFigures {
                id,
                tasks: self.tasks[id as usize],
                starting_s: seconds(life.of(State::Starting)),
                running_s: seconds(within.of(State::Running)),
                unlocked_s: seconds(measured(&unlocked).of(State::Running)),
                waiting_s: seconds(within.of(State::Waiting)),
                blocked_s: seconds(within.of(State::Blocked)),
                sending_s: seconds(within.of(State::Sending)),
                receiving_s: seconds(within.of(State::Receiving)),
                idle_s: seconds(within.of(State::Idle)),
                dead_s: seconds(within.of(State::Dead) + within.of(State::Starting)),
                faults: self.faults[id as usize],
                memory_bytes: self.memory.get(id as usize).and_then(|memory| memory.own_bytes),
            }
        });
        // Without recording only the parent's own notes of start and end are there.
        let recorded = self.transitions.iter().flatten().any(|transition| transition.state == State::Running);
        if recorded { figures.collect() } else { Vec::new() }
    }

    fn lock(&self, experiment: &Experiment, per_worker: &[WorkerFigures], end_us: f64) -> Option<LockFigures> {
        let counts: Vec<_> = self.samples.iter().map(|sample| sample.lock).collect::<Option<_>>()?;
        let sum = |of: fn(&WorkerFigures) -> f64| (!per_worker.is_empty()).then(|| per_worker.iter().map(of).sum());
        Some(LockFigures {
            policy: experiment.lock_policy,
            switch_interval_s: experiment.switch_interval_s,
            acquisitions: counts.iter().map(|counts| counts.acquisitions).sum(),
            forced_switches: counts.iter().map(|counts| counts.forced_switches).sum(),
            forced_switches_per_s: Summary::of(self.elapsed_us().zip(&counts).map(switches_per_s).collect()),
            signals: counts.iter().map(|counts| counts.signals).sum(),
            found_taken: counts.iter().map(|counts| counts.found_taken).sum(),
            next: (!per_worker.is_empty()).then(|| turns::next(&self.spans(end_us), &self.windows())),
            held_s: sum(|worker| worker.running_s - worker.unlocked_s),
            waiting_s: sum(|worker| worker.waiting_s),
        })
    }

    fn counted(&self, experiment: &Experiment) -> Option<CountedFigures> {
        let counts = workload::find(&experiment.workload)?.counts.as_ref()?;
        #[expect(clippy::cast_precision_loss, reason = "workloads count far fewer than 2^53")]
        let found = self.samples.iter().map(|sample| sample.found.as_ref().map(|found| found.by_parent as f64));
        Some(CountedFigures {
            expected: (counts.expected)(experiment),
            found: Summary::of(found.collect::<Option<_>>()?)?,
            by_worker: self.samples.last()?.found.as_ref()?.by_worker.clone(),
        })
    }

    fn deaths(&self) -> Vec<DeathFigures> {
        let of_rounds =
            self.samples.iter().zip(0..).flat_map(|(sample, round)| sample.deaths.iter().zip(repeat(round)));
        let figures = |(death, round): (&Death, u32)| DeathFigures {
            round,
            worker: death.worker,
            cause: death.cause.clone(),
            tasks: death.tasks.clone(),
            unanswered: death.unanswered,
            replaced_s: death.ready_us.map(|ready_us| seconds(ready_us - death.at_us)),
        };
        of_rounds.map(figures).collect()
    }

    fn channel(&self) -> Option<ChannelFigures> {
        let channels: Vec<_> = self.samples.iter().map(|sample| sample.channel).collect::<Option<_>>()?;
        Some(channels.into_iter().fold(ChannelFigures::default(), |sum, one| ChannelFigures {
            messages: sum.messages + one.messages,
            bytes: sum.bytes + one.bytes,
            serialize_s: sum.serialize_s + one.serialize_s,
            transfer_s: sum.transfer_s + one.transfer_s,
        }))
    }

    /// A lock over messages that was often asked for too late.
    fn late_requests(&self) -> Option<String> {
        let counts = || self.samples.iter().filter_map(|sample| sample.lock);
        let (late, forced): (u64, u64) =
            (counts().map(|counts| counts.late).sum(), counts().map(|counts| counts.forced_switches).sum());
        (late * LATE_AT_MOST > forced).then(|| {
            format!(
                "for {late} of {forced} forced switches the page asked for the lock late, so turns were longer than the \
                 switch interval; keep the page in view, close other pages and run again"
            )
        })
    }

    fn warnings(&self, experiment: &Experiment, elapsed_s: &Summary) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |code, text| warnings.push(Warning { code, text });
        let measured = elapsed_s.samples.len();
        if measured < experiment.runs as usize {
            let asked = experiment.runs;
            warn(WarningCode::FewSamples, format!("rounds measured: {measured} of {asked}"));
        } else if measured < 3 {
            warn(
                WarningCode::FewSamples,
                format!("rounds measured: {measured}, too few for an interval; run at least 3"),
            );
        }
        let far = stats::outliers(&elapsed_s.samples);
        if far > 0 {
            let text = format!("times far from the others: {far} of {measured}; close other programs and run again");
            warn(WarningCode::Outliers, text);
        }
        if !self.stable {
            let text = "a worker's speed was still changing when measuring began; run again with more warm-up rounds";
            warn(WarningCode::NotStable, text.into());
        }
        let died: u32 = self.faults.iter().sum();
        if let Some(cause) = &self.cause {
            let text = format!(
                "{} died ({cause}); their tasks were tried again on others, so no answer is lost, but the times have \
                 that in them",
                plural(died, "worker", "workers")
            );
            warn(WarningCode::WorkerDied, text);
        }
        if let Some(text) = self.late_requests() {
            warn(WarningCode::LatePage, text);
        }
        let dropped: u64 = self.dropped.iter().sum();
        if dropped > 0 {
            let text = format!("the {dropped} oldest spans of the trace were lost; the times of the workers lack them");
            warn(WarningCode::TraceDropped, text);
        }
        warnings
    }
}

/// A page that is late for more of the switches than one in so many has changed what was measured.
const LATE_AT_MOST: u64 = 10;

#[expect(clippy::cast_precision_loss, reason = "a round has far fewer than 2^53 switches")]
fn switches_per_s((elapsed_us, counts): (f64, &lock::Counts)) -> f64 {
    counts.forced_switches as f64 / seconds(elapsed_us)
}

fn seconds(us: f64) -> f64 {
    us / 1e6
}
