//! A worker's turns alone, then with its parent and others in one thread.

use std::sync::Arc;

use super::*;
use crate::fault::tests::no_fault;
use crate::host::tests::TickingClock;
use crate::host::{Answered, Clock, Memory, Sink};
use crate::lock::Counts;
use crate::model::isolated::{Edges, Isolated, Turn};
use crate::model::processes::{Outbox, Parent, Sharing};
use crate::trace::ring::{Reader, Ring};
use crate::trace::{Transition, spans};

/// Does these things, one a quantum.
struct Script(VecDeque<Progress>);

impl Task for Script {
    fn quantum(&mut self, _: Breaker<'_>) -> Progress {
        self.0.pop_front().expect("no more quanta than the script has")
    }
}

struct Worker {
    turns: Turns,
    recorder: Recorder,
    reader: Reader,
    script: Vec<Progress>,
}

impl Worker {
    fn new(script: Vec<Progress>) -> Self {
        let ring = Arc::new(Ring::default());
        let recorder = Recorder::new(ring.clone(), Arc::new(TickingClock::default()), true);
        Self { turns: Turns::new([4]), recorder, reader: Reader::new(ring), script }
    }

    fn step(&mut self) -> Step {
        let script = &mut self.script;
        self.turns.step(&mut self.recorder, |_| Box::new(Script(std::mem::take(script).into())))
    }

    fn take_lock(&mut self, turn: u32) {
        assert_eq!(self.step(), Step::Waits);
        assert_eq!(self.turns.hear(ToClaim::Has { turn, free_us: 0.0 }, &mut self.recorder), None);
    }

    fn states(&mut self) -> Vec<(State, bool)> {
        self.reader.drain().0.iter().map(|transition| (transition.state, transition.unlocked)).collect()
    }
}

#[test]
fn the_lock_is_dropped_around_waits_and_around_quanta_that_need_none() {
    let done = Progress::Done(vec![7]);
    let mut worker = Worker::new(vec![Progress::Wait { us: 1.0 }, Progress::MoreUnlocked, Progress::More, done]);
    assert_eq!(worker.turns.begin(0.0, &mut worker.recorder), ToArbiter::Wants { turn: 1 });
    worker.take_lock(1);
    assert!(matches!(worker.step(), Step::Says(ToArbiter::Drops { turn: 1, again: false, .. })));
    assert_eq!(worker.step(), Step::Says(ToArbiter::Wants { turn: 2 }), "the wait is over");
    worker.take_lock(2);
    assert!(matches!(worker.step(), Step::Says(ToArbiter::Drops { turn: 2, again: false, .. })));
    assert_eq!(worker.step(), Step::Says(ToArbiter::Wants { turn: 3 }), "what came next needs the lock");
    worker.take_lock(3);
    assert_eq!(worker.step(), Step::Ran);
    assert!(matches!(worker.step(), Step::Answered { task: 4, ref partial, .. } if partial == &[7]));
    assert_eq!(worker.step(), Step::End);
    assert_eq!(worker.recorder.work(), 4);
    let (waiting, running) = ((State::Waiting, false), (State::Running, false));
    let expected = [waiting, running, running, (State::Blocked, false), waiting, running, (State::Running, true)];
    assert_eq!(worker.states(), [&expected[..], &[waiting, running]].concat());
}

#[test]
fn a_holder_that_is_asked_waits_for_its_next_turn_and_goes_on_where_it_was() {
    let mut worker = Worker::new(vec![Progress::More, Progress::Done(vec![])]);
    let _ = worker.turns.begin(0.0, &mut worker.recorder);
    worker.take_lock(1);
    assert_eq!(worker.step(), Step::Ran);
    let said = worker.turns.hear(ToClaim::Asked { turn: 1 }, &mut worker.recorder);
    assert!(matches!(said, Some(ToArbiter::Drops { turn: 1, again: true, .. })));
    assert!(!worker.turns.has_lock());
    worker.take_lock(2);
    assert!(matches!(worker.step(), Step::Answered { task: 4, .. }));
}

#[test]
fn what_needs_one_heap_is_refused_with_the_reason() {
    let reason = |workload: &str| unavailable(&Experiment::of(workload).unwrap());
    assert_eq!(reason("sum-of-squares"), None);
    assert_eq!(reason("io-wait"), None);
    for workload in ["counter", "refcounts", "checksum", "primitive"] {
        assert!(reason(workload).is_some_and(|text| text.contains(workload)), "{workload}");
    }
    let old = Experiment { lock_policy: Policy::Ticks, ..Experiment::default() };
    assert!(unavailable(&old).unwrap().contains("lock-policy switch-interval"));
}

/// A worker's clock, a little apart from its parent's.
struct Skewed(Arc<TickingClock>, f64);

impl Clock for Skewed {
    fn now_us(&self) -> f64 {
        self.0.now_us() + self.1
    }
}

/// What the parent heard, by worker.
struct Heard {
    tasks: Vec<u32>,
    transitions: Vec<Vec<Transition>>,
}

impl Sink for Heard {
    fn trace(&mut self, worker: u32, _: f64, transitions: Vec<Transition>, dropped: u64) {
        assert_eq!(dropped, 0);
        self.transitions[worker as usize].extend(transitions);
    }

    fn answered(&mut self, answered: Answered) {
        self.tasks.push(answered.task);
    }
}

/// One worker with the frames that are on their way to it.
struct Place {
    worker: Option<Isolated>,
    inbox: VecDeque<Vec<u8>>,
    turn: Turn,
}

