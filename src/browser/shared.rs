//! Pools of workers on the page's own memory: `threads` under the lock, and `free-threads` on rayon.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::ThreadPoolBuilder;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;

use super::host::Context;
use super::port::{Deadline, Inbox, Port, Said, WorkerMemory, into_pointer};
use super::worker::memory;
use crate::host::{Answered, Arm, Clock, Found, HostError, Memory, Sample, Sink};
use crate::lock::Lock;
use crate::model::free_threads::run_free_threads;
use crate::model::job::Job;
use crate::model::processes::note;
use crate::model::threads::run_threads_worker;
use crate::model::warm_up::warm_up;
use crate::trace::State;
use crate::trace::ring::{Reader, Recorder, Ring};
use crate::workload;

/// What the page and its workers share of a pool. The page never locks a recorder.
struct Common {
    recorders: Vec<Mutex<Recorder>>,
    /// Bits of the time at which a worker was last ready or done, by worker.
    at_us: Vec<AtomicU64>,
    unstable: AtomicU64,
    /// The rayon pool, for the coordinator alone.
    rayon: Mutex<Option<rayon::ThreadPool>>,
}

impl Common {
    fn recorder(&self, worker: u32) -> std::sync::MutexGuard<'_, Recorder> {
        self.recorders[worker as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_time(&self, worker: u32, at_us: f64) {
        self.at_us[worker as usize].store(at_us.to_bits(), Ordering::Release);
    }

    fn time(&self, worker: u32) -> f64 {
        f64::from_bits(self.at_us[worker as usize].load(Ordering::Acquire))
    }
}

/// Which model a pool runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    /// `threads`.
    Lock,
    /// `free-threads`: one more worker coordinates, because rayon's caller blocks and the page must not.
    Rayon,
}

/// Web workers on the page's memory.
pub struct SharedPool {
    context: Context,
    /// Those that take tasks; those that compute beside them come after.
    takers: u32,
    workers: u32,
    /// By how much starting them has made the page's memory grow, in bytes.
    grown: Memory,
    discipline: Discipline,
    common: Arc<Common>,
    readers: Vec<Reader>,
    ports: Vec<Port>,
    pub startup_us: Vec<f64>,
    inbox: Inbox,
    /// A worker did, so some may wait for ever.
    has_failed: bool,
}

impl SharedPool {
    pub async fn start(
        context: Context,
        arm: Arm,
        discipline: Discipline,
        sink: &mut dyn Sink,
    ) -> Result<Self, HostError> {
        let (takers, workers) = (arm.workers(), arm.workers() + arm.beside());
        let before = memory();
        let rings: Vec<Arc<Ring>> = (0..workers).map(|_| Arc::default()).collect();
        let recorder = |ring| Mutex::new(Recorder::new(ring, Arc::new(context.clock), context.recording));
        let common = Arc::new(Common {
            recorders: rings.iter().cloned().map(recorder).collect(),
            at_us: (0..workers).map(|_| AtomicU64::new(0)).collect(),
            unstable: AtomicU64::new(0),
            rayon: Mutex::new(None),
        });
        let mut pool = Self {
            takers,
            workers,
            grown: Memory::default(),
            discipline,
            common,
            readers: rings.into_iter().map(Reader::new).collect(),
            ports: Vec::new(),
            startup_us: Vec::new(),
            inbox: Inbox::new(),
            has_failed: false,
            context,
        };
        match pool.prepare(sink).await {
            Ok(()) => {
                pool.grown = memory().since(before);
                Ok(pool)
            }
            Err(error) => {
                pool.stop(sink).await;
                Err(error)
            }
        }
    }

    async fn prepare(&mut self, sink: &mut dyn Sink) -> Result<(), HostError> {
        self.open(sink).await?;
        match self.discipline {
            Discipline::Lock if self.context.is_cold() => Ok(()),
            Discipline::Lock => self.warm_up_each().await,
            Discipline::Rayon => self.build_rayon().await,
        }
    }

    fn coordinator(&self) -> &Port {
        &self.ports[self.workers as usize]
    }

