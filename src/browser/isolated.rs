//! Pools of isolated workers: `processes`, `serial`, the ceiling's bare workers, and `threads` where no memory is
//! shared.

use std::ops::Range;
use std::sync::Arc;

use super::host::Context;
use super::port::{Deadline, Inbox, Port, Said, WorkerMemory};
use super::shared_memory::BrowserWords;
use crate::experiment::{Channel, Model};
use crate::fault::Fault;
use crate::host::{Arm, Clock, HostError, Memory, Sample, Sink};
use crate::model::processes::{Outbox, Parent, Sharing, note};
use crate::shared_memory;
use crate::sync::Words;
use crate::trace::State;

/// Web workers with memories of their own.
pub struct IsolatedPool {
    context: Context,
    arm: Arm,
    sharing: Sharing,
    parent: Parent,
    ports: Vec<Port>,
    started_us: Vec<f64>,
    inbox: Inbox,
    shared: Option<Arc<BrowserWords>>,
}

impl IsolatedPool {
    pub async fn start(
        mut context: Context,
        arm: Arm,
        sharing: Sharing,
        sink: &mut dyn Sink,
    ) -> Result<Self, HostError> {
        if !matches!(arm, Arm::Model { model: Model::Processes, .. }) {
            context.experiment.fault = Fault::None;
        }
        let workers = arm.workers() + arm.beside();
        let shared = shared_memory::words(&context.experiment, workers).map(|words| Arc::new(BrowserWords::new(words)));
        let handed = shared.clone().map(|shared| shared as Arc<dyn Words>);
        let mut parent = Parent::new(&context.experiment, arm.workers(), arm.beside(), sharing, handed);
        parent.set_patience(context.patience);
        let inbox = Inbox::new();
        let mut pool = Self { parent, ports: Vec::new(), started_us: Vec::new(), inbox, shared, context, arm, sharing };
        for worker in 0..workers {
            pool.started_us.push(pool.context.clock.now_us());
            let port = pool.open(worker, sink)?;
            pool.ports.push(port);
        }
        let begin = pool.parent.begin(pool.context.recording);
        pool.converse(begin, sink).await?;
        if !pool.context.is_cold() {
            let warm_up = pool.parent.warm_up();
            pool.converse(warm_up, sink).await?;
        }
        Ok(pool)
    }

    fn open(&self, worker: u32, sink: &mut dyn Sink) -> Result<Port, HostError> {
        let clock = self.context.clock;
        note(worker, clock.now_us(), State::Starting, sink);
        let shared = self.shared.as_ref();
        let handed = shared.map_or(WorkerMemory::Own, |shared| WorkerMemory::OwnBeside(shared.buffer()));
        Port::open(worker, &self.context.site, handed, clock.epoch_ms(), &self.inbox)
    }

    /// Post `outbox`, and what comes of it, until the request is answered.
    async fn converse(&mut self, outbox: Outbox, sink: &mut dyn Sink) -> Result<(), HostError> {
        let clock = self.context.clock;
        // The parent knows for whom it waits, and for how long.
        let deadline = Deadline::never(&clock);
        self.post(outbox)?;
        while !self.parent.is_answered() {
            self.inbox.ring_at(self.parent.due_us(), &clock);
            let outbox = match self.inbox.next(&self.context.cancel, &deadline).await? {
                (worker, Said::Frame(frame)) => self.parent.receive(worker, &frame, &clock, sink)?,
                (_, Said::Rang { due_us }) => self.parent.elapse(clock.now_us().max(due_us)),
                (worker, Said::Failed(cause)) => self.replace(worker, &cause, sink)?,
                (worker, Said::Doomed) => self.replace(worker, "it was terminated", sink)?,
                (_, Said::Tick) => self.look_around(sink)?,
                _ => continue,
            };
            self.post(outbox)?;
        }
        Ok(())
    }

    /// Terminate those whom the reader wants dead, or of whom nothing is heard.
    fn look_around(&mut self, sink: &mut dyn Sink) -> Result<Outbox, HostError> {
        let mut outbox = Outbox::new();
        if matches!(self.arm, Arm::Model { model: Model::Processes, .. }) {
            for worker in self.context.kills.take() {
                // Who is not ready yet has nothing to lose.
                if self.parent.is_at_work(worker) {
                    outbox.extend(self.replace(worker, "it was killed", sink)?);
                }
            }
        }
        if let Some(worker) = self.parent.missing(self.context.clock.now_us()) {
            let cause = self.parent.silence();
            outbox.extend(self.replace(worker, &cause, sink)?);
        }
        Ok(outbox)
    }

    /// Have a fresh worker in the place of one that is dead, or is from now on.
    fn replace(&mut self, worker: u32, cause: &str, sink: &mut dyn Sink) -> Result<Outbox, HostError> {
        self.inbox.forget(worker);
        self.parent.bury(worker, cause, self.context.clock.now_us(), sink)?;
        let port = self.open(worker, sink)?;
        // The dead one's is terminated with this.
        self.ports[worker as usize] = port;
        Ok(self.parent.revive(worker))
    }

    fn post(&self, outbox: Outbox) -> Result<(), HostError> {
        let moved = self.context.experiment.channel == Channel::Transfer;
        outbox.into_iter().try_for_each(|(worker, frame)| self.ports[worker as usize].send(&frame, moved))
    }

    /// From asking for each worker to its being ready, in microseconds.
    pub fn startup_us(&self) -> Vec<f64> {
        self.parent.ready_us.iter().zip(&self.started_us).map(|(ready, started)| ready - started).collect()
    }

    pub fn stable(&self) -> bool {
        self.parent.stable
    }

    pub fn memory(&self) -> Vec<Memory> {
        let memory = self.parent.memory.clone();
        // Threads have no heaps of their own: what these workers take for theirs tells nothing of a thread.
        if self.sharing == Sharing::Turns { vec![Memory::default(); memory.len()] } else { memory }
    }

    pub async fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        let clock = self.context.clock;
        // Whom a reader wanted dead before this, nobody wants dead now.
        drop(self.context.kills.take());
        let start_us = clock.now_us();
        let bare = matches!(self.arm, Arm::Bare { .. });
        let ask = if bare { self.parent.bare() } else { self.parent.compute(tasks, &clock) };
        self.converse(ask, sink).await?;
        let (end_us, channel, deaths) = self.parent.measured()?;
        let halt = self.parent.halt();
        self.converse(halt, sink).await?;
        let flush = self.parent.flush();
        self.converse(flush, sink).await?;
        let channel = (!bare && self.sharing == Sharing::Chunks).then_some(channel);
        let (lock, found) = (self.parent.lock_counts(), self.parent.found());
        Ok(Sample { start_us, end_us, lock, channel, found, deaths })
    }

    /// Terminating is enough: the workers return to their event loops all the time.
    pub fn stop(self, sink: &mut dyn Sink) {
        drop(self.ports);
        let now_us = self.context.clock.now_us();
        (0..self.arm.workers() + self.arm.beside()).for_each(|worker| note(worker, now_us, State::Dead, sink));
    }
}