/// Parent and workers in one thread. Between two slices of a worker the others have theirs, and messages arrive.
struct World {
    clock: Arc<TickingClock>,
    parent: Parent,
    places: Vec<Place>,
    heard: Heard,
}

impl World {
    fn new(experiment: &Experiment, workers: u32, beside: u32) -> Self {
        let place = |_| Place { worker: None, inbox: VecDeque::new(), turn: Turn::Idle };
        let all = workers + beside;
        Self {
            clock: Arc::default(),
            parent: Parent::new(experiment, workers, beside, Sharing::Turns, None),
            places: (0..all).map(place).collect(),
            heard: Heard { tasks: Vec::new(), transitions: vec![Vec::new(); all as usize] },
        }
    }

    fn post(&mut self, outbox: Outbox) {
        for (worker, frame) in outbox {
            self.places[worker as usize].inbox.push_back(frame);
        }
    }

    fn converse(&mut self, outbox: Outbox) {
        self.post(outbox);
        while !self.parent.is_answered() {
            for id in 0..self.places.len() {
                for frame in self.slice(id) {
                    let id = u32::try_from(id).unwrap();
                    let outbox = self.parent.receive(id, &frame, &*self.clock, &mut self.heard).unwrap();
                    self.post(outbox);
                }
                let outbox = self.parent.elapse(self.clock.now_us());
                self.post(outbox);
            }
        }
    }

    /// A worker takes in a message, or computes for a slice. Gives what it sends.
    fn slice(&mut self, id: usize) -> Vec<Vec<u8>> {
        let (place, mut sent) = (&mut self.places[id], Vec::new());
        match (&mut place.worker, place.inbox.pop_front()) {
            (None, None) => {}
            (None, Some(frame)) => {
                #[expect(clippy::cast_precision_loss, reason = "few workers")]
                let clock = Arc::new(Skewed(self.clock.clone(), 7.0 * id as f64));
                let (worker, ready) =
                    Isolated::begin(&frame, Edges { clock, memory: Memory::default, shared: None, suffer: no_fault })
                        .unwrap();
                place.worker = Some(worker);
                sent.push(ready);
            }
            (Some(worker), Some(frame)) => place.turn = worker.receive(&frame, &mut |frame| sent.push(frame)).unwrap(),
            (Some(worker), None) if place.turn != Turn::Idle => {
                place.turn = worker.advance(10.0, &mut |frame| sent.push(frame));
            }
            (Some(_), None) => {}
        }
        sent
    }

    /// One sample, to its end; gives what the lock did.
    fn sample(&mut self, tasks: u32) -> Counts {
        let ask = self.parent.compute(0..tasks, &*self.clock.clone());
        self.converse(ask);
        let halt = self.parent.halt();
        self.converse(halt);
        let flush = self.parent.flush();
        self.converse(flush);
        assert_eq!(self.parent.due_us(), None, "nobody waits any more");
        self.parent.lock_counts().expect("threads have a lock")
    }

    /// Never is more than one worker running, but without the lock.
    fn check_turns(&self) {
        let of = |(worker, transitions): (usize, &Vec<Transition>)| {
            let spans = spans(transitions, f64::INFINITY).into_iter();
            let with_lock = spans.filter(|span| span.state == State::Running && !span.unlocked);
            with_lock.map(|span| (span.start_us, span.end_us, worker)).collect::<Vec<_>>()
        };
        let mut running: Vec<_> = self.heard.transitions.iter().enumerate().flat_map(of).collect();
        running.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in running.windows(2) {
            assert!(pair[0].1 <= pair[1].0, "{pair:?}");
        }
    }
}

fn begun(experiment: &Experiment, workers: u32, beside: u32) -> World {
    let mut world = World::new(experiment, workers, beside);
    let begin = world.parent.begin(true);
    world.converse(begin);
    world
}

#[test]
fn whatever_they_compute_one_runs_at_a_time_and_every_task_is_answered_once() {
    for (workload, size) in [("sum-of-squares", 1_000_000), ("io-mixed", 30), ("matrix-kernel", 32)] {
        for (tasks, workers, beside) in [(1, 1, 0), (5, 3, 0), (2, 4, 0), (4, 2, 1)] {
            let experiment = Experiment { size, switch_interval_s: 20e-6, ..Experiment::of(workload).unwrap() };
            let experiment = Experiment { tasks, ..experiment };
            let mut world = begun(&experiment, workers, beside);
            for _ in 0..2 {
                world.heard.tasks.clear();
                let counts = world.sample(tasks);
                assert!(counts.acquisitions >= u64::from(tasks.min(workers)), "{workload}: {counts:?}");
                world.heard.tasks.sort_unstable();
                assert_eq!(world.heard.tasks, (0..tasks).collect::<Vec<_>>(), "{workload}");
            }
            world.check_turns();
            let idle = |life: &Vec<Transition>| life.last().is_some_and(|last| last.state == State::Idle);
            assert!(world.heard.transitions.iter().all(idle), "{workload}");
        }
    }
}

#[test]
fn one_who_computes_beside_the_tasks_is_made_to_let_them_have_turns() {
    let experiment = Experiment { size: 3_000_000, tasks: 1, switch_interval_s: 20e-6, ..Experiment::default() };
    let mut world = begun(&experiment, 1, 1);
    let counts = world.sample(1);
    assert!(counts.forced_switches > 0 && counts.signals >= counts.forced_switches, "{counts:?}");
    let waited = |life: &Vec<Transition>| life.iter().filter(|one| one.state == State::Waiting).count();
    assert!(world.heard.transitions.iter().all(|life| waited(life) > 1), "each waits for the other");
}
