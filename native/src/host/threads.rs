//! `threads`, `serial` and `event-loop`: OS threads that share a heap, with or without the lock.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use gilscope::host::{Found, HostError, Memory, Sample, Sink};
use gilscope::lock::Lock;
use gilscope::model::event_loop::run_event_loop_worker;
use gilscope::model::job::Job;
use gilscope::model::processes::note;
use gilscope::model::threads::{run_serial_worker, run_threads_worker};
use gilscope::trace::State;
use gilscope::trace::ring::{Reader, Recorder, Ring};

use super::{Context, TICK};

/// The threads of a pool as their parent sees them.
pub struct Crew {
    pub context: Context,
    pub readers: Vec<Reader>,
    pub startup_us: Vec<f64>,
    pub stable: bool,
    /// By how much starting them has made this process grow.
    pub grown: Memory,
    pub threads: Vec<JoinHandle<()>>,
}

impl Crew {
    /// A crew without threads, and a recorder for each thread to come.
    pub fn recruit(context: Context) -> (Self, Vec<Recorder>) {
        let rings: Vec<Arc<Ring>> = (0..context.all_workers()).map(|_| Arc::default()).collect();
        let recorder = |ring| Recorder::new(ring, Arc::new(context.clock), context.recording);
        let recorders = rings.iter().cloned().map(recorder).collect();
        let readers = rings.into_iter().map(Reader::new).collect();
        (
            Self {
                readers,
                startup_us: Vec::new(),
                stable: true,
                grown: Memory::default(),
                threads: Vec::new(),
                context,
            },
            recorders,
        )
    }

    /// Each thread's part of what this process grew by when they started.
    pub fn memory(&self) -> Vec<Memory> {
        self.grown.split(self.context.all_workers())
    }

    /// Tell what has happened since the last call.
    pub fn tell(&mut self, job: Option<(&Job, &mut [bool])>, sink: &mut dyn Sink) {
        let now_us = self.context.now_us();
        for (reader, worker) in self.readers.iter_mut().zip(0u32..) {
            let (transitions, dropped) = reader.drain();
            sink.trace(worker, now_us, transitions, dropped);
        }
        if let Some((job, seen)) = job {
            job.arrived(seen).into_iter().for_each(|answered| sink.answered(answered));
        }
    }

    /// Start one thread with `spawn` and wait until it says that it is ready.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn hire(
        &mut self,
        worker: u32,
        answers: &Receiver<Answer>,
        sink: &mut dyn Sink,
        spawn: impl FnOnce(Builder) -> std::io::Result<JoinHandle<()>>,
    ) -> Result<(), HostError> {
        let started_us = self.context.now_us();
        note(worker, started_us, State::Starting, sink);
        let thread = spawn(Builder::new().name(format!("worker {worker}"))).map_err(|error| {
            HostError::Failed(format!("thread {worker} could not be started ({error}); ask for fewer workers"))
        })?;
        self.threads.push(thread);
        let Ok(Answer::Ready { at_us }) = answers.recv() else {
            return Err(HostError::Failed(format!("thread {worker} ended at its start; its message is above")));
        };
        self.startup_us.push(at_us - started_us);
        Ok(())
    }

    /// Wait until every thread has warmed up.
    ///
    /// # Errors
    /// When a thread panicked, or the run was cancelled meanwhile.
    pub fn hear_warm(&mut self, answers: &Receiver<Answer>) -> Result<(), HostError> {
        for _ in 0..self.context.all_workers() {
            match answers.recv() {
                Ok(Answer::Panicked { message }) => return Err(self.panicked(&message)),
                answer => self.stable &= matches!(answer, Ok(Answer::Warm { stable: true })),
            }
        }
        self.context.check_cancel()
    }

    /// Wait for `times` answers that a part of the sample is done, and tell the sink what happens
    /// meanwhile. Gives when the last was done.
    ///
    /// # Errors
    /// When a thread has ended without being asked to, or the run was cancelled.
    pub fn wait(
        &mut self,
        job: &Job,
        answers: &Receiver<Answer>,
        times: u32,
        sink: &mut dyn Sink,
    ) -> Result<f64, HostError> {
        let mut seen = vec![false; job.tasks().len()];
        let mut end_us = 0.0f64;
        let mut left = times;
        while left > 0 {
            match answers.recv_timeout(TICK) {
                Ok(Answer::Done { at_us }) => {
                    end_us = end_us.max(at_us);
                    left -= 1;
                }
                Ok(Answer::Panicked { message }) => return Err(self.panicked(&message)),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => self.tell(Some((job, &mut seen)), sink),
                Err(RecvTimeoutError::Disconnected) => unreachable!("every thread answers before it ends"),
            }
        }
        self.tell(Some((job, &mut seen)), sink);
        self.context.check_cancel()?;
        Ok(end_us)
    }

    fn panicked(&self, message: &str) -> HostError {
        // It may have held the lock: cancelling lets the others go, so that they can be joined.
        self.context.cancel.cancel();
        HostError::Failed(format!("a worker thread panicked: {message}"))
    }

    /// Join the threads, which have been told to end.
    pub fn dismiss(mut self, sink: &mut dyn Sink) {
        for thread in self.threads.drain(..) {
            // A panic has been reported by then.
            let _ = thread.join();
        }
        self.tell(None, sink);
        let now_us = self.context.now_us();
        (0..self.context.all_workers()).for_each(|worker| note(worker, now_us, State::Dead, sink));
    }
}

