//! A session on a host whose clock and workers are made up, so that every figure is known.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::host::{Memory, Sample};
use crate::lock::Counts;
use crate::report::{HostKind, LockTransport, MachineFacts, Outcome};
use crate::trace::State;

/// What a pool does when it is asked for its n-th sample, counted over all pools.
type Script = fn(n: u32) -> Option<HostError>;

struct FakeHost {
    /// The clock on the wall, given the other.
    unix_s: fn(now_us: f64) -> Option<u64>,
    now_us: Rc<RefCell<f64>>,
    samples: Rc<RefCell<u32>>,
    running: Rc<RefCell<u32>>,
    log: Rc<RefCell<Vec<String>>>,
    script: Script,
    /// Bare workers side by side take this many times as long as one alone.
    crowding: f64,
    lacks: fn(Model, &Experiment) -> bool,
    lock: LockTransport,
    /// What the lock does in each sample of `threads`.
    counts: Counts,
}

impl FakeHost {
    fn new() -> Self {
        Self {
            unix_s: |_| None,
            now_us: Rc::default(),
            samples: Rc::default(),
            running: Rc::default(),
            log: Rc::default(),
            script: |_| None,
            crowding: 1.0,
            lacks: |_, _| false,
            lock: LockTransport::Os,
            counts: Counts::default(),
        }
    }
}

struct FakePool {
    arm: Arm,
    experiment: Experiment,
    now_us: Rc<RefCell<f64>>,
    samples: Rc<RefCell<u32>>,
    running: Rc<RefCell<u32>>,
    log: Rc<RefCell<Vec<String>>>,
    script: Script,
    crowding: f64,
    counts: Counts,
}

impl Host for FakeHost {
    type Pool = FakePool;

    fn unix_s(&self) -> Option<u64> {
        (self.unix_s)(self.now_us())
    }

    fn facts(&self) -> HostFacts {
        HostFacts {
            kind: HostKind::Native,
            engine: "fake".into(),
            os: "fake".into(),
            logical_cores: 2,
            machine: MachineFacts::default(),
            ceiling: BTreeMap::new(),
            isolated: true,
            lock: Some(self.lock),
        }
    }

    fn now_us(&self) -> f64 {
        *self.now_us.borrow()
    }

    fn max_workers(&self) -> u32 {
        8
    }

    fn unavailable(&self, model: Model, experiment: &Experiment) -> Option<String> {
        (self.lacks)(model, experiment).then(|| "no memory to share".into())
    }

    fn disturbances(&mut self) -> Vec<Warning> {
        Vec::new()
    }

    async fn start(&mut self, arm: Arm, experiment: &Experiment, _: &mut dyn Sink) -> Result<FakePool, HostError> {
        *self.running.borrow_mut() += 1;
        Ok(FakePool {
            arm,
            experiment: experiment.clone(),
            now_us: self.now_us.clone(),
            samples: self.samples.clone(),
            running: self.running.clone(),
            log: self.log.clone(),
            script: self.script,
            crowding: self.crowding,
            counts: self.counts,
        })
    }
}

impl FakePool {
    /// A serial sample takes 1 s, the lock changes nothing, other models are as fast as they have workers.
    fn duration_us(&self) -> f64 {
        match self.arm {
            Arm::Bare { workers: 1 } => 5e5,
            Arm::Bare { .. } => 5e5 * self.crowding,
            Arm::Model { model: Model::Serial | Model::Threads, .. } => 1e6,
            Arm::Model { workers, .. } => 1e6 / f64::from(workers),
        }
    }
}

impl Pool for FakePool {
    fn startup_us(&self) -> Vec<f64> {
        vec![1e3; self.arm.workers() as usize]
    }

    fn stable(&self) -> bool {
        true
    }

    fn memory(&self) -> Vec<Memory> {
        Vec::new()
    }

    async fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        self.log.borrow_mut().push(format!("{:?}", self.arm));
        *self.samples.borrow_mut() += 1;
        if let Some(error) = (self.script)(*self.samples.borrow()) {
            return Err(error);
        }
        let start_us = *self.now_us.borrow();
        let end_us = start_us + self.duration_us();
        *self.now_us.borrow_mut() = end_us;
        if let Arm::Model { workers, .. } = self.arm {
            for worker in 0..workers {
                let state = |at_us, state| Transition { at_us, state, task: None, work: 0, unlocked: false };
                // The clock was read before the ring: the worker's last change came after it.
                sink.trace(worker, start_us, vec![state(start_us, State::Running), state(end_us, State::Idle)], 0);
            }
            let workload = workload::find(&self.experiment.workload).unwrap();
            for task in tasks {
                let partial = workload::run_bare(workload, &self.experiment, task, |_| ());
                sink.answered(Answered { worker: task % workers, task, started_us: start_us, at_us: end_us, partial });
            }
        }
        let lock = matches!(self.arm, Arm::Model { model: Model::Threads, .. }).then_some(self.counts);
        Ok(Sample { start_us, end_us, lock, ..Sample::default() })
    }

    async fn stop(self, _: &mut dyn Sink) {
        *self.running.borrow_mut() -= 1;
    }
}