    /// Open every port and wait until each worker has noted that it is idle.
    async fn open(&mut self, sink: &mut dyn Sink) -> Result<(), HostError> {
        let clock = self.context.clock;
        let memory = wasm_bindgen::memory();
        let count = self.workers + u32::from(self.discipline == Discipline::Rayon);
        let mut started_us = Vec::new();
        for id in 0..count {
            started_us.push(clock.now_us());
            if id < self.workers {
                note(id, clock.now_us(), State::Starting, sink);
            }
            self.ports.push(Port::open(
                id,
                &self.context.site,
                WorkerMemory::Page(&memory),
                clock.epoch_ms(),
                &self.inbox,
            )?);
        }
        for id in 0..self.workers {
            let common = self.common.clone();
            self.ports[id as usize].call(move || {
                let ready_us = common.recorder(id).enter(State::Idle, None);
                common.note_time(id, ready_us);
            })?;
        }
        self.hear_called(self.workers, Deadline::new(&clock, "a worker did not start"), None, sink).await?;
        let ready = (0..self.workers).map(|id| self.common.time(id) - started_us[id as usize]);
        self.startup_us = ready.collect();
        Ok(())
    }

    /// Wait until `count` calls have returned, and tell the sink what happens meanwhile.
    async fn hear_called(
        &mut self,
        count: u32,
        deadline: Deadline<'_>,
        job: Option<&Job>,
        sink: &mut dyn Sink,
    ) -> Result<(), HostError> {
        let mut seen = vec![false; job.map_or(0, |job| job.tasks().len())];
        let mut left = count;
        while left > 0 {
            match self.hear(&deadline).await? {
                Said::Called => left -= 1,
                Said::Tick => self.tell(job, &mut seen, sink),
                _ => {}
            }
        }
        self.tell(job, &mut seen, sink);
        Ok(())
    }

    /// The next thing said.
    ///
    /// # Errors
    /// When the run is cancelled, a worker failed, or `deadline` has passed.
    async fn hear(&mut self, deadline: &Deadline<'_>) -> Result<Said, HostError> {
        let (worker, said) = self.inbox.next(&self.context.cancel, deadline).await?;
        let Said::Failed(text) = said else { return Ok(said) };
        // It may have held the lock: the others are let go.
        self.context.cancel.cancel();
        self.has_failed = true;
        Err(HostError::Failed(format!("worker {worker} of threads on one heap cannot go on: {text}")))
    }

    fn tell(&mut self, job: Option<&Job>, seen: &mut [bool], sink: &mut dyn Sink) {
        let now_us = self.context.clock.now_us();
        for (reader, worker) in self.readers.iter_mut().zip(0u32..) {
            let (transitions, dropped) = reader.drain();
            sink.trace(worker, now_us, transitions, dropped);
        }
        for answered in job.map(|job| job.arrived(seen)).unwrap_or_default() {
            sink.answered(answered);
        }
    }

    async fn warm_up_each(&mut self) -> Result<(), HostError> {
        let clock = self.context.clock;
        for port in &self.ports {
            port.call(self.warm_up_call())?;
        }
        let deadline = Deadline::new(&clock, "a worker did not warm up");
        self.hear_called(self.workers, deadline, None, &mut Deaf).await
    }