/// What a thread is asked for.
enum Order {
    WarmUp,
    Sample(Arc<Shared>),
}

/// What a thread answers.
pub enum Answer {
    Ready { at_us: f64 },
    Warm { stable: bool },
    Done { at_us: f64 },
    Panicked { message: String },
}

/// Do `body`; what it panics with is an answer, too.
pub fn answer_of(body: impl FnOnce() -> Answer) -> Answer {
    // Nobody uses again what it leaves half done: the run fails.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(answer) => answer,
        Err(payload) => {
            let message = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let message = message.or_else(|| payload.downcast_ref::<String>().cloned());
            Answer::Panicked { message: message.unwrap_or_else(|| "without a message".into()) }
        }
    }
}

/// How the threads of a pool take turns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Turns {
    /// There is one thread.
    Serial,
    /// There is one thread, and tasks take turns on it.
    Events,
    /// At the lock.
    Lock,
}

/// What the threads share for one sample.
struct Shared {
    job: Job,
    turns: Turns,
    /// Nobody takes it where threads do not take turns at it.
    lock: Lock,
}

/// OS threads that wait for samples.
pub struct ThreadPool {
    pub crew: Crew,
    turns: Turns,
    orders: Vec<Sender<Order>>,
    answers: Receiver<Answer>,
}

impl ThreadPool {
    pub fn start(context: Context, turns: Turns, sink: &mut dyn Sink) -> Result<Self, HostError> {
        let (mut crew, recorders) = Crew::recruit(context);
        let (answer, answers) = channel();
        let mut orders = Vec::new();
        for (recorder, worker) in recorders.into_iter().zip(0u32..) {
            let (order, ordered) = channel();
            let (context, answer) = (crew.context.clone(), answer.clone());
            let body = move || obey(worker, &context, recorder, &ordered, &answer);
            crew.hire(worker, &answers, sink, |builder| builder.spawn(body))?;
            orders.push(order);
        }
        if !crew.context.is_cold() {
            for order in &orders {
                // A thread that cannot hear has panicked, which is noticed below.
                let _ = order.send(Order::WarmUp);
            }
            crew.hear_warm(&answers)?;
        }
        Ok(Self { crew, turns, orders, answers })
    }

    pub fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        let Context { experiment, cancel, .. } = &self.crew.context;
        let job = Job::new(experiment, tasks, cancel.clone());
        let interval = Duration::from_secs_f64(experiment.switch_interval_s);
        let lock = Lock::new(experiment.lock_policy, interval, cancel.clone());
        let shared = Arc::new(Shared { job, turns: self.turns, lock });
        let start_us = self.crew.context.now_us();
        for order in &self.orders {
            // A thread that cannot hear has panicked, which the wait below reports.
            let _ = order.send(Order::Sample(shared.clone()));
        }
        let end_us = self.crew.wait(&shared.job, &self.answers, self.crew.context.all_workers(), sink)?;
        let lock = (self.turns == Turns::Lock).then(|| shared.lock.counts());
        let found = shared.job.found().map(|by_parent| Found { by_parent, by_worker: Vec::new() });
        Ok(Sample { start_us, end_us, lock, found, ..Sample::default() })
    }

    pub fn stop(self, sink: &mut dyn Sink) {
        drop(self.orders);
        self.crew.dismiss(sink);
    }
}

/// The life of one thread.
fn obey(worker: u32, context: &Context, mut recorder: Recorder, orders: &Receiver<Order>, answer: &Sender<Answer>) {
    let say = |said| drop(answer.send(said));
    say(Answer::Ready { at_us: recorder.enter(State::Idle, None) });
    let beside = worker >= context.workers;
    while let Ok(order) = orders.recv() {
        match order {
            Order::WarmUp => say(answer_of(|| Answer::Warm { stable: context.warm_up() })),
            Order::Sample(shared) => {
                let Shared { job, turns, lock } = &*shared;
                say(answer_of(|| {
                    match turns {
                        Turns::Serial => run_serial_worker(job, worker, &mut recorder),
                        Turns::Events => run_event_loop_worker(job, worker, &mut recorder),
                        Turns::Lock => run_threads_worker(job, lock, worker, beside, &mut recorder),
                    }
                    Answer::Done { at_us: if beside { 0.0 } else { context.now_us() } }
                }));
            }
        }
    }
}