fn small() -> Experiment {
    Experiment { size: 100, runs: 3, warmup: 1, ..Experiment::default() }
}

/// Futures of the fake host never wait.
fn run_on(host: &mut FakeHost, experiment: &Experiment) -> (Result<Report, RunError>, Vec<Event>) {
    let mut events = Vec::new();
    let report = {
        let mut watch = |event| events.push(event);
        let session = pin!(run(host, experiment, &mut watch));
        match session.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(report) => report,
            Poll::Pending => panic!("the fake host waited"),
        }
    };
    (report, events)
}

/// A clock of whole seconds, which goes as the other does.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time after 1970")]
fn wall(now_us: f64) -> Option<u64> {
    Some(1_800_000_000 + (now_us / 1e6) as u64)
}

#[test]
fn a_machine_that_slept_is_told_and_a_clock_of_whole_seconds_is_not() {
    let flagged = |unix_s| {
        let (report, _) = run_on(&mut FakeHost { unix_s, ..FakeHost::new() }, &small());
        let warnings = report.expect("it runs").warnings;
        warnings.into_iter().filter(|warning| warning.code == WarningCode::StoodStill).collect::<Vec<_>>()
    };
    let awake = flagged(wall);
    assert!(awake.is_empty(), "{awake:?}");
    // It falls asleep once, part-way.
    let asleep = flagged(|now_us| wall(now_us).map(|unix_s| unix_s + if now_us < 50.0 { 0 } else { 60 }));
    assert_eq!(asleep.len(), 1, "{asleep:?}");
    assert!(asleep[0].text.starts_with("the machine slept for about "), "{asleep:?}");
}

#[test]
fn models_are_interleaved_round_by_round() {
    let mut host = FakeHost::new();
    run_on(&mut host, &small()).0.unwrap();
    let log = host.log.borrow();
    let round = &log[..6];
    assert!(log.chunks(6).all(|other| other == round), "{log:?}");
    assert_eq!(log.len(), 6 * (1 + 3), "one round of warm-up and three measured");
}

#[test]
fn figures_come_out_as_they_went_in() {
    let mut host = FakeHost { crowding: 1.25, ..FakeHost::new() };
    let report = run_on(&mut host, &small()).0.unwrap();
    assert_eq!(report.host.ceiling["2"], 1.6);
    let processes = report.widest(Model::Processes).unwrap();
    assert_eq!(processes.elapsed_s.samples, [0.5, 0.5, 0.5]);
    assert_eq!(processes.speedup.as_ref().unwrap().median, 2.0);
    assert_eq!(processes.efficiency, Some(1.25));
    assert_eq!(processes.per_worker.iter().map(|worker| worker.tasks).collect::<Vec<_>>(), [6, 6]);
    assert_eq!(processes.per_worker[0].running_s, 1.5);
    assert_eq!(report.widest(Model::Serial).unwrap().efficiency, None);
    // Nothing beats bare workers that are not disturbed.
    assert_eq!(report.verdict.unwrap().outcome, Outcome::CouldNotTell);
}

#[test]
fn without_serial_there_is_no_speedup() {
    let experiment = Experiment { models: vec![Model::Processes], ..small() };
    let report = run_on(&mut FakeHost::new(), &experiment).0.unwrap();
    assert_eq!(report.runs[0].speedup, None);
    assert_eq!(report.verdict, None);
}

#[test]
fn a_model_that_cannot_run_here_says_why_and_the_others_run() {
    let mut host = FakeHost { lacks: |model, _| model == Model::Threads, ..FakeHost::new() };
    let (report, events) = run_on(&mut host, &small());
    let report = report.unwrap();
    assert!(report.widest(Model::Threads).is_none());
    assert_eq!(report.runs.len(), 3);
    assert_eq!(report.warnings[0].text, "threads did not run: no memory to share");
    let Event::Begin { runs, .. } = &events[0] else { panic!("the first event is Begin") };
    assert_eq!(runs[1].unavailable.as_deref(), Some("no memory to share"));
    // The numbers of the runs in later events are those of Begin, with the gap.
    let ended = events.iter().filter_map(|event| match event {
        Event::RoundEnd { run, round: 0, .. } => Some(*run),
        _ => None,
    });
    assert_eq!(ended.collect::<Vec<_>>(), [0, 2, 3]);
}

#[test]
fn a_model_that_cannot_run_at_some_points_is_missing_there_alone() {
    let mut experiment = small();
    experiment.set("sweep", "chunk=1; chunk=2; chunk=3").unwrap();
    let mut host = FakeHost { lacks: |model, at| model == Model::Threads && at.chunk > 1, ..FakeHost::new() };
    let report = run_on(&mut host, &experiment).0.unwrap();
    assert_eq!(report.warnings[0].text, "threads did not run at chunk 2; chunk 3: no memory to share");
    assert_eq!(report.runs.len(), 3 * 4 - 2);
}

