//! `processes`: worker processes, frames over their pipes, data in shared memory if so wanted.

use std::io::{BufReader, ErrorKind, Write};
use std::ops::Range;
use std::process::ChildStdout;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gilscope::experiment::Channel;
use gilscope::host::{HostError, Memory, Sample, Sink};
use gilscope::model::processes::{Outbox, Parent, Sharing, note};
use gilscope::shared_memory;
use gilscope::sync::Words;
use gilscope::trace::State;

use super::frame::{read_frame, write_frame};
use super::pipe::WorkerPipe;
use super::shared_memory::SharedFile;
use super::start::{Orders, Process, Started, Starter};
use super::{Context, TICK};

/// What a worker's pipe brought.
struct Incoming {
    worker: u32,
    life: u32,
    brought: Brought,
}

enum Brought {
    Frame(Vec<u8>),
    /// Its end.
    End,
    /// Nothing, and it takes nothing either.
    Stalled,
}

/// Worker processes that wait for samples.
pub struct ProcessPool {
    context: Context,
    parent: Parent,
    starter: Arc<Starter>,
    workers: Vec<Worker>,
    started_us: Vec<f64>,
    tell: Sender<Incoming>,
    incoming: Receiver<Incoming>,
    feeder: Option<Feeder>,
    /// Workers open it by its path.
    shared: Option<SharedFile>,
}

/// The way to a worker, until it is closed.
type Pipe = Arc<Mutex<Option<To>>>;

/// Where frames go that a worker is to read.
struct To {
    worker: u32,
    life: u32,
    pipe: WorkerPipe,
    tell: Sender<Incoming>,
}

/// One worker process. Dropping it ends the process.
struct Worker {
    /// How many had its place before.
    life: u32,
    process: Process,
    to: Pipe,
    listener: Option<JoinHandle<()>>,
}

impl ProcessPool {
    pub fn start(context: Context, starter: Arc<Starter>, sink: &mut dyn Sink) -> Result<Self, HostError> {
        let (tell, incoming) = channel();
        let (file, mapped) = share(&context)?.unzip();
        let mut parent = Parent::new(&context.experiment, context.workers, context.beside, Sharing::Chunks, mapped);
        parent.set_patience(context.waits.patience);
        let (workers, started_us) = (Vec::new(), Vec::new());
        let mut pool =
            Self { parent, starter, workers, started_us, tell, incoming, feeder: None, shared: file, context };
        for worker in 0..pool.context.all_workers() {
            pool.started_us.push(pool.context.now_us());
            let (process, to, listener) = pool.launch(worker, 0, sink)?;
            pool.workers.push(Worker { life: 0, process, to: Arc::new(Mutex::new(Some(to))), listener });
        }
        if pool.context.experiment.channel == Channel::Queue {
            pool.feeder = Some(Feeder::start(pool.workers.iter().map(|worker| worker.to.clone()).collect()));
        }
        let begin = pool.parent.begin(pool.context.recording);
        pool.converse(begin, sink)?;
        if pool.context.is_cold() {
            return Ok(pool);
        }
        if pool.context.waits.warm_up {
            let warm_up = pool.parent.warm_up();
            pool.converse(warm_up, sink)?;
        } else {
            pool.parent.stable = false;
        }
        Ok(pool)
    }

    /// Start a worker process and listen to it.
    fn launch(
        &self,
        worker: u32,
        life: u32,
        sink: &mut dyn Sink,
    ) -> Result<(Process, To, Option<JoinHandle<()>>), HostError> {
        note(worker, self.context.now_us(), State::Starting, sink);
        let shared = self.shared.as_ref().map(SharedFile::path);
        let orders = Orders { epoch_ns: self.context.clock.epoch_ns(), shared: shared.as_deref() };
        let refused = |error| {
            HostError::Failed(format!("worker process {worker} could not be started: {error}; ask for fewer workers"))
        };
        let started = self.starter.start(self.context.experiment.start_method, orders).map_err(refused)?;
        let Started { process, to, from } = started;
        let patience = Duration::from_secs_f64(self.context.waits.patience.seconds());
        let pipe = WorkerPipe::new(to, self.context.cancel.clone(), patience).map_err(refused)?;
        let to = To { worker, life, pipe, tell: self.tell.clone() };
        Ok((process, to, Some(listen(worker, life, from, self.tell.clone()))))
    }