    /// Warms the calling worker up and notes if it did not become stable.
    fn warm_up_call(&self) -> impl Fn() + Send + Sync + 'static {
        let (common, experiment) = (self.common.clone(), self.context.experiment.clone());
        let (clock, cancel) = (self.context.clock, self.context.cancel.clone());
        move || {
            let workload = workload::find(&experiment.workload).expect("a valid experiment");
            if !warm_up(workload, &experiment, &clock, &cancel) {
                common.unstable.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Have the coordinator build a rayon pool whose threads are this pool's workers.
    async fn build_rayon(&mut self) -> Result<(), HostError> {
        let (common, workers, warm_up) = (self.common.clone(), self.workers as usize, self.warm_up_call());
        let cold = self.context.is_cold();
        self.coordinator().call(move || {
            let spawn = |thread: rayon::ThreadBuilder| {
                ask_for_worker(into_pointer(|| thread.run()));
                Ok(())
            };
            let built = ThreadPoolBuilder::new().num_threads(workers).spawn_handler(spawn).build();
            let pool = built.expect("a spawn handler that does not fail");
            if !cold {
                pool.broadcast(|_| warm_up());
            }
            *common.rayon.lock().unwrap_or_else(PoisonError::into_inner) = Some(pool);
        })?;
        let clock = self.context.clock;
        let deadline = Deadline::new(&clock, "the rayon pool did not start");
        let mut idle = 0..self.ports.len();
        loop {
            match self.hear(&deadline).await? {
                Said::Spawn(pointer) => {
                    let port = idle.next().expect("one worker a thread");
                    self.ports[port].call_pointer(pointer)?;
                }
                Said::Called => return Ok(()),
                _ => {}
            }
        }
    }

    pub fn stable(&self) -> bool {
        self.common.unstable.load(Ordering::Relaxed) == 0
    }

    /// Each worker's part of what the page's memory grew by: the heap is the pool's, not the workers'.
    pub fn memory(&self) -> Vec<Memory> {
        self.grown.split(self.workers)
    }

    pub async fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        let clock = self.context.clock;
        let job = Arc::new(Job::new(&self.context.experiment, tasks, self.context.cancel.clone()));
        let start_us = clock.now_us();
        let lock = match self.discipline {
            Discipline::Lock => Some(self.post_turns(&job)?),
            Discipline::Rayon => {
                self.post_rayon(&job)?;
                None
            }
        };
        let calls = if lock.is_some() { self.workers } else { 1 };
        self.hear_called(calls, Deadline::never(&clock), Some(&job), sink).await?;
        let ends = if lock.is_some() { self.takers } else { 1 };
        let end_us = (0..ends).map(|worker| self.common.time(worker)).fold(start_us, f64::max);
        // Nobody holds the mutex any more, so the page does not wait for it.
        let lock = lock.map(|lock| lock.counts());
        let found = job.found().map(|by_parent| Found { by_parent, by_worker: Vec::new() });
        Ok(Sample { start_us, end_us, lock, found, ..Sample::default() })
    }

    fn post_turns(&self, job: &Arc<Job>) -> Result<Arc<Lock>, HostError> {
        let interval = std::time::Duration::from_secs_f64(job.experiment.switch_interval_s);
        let takers = self.takers;
        let lock = Arc::new(Lock::new(job.experiment.lock_policy, interval, self.context.cancel.clone()));
        for (port, worker) in self.ports.iter().zip(0u32..) {
            let (common, job, lock, clock) = (self.common.clone(), job.clone(), lock.clone(), self.context.clock);
            port.call(move || {
                run_threads_worker(&job, &lock, worker, worker >= takers, &mut common.recorder(worker));
                common.note_time(worker, clock.now_us());
            })?;
        }
        Ok(lock)
    }

    fn post_rayon(&self, job: &Arc<Job>) -> Result<(), HostError> {
        let (common, job, clock) = (self.common.clone(), job.clone(), self.context.clock);
        self.coordinator().call(move || {
            let pool = common.rayon.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(pool) = pool.as_ref() {
                run_free_threads(&job, pool, &common.recorders);
            }
            common.note_time(0, clock.now_us());
        })
    }

    /// End the workers in order: they give back their stacks, which lie in the page's memory. A worker
    /// that does not answer in time is terminated all the same.
    pub async fn stop(mut self, sink: &mut dyn Sink) {
        let clock = self.context.clock;
        if self.discipline == Discipline::Rayon {
            let common = self.common.clone();
            // Ending the rayon pool lets its threads return to their event loops.
            let ended = self.coordinator().call(move || {
                common.rayon.lock().unwrap_or_else(PoisonError::into_inner).take();
            });
            drop(ended);
        }
        self.ports.iter().for_each(Port::close);
        let patience = if self.has_failed { Deadline::brief } else { Deadline::new };
        let deadline = patience(&clock, "a worker did not end");
        let mut open = self.ports.len();
        while open > 0 {
            // A cancelled run ends its workers too, so its flag must not stop this.
            match self.inbox.next(&crate::host::Cancel::default(), &deadline).await {
                Ok((_, Said::Closed)) => open -= 1,
                Ok(_) => {}
                Err(_) => break,
            }
        }
        self.tell(None, &mut [], sink);
        let now_us = clock.now_us();
        (0..self.workers).for_each(|worker| note(worker, now_us, State::Dead, sink));
    }
}

/// Ask the page for a worker that calls what is at `pointer`.
fn ask_for_worker(pointer: u32) {
    let message = js_sys::Object::new();
    for (key, value) in [("tag", JsValue::from("spawn")), ("pointer", JsValue::from(pointer))] {
        js_sys::Reflect::set(&message, &key.into(), &value).expect("a fresh object takes any key");
    }
    let scope: web_sys::DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.post_message(&message).expect("two plain values can be cloned");
}

/// For waits in which nothing is recorded.
struct Deaf;

impl Sink for Deaf {
    fn trace(&mut self, _: u32, _: f64, _: Vec<crate::trace::Transition>, _: u64) {}
    fn answered(&mut self, _: Answered) {}
}