#[test]
fn a_lock_over_messages_is_named_and_so_is_a_page_that_was_late_for_it() {
    let run = |late, experiment: &Experiment| {
        let counts = Counts { forced_switches: 20, late, ..Counts::default() };
        let mut host = FakeHost { lock: LockTransport::Messages, counts, ..FakeHost::new() };
        run_on(&mut host, experiment).0.unwrap()
    };
    let in_time = run(2, &small());
    assert_eq!(in_time.warnings[0].code, WarningCode::LockOverMessages);
    let of_threads = |report: &Report| report.widest(Model::Threads).unwrap().warnings.clone();
    assert_eq!(of_threads(&in_time), []);
    let late = of_threads(&run(3, &small()));
    assert!(
        late[0].code == WarningCode::LatePage && late[0].text.starts_with("for 9 of 60 forced switches"),
        "{late:?}"
    );
    let without_threads = Experiment { models: vec![Model::Processes], ..small() };
    assert!(run(0, &without_threads).warnings.iter().all(|warning| warning.code != WarningCode::LockOverMessages));
}

#[test]
fn where_no_model_can_run_no_bare_worker_is_started() {
    let mut host = FakeHost { lacks: |model, _| model == Model::Threads, ..FakeHost::new() };
    let report = run_on(&mut host, &Experiment { models: vec![Model::Threads], ..small() }).0.unwrap();
    assert!(report.runs.is_empty() && report.host.ceiling.is_empty());
    assert_eq!(*host.samples.borrow(), 0);
}

#[test]
fn a_run_cancelled_part_way_keeps_what_was_measured_and_stops_every_pool() {
    // Warm-up and one full round are 12 samples.
    let mut host = FakeHost { script: |n| (n == 15).then_some(HostError::Cancelled), ..FakeHost::new() };
    let report = run_on(&mut host, &small()).0.unwrap();
    assert_eq!(*host.running.borrow(), 0);
    assert!(report.warnings.iter().any(|warning| warning.code == WarningCode::Cancelled));
    let serial = report.widest(Model::Serial).unwrap();
    assert_eq!(serial.elapsed_s.samples.len(), 1);
    assert!(serial.warnings.iter().any(|warning| warning.code == WarningCode::FewSamples));
}

#[test]
fn a_run_cancelled_before_anything_was_measured_is_no_report() {
    let mut host = FakeHost { script: |n| (n == 2).then_some(HostError::Cancelled), ..FakeHost::new() };
    assert_eq!(run_on(&mut host, &small()).0, Err(RunError::Cancelled));
    assert_eq!(*host.running.borrow(), 0);
}

#[test]
fn a_host_that_fails_part_way_says_so_beside_what_was_measured() {
    let fail = |n| (n == 20).then(|| HostError::Failed("worker 1 died".into()));
    let mut host = FakeHost { script: fail, ..FakeHost::new() };
    let report = run_on(&mut host, &small()).0.unwrap();
    assert!(report.warnings.iter().any(|warning| warning.text.starts_with("worker 1 died")));
}

#[test]
fn an_invalid_experiment_is_refused_before_anything_starts() {
    let mut host = FakeHost::new();
    let experiment = Experiment { workers: vec![9], ..small() };
    let (report, events) = run_on(&mut host, &experiment);
    assert!(matches!(report, Err(RunError::Field(error)) if error.field == "workers"));
    assert_eq!(events, []);
}

#[test]
fn nothing_is_told_before_it_happened() {
    let (_, events) = run_on(&mut FakeHost::new(), &small());
    let told = events.iter().filter_map(|event| match event {
        Event::Trace { now_us, transitions, .. } => Some((*now_us, transitions.last()?.at_us)),
        _ => None,
    });
    let told: Vec<_> = told.collect();
    assert!(!told.is_empty() && told.iter().all(|(now_us, last_us)| last_us <= now_us), "{told:?}");
}

#[test]
fn the_trace_is_there_only_when_asked_for() {
    assert!(run_on(&mut FakeHost::new(), &small()).0.unwrap().trace.is_none());
    let experiment = Experiment { trace: true, ..small() };
    let trace = run_on(&mut FakeHost::new(), &experiment).0.unwrap().trace.unwrap();
    assert_eq!(trace.len(), 4);
    assert_eq!(trace[1].samples.len(), 3);
    assert_eq!(trace[1].tracks.len(), 2);
}

#[test]
fn a_report_survives_being_saved_and_another_major_version_is_refused() {
    let report = run_on(&mut FakeHost::new(), &Experiment { trace: true, ..small() }).0.unwrap();
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(Report::from_json(&json).unwrap(), report);
    let newer = json.replace("gilscope.report/1", "gilscope.report/2");
    assert!(Report::from_json(&newer).unwrap_err().to_string().contains("cannot be 'gilscope.report/2'"));
    let with_more = json.replacen('{', r#"{"later": 1,"#, 1);
    assert_eq!(Report::from_json(&with_more).unwrap(), report);
}
