//! Pools of isolated workers: `processes`, `serial`, the ceiling's bare workers, and `threads` where no memory is
//! shared.

use std::ops::Range;
use std::sync::Arc;

use super::host::Context;
use super::port::{Deadline, Inbox, Port, Said, WorkerMemory};
use super::shared_memory::BrowserWords;
use crate::experiment::Channel;
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
}

impl IsolatedPool {
    pub async fn start(context: Context, arm: Arm, sharing: Sharing, sink: &mut dyn Sink) -> Result<Self, HostError> {
        let workers = arm.workers() + arm.beside();
        let shared = shared_memory::words(&context.experiment, workers).map(|words| Arc::new(BrowserWords::new(words)));
        let handed = shared.clone().map(|shared| shared as Arc<dyn Words>);
        let parent = Parent::new(&context.experiment, arm.workers(), arm.beside(), sharing, handed);
        let inbox = Inbox::new();
        let mut pool = Self { parent, ports: Vec::new(), started_us: Vec::new(), inbox, context, arm, sharing };
        let clock = pool.context.clock;
        for worker in 0..workers {
            let now_us = clock.now_us();
            note(worker, now_us, State::Starting, sink);
            pool.started_us.push(now_us);
            let handed = shared.as_ref().map_or(WorkerMemory::Own, |shared| WorkerMemory::OwnBeside(shared.buffer()));
            pool.ports.push(Port::open(worker, &pool.context.site, handed, clock.epoch_ms(), &pool.inbox)?);
        }
        let begin = pool.parent.begin(pool.context.recording);
        pool.converse(begin, Deadline::new(&clock, "a worker did not start"), sink).await?;
        if !pool.context.is_cold() {
            let warm_up = pool.parent.warm_up();
            pool.converse(warm_up, Deadline::new(&clock, "a worker did not warm up"), sink).await?;
        }
        Ok(pool)
    }

    /// Post `outbox`, and what comes of it, until the request is answered.
    async fn converse(&mut self, outbox: Outbox, deadline: Deadline<'_>, sink: &mut dyn Sink) -> Result<(), HostError> {
        let clock = self.context.clock;
        self.post(outbox)?;
        while !self.parent.is_answered() {
            self.inbox.ring_at(self.parent.due_us(), &clock);
            let outbox = match self.inbox.next(&self.context.cancel, &deadline).await? {
                (worker, Said::Frame(frame)) => self.parent.receive(worker, &frame, &clock, sink)?,
                (_, Said::Rang { due_us }) => self.parent.elapse(clock.now_us().max(due_us)),
                _ => continue,
            };
            self.post(outbox)?;
        }
        Ok(())
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
        let start_us = clock.now_us();
        let bare = matches!(self.arm, Arm::Bare { .. });
        let ask = if bare { self.parent.bare() } else { self.parent.compute(tasks, &clock) };
        self.converse(ask, Deadline::never(&clock), sink).await?;
        let (end_us, channel) = self.parent.measured();
        let halt = self.parent.halt();
        self.converse(halt, Deadline::new(&clock, "a worker beside the tasks did not halt"), sink).await?;
        let flush = self.parent.flush();
        self.converse(flush, Deadline::new(&clock, "a worker did not hand over its trace"), sink).await?;
        let channel = (!bare && self.sharing == Sharing::Chunks).then_some(channel);
        Ok(Sample { start_us, end_us, lock: self.parent.lock_counts(), channel, found: self.parent.found() })
    }

    /// Terminating is enough: the workers return to their event loops all the time.
    pub fn stop(self, sink: &mut dyn Sink) {
        drop(self.ports);
        let now_us = self.context.clock.now_us();
        (0..self.arm.workers() + self.arm.beside()).for_each(|worker| note(worker, now_us, State::Dead, sink));
    }
}