    /// Start a fresh worker in the place of one that has died or is to.
    fn replace(&mut self, worker: u32, silent: bool, sink: &mut dyn Sink) -> Result<(), HostError> {
        self.context.check_cancel()?;
        let dead = &mut self.workers[worker as usize];
        let status = dead.end(silent);
        let cause = if silent { self.parent.silence() } else { status };
        let life = dead.life + 1;
        self.parent.bury(worker, &cause, self.context.now_us(), sink)?;
        let (process, to, listener) = self.launch(worker, life, sink)?;
        let fresh = &mut self.workers[worker as usize];
        (fresh.life, fresh.process, fresh.listener) = (life, process, listener);
        *pipe(&fresh.to) = Some(to);
        let begin = self.parent.revive(worker);
        self.post(begin)
    }

    /// From asking for each process to its being ready, in microseconds.
    pub fn startup_us(&self) -> Vec<f64> {
        self.parent.ready_us.iter().zip(&self.started_us).map(|(ready, started)| ready - started).collect()
    }

    pub fn stable(&self) -> bool {
        self.parent.stable
    }

    pub fn memory(&self) -> Vec<Memory> {
        self.parent.memory.clone()
    }

    pub fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        // Whom a reader wanted dead before this, nobody wants dead now.
        drop(self.context.kills.take());
        let start_us = self.context.now_us();
        let compute = self.parent.compute(tasks, &self.context.clock);
        self.converse(compute, sink)?;
        let (end_us, channel, deaths) = self.parent.measured()?;
        let halt = self.parent.halt();
        self.converse(halt, sink)?;
        let flush = self.parent.flush();
        self.converse(flush, sink)?;
        Ok(Sample { start_us, end_us, lock: None, channel: Some(channel), found: self.parent.found(), deaths })
    }

    /// End those whom a reader wants dead. Their listeners notice it, as they do of any other death.
    fn kill_wanted(&mut self) {
        for worker in self.context.kills.take() {
            // Who is not ready yet has nothing to lose.
            if self.parent.is_at_work(worker) {
                self.workers[worker as usize].process.kill();
            }
        }
    }

    /// Post `outbox`, and what comes of it, until the request is answered.
    fn converse(&mut self, outbox: Outbox, sink: &mut dyn Sink) -> Result<(), HostError> {
        self.post(outbox)?;
        while !self.parent.is_answered() {
            self.kill_wanted();
            match self.incoming.recv_timeout(TICK) {
                Ok(Incoming { worker, life, .. }) if life != self.workers[worker as usize].life => {}
                Ok(Incoming { worker, brought: Brought::Frame(frame), .. }) => {
                    let outbox = self.parent.receive(worker, &frame, &self.context.clock, sink)?;
                    self.post(outbox)?;
                }
                Ok(Incoming { worker, brought: Brought::End, .. }) => self.replace(worker, false, sink)?,
                Ok(Incoming { worker, brought: Brought::Stalled, .. }) => self.replace(worker, true, sink)?,
                Err(_) => self.context.check_cancel()?,
            }
            if let Some(worker) = self.parent.missing(self.context.now_us()) {
                self.replace(worker, true, sink)?;
            }
        }
        self.context.check_cancel()
    }

    fn post(&mut self, outbox: Outbox) -> Result<(), HostError> {
        for (worker, frame) in outbox {
            match &self.feeder {
                Some(feeder) => feeder.put(worker, frame),
                None => match feed(&self.workers[worker as usize].to, &frame) {
                    Err(error) if error.kind() == ErrorKind::InvalidInput => {
                        return Err(HostError::Failed(error.to_string()));
                    }
                    // Who is gone is noticed by its listener, after all that it has said.
                    _ => {}
                },
            }
        }
        Ok(())
    }

    pub fn stop(mut self, sink: &mut dyn Sink) {
        // After a failure some may be busy for as long as their tasks take, or hang.
        let kill = self.context.cancel.is_cancelled() || !self.parent.is_answered();
        if kill {
            self.workers.iter_mut().for_each(|worker| drop(worker.end(kill)));
        }
        // Its thread ends, and lets go of the pipes.
        drop(self.feeder.take());
        self.workers.iter_mut().for_each(|worker| drop(worker.end(kill)));
        let now_us = self.context.now_us();
        (0..self.context.all_workers()).for_each(|worker| note(worker, now_us, State::Dead, sink));
    }
}

