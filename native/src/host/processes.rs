//! `processes`: worker processes, frames over their pipes, data in shared memory if so wanted.

use std::io::{BufReader, Write};
use std::ops::Range;
use std::process::ChildStdin;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use gilscope::experiment::Channel;
use gilscope::host::{HostError, Memory, Sample, Sink};
use gilscope::model::processes::{Outbox, Parent, Sharing, note};
use gilscope::shared_memory;
use gilscope::sync::Words;
use gilscope::trace::State;

use super::frame::{read_frame, write_frame};
use super::shared_memory::SharedFile;
use super::start::{Orders, Process, Started, Starter};
use super::{Context, TICK};

/// A process that is not ready or warm by then never will be.
const DEADLINE_US: f64 = 15_000_000.0;

/// What a worker's pipe brought: a frame, or its end.
type Incoming = (u32, Option<Vec<u8>>);

/// Worker processes that wait for samples.
pub struct ProcessPool {
    context: Context,
    parent: Parent,
    workers: Vec<Worker>,
    started_us: Vec<f64>,
    incoming: Receiver<Incoming>,
    feeder: Option<Feeder>,
    /// Workers open it by its path.
    _shared: Option<SharedFile>,
}

/// The way to a worker, until it is closed.
type Pipe = Arc<Mutex<Option<ChildStdin>>>;

/// One worker process. Dropping it ends the process.
struct Worker {
    process: Process,
    to: Pipe,
    listener: Option<JoinHandle<()>>,
}

impl ProcessPool {
    pub fn start(context: Context, starter: &Starter, sink: &mut dyn Sink) -> Result<Self, HostError> {
        let (tell, incoming) = channel();
        let (file, mapped) = share(&context)?.unzip();
        let path = file.as_ref().map(SharedFile::path);
        let parent = Parent::new(&context.experiment, context.workers, context.beside, Sharing::Chunks, mapped);
        let (workers, started_us) = (Vec::new(), Vec::new());
        let mut pool = Self { parent, workers, started_us, incoming, feeder: None, _shared: file, context };
        for worker in 0..pool.context.all_workers() {
            let started_us = pool.context.now_us();
            note(worker, started_us, State::Starting, sink);
            pool.started_us.push(started_us);
            let orders = Orders { epoch_ns: pool.context.clock.epoch_ns(), shared: path.as_deref() };
            let started = starter.start(pool.context.experiment.start_method, orders).map_err(|error| {
                HostError::Failed(format!(
                    "worker process {worker} could not be started: {error}; ask for fewer workers"
                ))
            })?;
            pool.workers.push(Worker::listen(worker, started, tell.clone()));
        }
        if pool.context.experiment.channel == Channel::Queue {
            pool.feeder = Some(Feeder::start(pool.workers.iter().map(|worker| worker.to.clone()).collect()));
        }
        let begin = pool.parent.begin(pool.context.recording);
        pool.converse(begin, DEADLINE_US, sink)?;
        if !pool.context.is_cold() {
            let warm_up = pool.parent.warm_up();
            pool.converse(warm_up, DEADLINE_US, sink)?;
        }
        Ok(pool)
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
        let start_us = self.context.now_us();
        let compute = self.parent.compute(tasks, &self.context.clock);
        // Tasks may take as long as they take; the reader cancels.
        self.converse(compute, f64::INFINITY, sink)?;
        let (end_us, channel) = self.parent.measured();
        let halt = self.parent.halt();
        self.converse(halt, DEADLINE_US, sink)?;
        let flush = self.parent.flush();
        self.converse(flush, DEADLINE_US, sink)?;
        Ok(Sample { start_us, end_us, lock: None, channel: Some(channel), found: self.parent.found() })
    }

    /// Post `outbox`, and what comes of it, until the request is answered, for at most `patience_us`.
    fn converse(&mut self, outbox: Outbox, patience_us: f64, sink: &mut dyn Sink) -> Result<(), HostError> {
        let deadline_us = self.context.now_us() + patience_us;
        self.post(outbox)?;
        while !self.parent.is_answered() {
            match self.incoming.recv_timeout(TICK) {
                Ok((worker, Some(frame))) => {
                    let outbox = self.parent.receive(worker, &frame, &self.context.clock, sink)?;
                    self.post(outbox)?;
                }
                Ok((worker, None)) => return Err(self.died(worker)),
                Err(RecvTimeoutError::Timeout) if self.context.now_us() > deadline_us => {
                    let seconds = patience_us / 1e6;
                    let text = format!("a worker process did not answer within {seconds} s; ask for fewer workers");
                    return Err(HostError::Failed(text));
                }
                Err(RecvTimeoutError::Timeout) => self.context.check_cancel()?,
                Err(RecvTimeoutError::Disconnected) => return Err(self.died(0)),
            }
        }
        self.context.check_cancel()
    }

    fn post(&mut self, outbox: Outbox) -> Result<(), HostError> {
        for (worker, frame) in outbox {
            if let Some(feeder) = &self.feeder {
                feeder.put(worker, frame);
            } else if feed(&self.workers[worker as usize].to, &frame).is_err() {
                return Err(self.died(worker));
            }
        }
        Ok(())
    }

    fn died(&mut self, worker: u32) -> HostError {
        if self.context.cancel.is_cancelled() {
            return HostError::Cancelled;
        }
        let status = self.workers[worker as usize].process.wait();
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        HostError::Failed(format!("worker process {worker} ended in the middle of the run ({status})"))
    }

    pub fn stop(mut self, sink: &mut dyn Sink) {
        // After a failure some may be busy for as long as their tasks take, or hang.
        let kill = self.context.cancel.is_cancelled() || !self.parent.is_answered();
        if kill {
            self.workers.iter_mut().for_each(|worker| worker.end(kill));
        }
        // Its thread ends, and lets go of the pipes.
        drop(self.feeder.take());
        self.workers.iter_mut().for_each(|worker| worker.end(kill));
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

fn pipe(to: &Pipe) -> MutexGuard<'_, Option<ChildStdin>> {
    to.lock().unwrap_or_else(PoisonError::into_inner)
}

fn feed(to: &Pipe, frame: &[u8]) -> std::io::Result<()> {
    let mut pipe = pipe(to);
    let pipe = pipe.as_mut().ok_or(std::io::ErrorKind::BrokenPipe)?;
    write_frame(pipe, frame)?;
    pipe.flush()
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
    /// Listen to a worker that was started.
    fn listen(worker: u32, started: Started, tell: Sender<Incoming>) -> Self {
        let Started { process, to, from } = started;
        let listener = std::thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Ok(Some(frame)) = read_frame(&mut from) {
                if tell.send((worker, Some(frame))).is_err() {
                    return;
                }
            }
            let _ = tell.send((worker, None));
        });
        Self { process, to: Arc::new(Mutex::new(Some(to))), listener: Some(listener) }
    }

    /// An idle worker ends when its pipe is closed, a busy one has to be killed.
    fn end(&mut self, kill: bool) {
        if kill {
            // Whoever is writing to it lets go of the pipe then.
            self.process.kill();
        }
        drop(pipe(&self.to).take());
        let _ = self.process.wait();
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end(true);
    }
}
