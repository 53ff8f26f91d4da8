//! `processes`: this binary started again as a worker, frames over its pipes.

use std::io::{BufReader, Write};
use std::ops::Range;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

use gilscope::host::{HostError, Sample, Sink};
use gilscope::model::processes::{Outbox, Parent, Sharing, note};
use gilscope::trace::State;

use super::worker::{read_frame, write_frame};

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
}

/// One worker process. Dropping it ends the process.
struct Worker {
    child: Child,
    to: Option<ChildStdin>,
    listener: Option<JoinHandle<()>>,
}

impl ProcessPool {
    pub fn start(context: Context, sink: &mut dyn Sink) -> Result<Self, HostError> {
        let (tell, incoming) = channel();
        let parent = Parent::new(&context.experiment, context.workers, context.beside, Sharing::Chunks);
        let mut pool = Self { parent, workers: Vec::new(), started_us: Vec::new(), incoming, context };
        for worker in 0..pool.context.all_workers() {
            let started_us = pool.context.now_us();
            note(worker, started_us, State::Starting, sink);
            pool.started_us.push(started_us);
            let started = Worker::start(worker, pool.context.clock.epoch_ns(), tell.clone());
            pool.workers.push(started.map_err(|error| {
                HostError::Failed(format!(
                    "worker process {worker} could not be started: {error}; ask for fewer workers"
                ))
            })?);
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

    pub fn memory_bytes(&self) -> Vec<Option<u64>> {
        self.parent.memory_bytes.clone()
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
            let pipe = self.workers[worker as usize].to.as_mut();
            let written = pipe.map(|pipe| write_frame(pipe, &frame).and_then(|()| pipe.flush()));
            if !matches!(written, Some(Ok(()))) {
                return Err(self.died(worker));
            }
        }
        Ok(())
    }

    fn died(&mut self, worker: u32) -> HostError {
        if self.context.cancel.is_cancelled() {
            return HostError::Cancelled;
        }
        let status = self.workers[worker as usize].child.wait();
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        HostError::Failed(format!("worker process {worker} ended in the middle of the run ({status})"))
    }

    pub fn stop(mut self, sink: &mut dyn Sink) {
        let cancelled = self.context.cancel.is_cancelled();
        for worker in &mut self.workers {
            worker.end(cancelled);
        }
        let now_us = self.context.now_us();
        (0..self.context.all_workers()).for_each(|worker| note(worker, now_us, State::Dead, sink));
    }
}

impl Worker {
    fn start(worker: u32, epoch_ns: u64, tell: Sender<Incoming>) -> std::io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("worker").arg(epoch_ns.to_string());
        own_group(&mut command);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let to = child.stdin.take();
        let from = child.stdout.take().expect("piped");
        let listener = std::thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Ok(Some(frame)) = read_frame(&mut from) {
                if tell.send((worker, Some(frame))).is_err() {
                    return;
                }
            }
            let _ = tell.send((worker, None));
        });
        Ok(Self { child, to, listener: Some(listener) })
    }

    /// An idle worker ends when its pipe is closed, a busy one has to be killed.
    fn end(&mut self, kill: bool) {
        drop(self.to.take());
        if kill {
            // It may have ended by itself by now.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
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

/// Ctrl-C in a terminal reaches the whole group, but only the parent knows how to stop in order.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}