/// The memory that an experiment's workers share, and this process's view of it.
type Shared = (SharedFile, Arc<dyn Words>);

/// Make that memory, if there is to be any.
fn share(context: &Context) -> Result<Option<Shared>, HostError> {
    let Some(words) = shared_memory::words(&context.experiment, context.all_workers()) else { return Ok(None) };
    let made = SharedFile::new(words as u64 * 4);
    let made = made.and_then(|file| Ok((file.map()?, file)));
    let (mapped, file) =
        made.map_err(|error| HostError::Failed(format!("no memory could be shared ({error}); use smaller tasks")))?;
    Ok(Some((file, Arc::new(mapped))))
}

fn pipe(to: &Pipe) -> MutexGuard<'_, Option<To>> {
    to.lock().unwrap_or_else(PoisonError::into_inner)
}

fn feed(to: &Pipe, frame: &[u8]) -> std::io::Result<()> {
    let mut to = pipe(to);
    let To { worker, life, pipe, tell } = to.as_mut().ok_or(ErrorKind::BrokenPipe)?;
    let written = write_frame(pipe, frame).and_then(|()| pipe.flush());
    if written.as_ref().is_err_and(|error| error.kind() == ErrorKind::TimedOut) {
        // Nobody listens any more where the pool has ended.
        let _ = tell.send(Incoming { worker: *worker, life: *life, brought: Brought::Stalled });
    }
    written
}

/// A thread that writes to the pipes, as `multiprocessing.Queue` has one: who puts something in need not wait
/// until it is through.
struct Feeder {
    frames: Option<Sender<(u32, Vec<u8>)>>,
    thread: Option<JoinHandle<()>>,
}

impl Feeder {
    fn start(pipes: Vec<Pipe>) -> Self {
        let (frames, queue) = channel::<(u32, Vec<u8>)>();
        let thread = std::thread::spawn(move || {
            for (worker, frame) in queue {
                // A worker that is gone is noticed by its listener.
                let _ = feed(&pipes[worker as usize], &frame);
            }
        });
        Self { frames: Some(frames), thread: Some(thread) }
    }

    fn put(&self, worker: u32, frame: Vec<u8>) {
        let _ = self.frames.as_ref().map(|frames| frames.send((worker, frame)));
    }
}

impl Drop for Feeder {
    fn drop(&mut self) {
        drop(self.frames.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Worker {
    /// An idle worker ends when its pipe is closed, a busy one has to be killed. Gives how it ended.
    fn end(&mut self, kill: bool) -> String {
        if kill {
            // Whoever is writing to it lets go of the pipe then.
            self.process.kill();
        }
        drop(pipe(&self.to).take());
        let status = self.process.wait();
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        status.map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

/// Tell what a worker says, and then that it has ended.
fn listen(worker: u32, life: u32, from: ChildStdout, tell: Sender<Incoming>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        while let Ok(Some(frame)) = read_frame(&mut from) {
            if tell.send(Incoming { worker, life, brought: Brought::Frame(frame) }).is_err() {
                return;
            }
        }
        let _ = tell.send(Incoming { worker, life, brought: Brought::End });
    })
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.end(true);
    }
}
