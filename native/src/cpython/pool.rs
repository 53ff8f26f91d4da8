//! A pool of Python's workers.

use std::ops::Range;
use std::time::Duration;

use gilscope::experiment::{Experiment, Model};
use gilscope::host::{Answered, Arm, Cancel, Clock, Found, HostError, Memory, Pool, Sample, Sink};
use gilscope::lock::Counts;
use gilscope::model::processes::note;
use gilscope::report::ChannelFigures;
use gilscope::schedule::bare_tasks;
use gilscope::trace::State;

use super::harness::Harness;
use super::host::Spares;
use super::message::{BareDone, Begin, Begun, Ended, Request, Sampled, us, wants_ticks};
use super::trace::{self, Notes};
use crate::host::clock::NativeClock;
use crate::host::machine;

/// A pool that has not started or ended by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every pool is given.
#[derive(Clone)]
pub struct Context {
    pub experiment: Experiment,
    pub arm: Arm,
    pub clock: NativeClock,
    pub cancel: Cancel,
    pub recording: bool,
    pub warm_up: bool,
}

/// The workers of an arm, in a harness.
pub struct CpythonPool {
    context: Context,
    begun: Begun,
    memory: Vec<Memory>,
    /// Quanta that each worker has computed so far.
    work: Vec<u64>,
    harness: Harness,
    /// Where the harness goes in the end.
    spares: Spares,
}

impl CpythonPool {
    pub fn start(
        context: Context,
        mut harness: Harness,
        spares: Spares,
        sink: &mut dyn Sink,
    ) -> Result<Self, HostError> {
        let Context { experiment, arm, clock, cancel, warm_up, .. } = &context;
        let begin = Begin::of(*arm, experiment, wants_ticks(experiment), *warm_up, clock.epoch_ns());
        let begun: Begun = harness.ask(&Request::Begin(begin), PATIENCE, cancel)?;
        for (&(asked, ready), worker) in begun.startup.iter().zip(0u32..) {
            note(worker, us(asked), State::Starting, sink);
            note(worker, us(ready), State::Idle, sink);
        }
        let grown = Memory { own_bytes: begun.grown.filter(|grown| *grown > 0), resident_bytes: None };
        let memory = grown.split(arm.workers() + arm.beside());
        let work = vec![0; begun.startup.len()];
        let mut pool = Self { begun, memory, work, harness, spares, context };
        pool.look_at_processes();
        Ok(pool)
    }

    /// Worker processes have memory of their own.
    fn look_at_processes(&mut self) {
        if !self.begun.pids.is_empty() && !self.context.is_cold() {
            self.memory = self.begun.pids.iter().map(|pid| machine::memory_of(*pid)).collect();
        }
    }

    /// Tell what workers did in a sample; gives what their lock did, if they share one.
    fn tell(&mut self, model: Model, notes: &[Notes], start_us: f64, sink: &mut dyn Sink) -> Option<Counts> {
        let (all, lock) = if model == Model::Threads {
            let (all, counts) = trace::sharing(notes, start_us);
            (all, Some(counts))
        } else {
            (notes.iter().map(trace::alone).collect(), None)
        };
        let now_us = self.context.clock.now_us();
        for ((mut transitions, work), worker) in all.into_iter().zip(&mut self.work).zip(0u32..) {
            // A worker counts anew in every sample.
            transitions.iter_mut().for_each(|transition| transition.work += *work);
            *work = transitions.last().map_or(*work, |last| last.work);
            sink.trace(worker, now_us, transitions, 0);
        }
        lock.filter(|_| !notes.is_empty())
    }

    fn sample_bare(&mut self) -> Result<Sample, HostError> {
        let tasks = bare_tasks(&self.context.experiment).collect();
        let request = Request::Bare { tasks, epoch_ns: self.context.clock.epoch_ns() };
        let done: BareDone = self.harness.ask(&request, Duration::MAX, &self.context.cancel)?;
        Ok(Sample { start_us: us(done.start), end_us: us(done.end), ..Sample::default() })
    }

    fn sample_model(&mut self, model: Model, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        let Context { clock, recording, .. } = self.context;
        let request = Request::Sample { first: tasks.start, end: tasks.end, epoch_ns: clock.epoch_ns(), recording };
        // Tasks may take as long as they take; the reader cancels.
        let sampled: Sampled = self.harness.ask(&request, Duration::MAX, &self.context.cancel)?;
        let start_us = us(sampled.start);
        let notes: Vec<Notes> = sampled.tracks.into_iter().map(Notes::from).collect();
        let lock = self.tell(model, &notes, start_us, sink);
        let mut end_us = start_us;
        for (worker, task, started, at, partial) in sampled.answers {
            let partial = unhex(&partial).ok_or_else(|| {
                HostError::Failed(format!("task {task} was answered by {partial}, which is no answer"))
            })?;
            end_us = us(at).max(end_us);
            sink.answered(Answered { worker, task, started_us: us(started), at_us: us(at), partial });
        }
        self.look_at_processes();
        let channel = sampled.channel.map(|(messages, bytes, serialize, transfer)| ChannelFigures {
            messages,
            bytes,
            serialize_s: us(serialize) / 1e6,
            transfer_s: us(transfer) / 1e6,
        });
        let found = sampled.found.and_then(|found| {
            let (by_parent, by_worker) = found.split_first()?;
            Some(Found { by_parent: *by_parent, by_worker: by_worker.to_vec() })
        });
        Ok(Sample { start_us, end_us, lock, channel, found, ..Sample::default() })
    }
}

/// The bytes that hexadecimal digits spell.
fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

impl Context {
    /// A worker that is started for one request is not warmed up: the request would wait for that.
    fn is_cold(&self) -> bool {
        self.experiment.dispatch == gilscope::experiment::Dispatch::Fresh
    }
}

impl Pool for CpythonPool {
    fn startup_us(&self) -> Vec<f64> {
        self.begun.startup.iter().map(|(asked, ready)| us(ready - asked)).collect()
    }

    fn stable(&self) -> bool {
        self.begun.stable
    }

    fn memory(&self) -> Vec<Memory> {
        self.memory.clone()
    }

    async fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        match self.context.arm {
            Arm::Bare { .. } => self.sample_bare(),
            Arm::Model { model, .. } => self.sample_model(model, tasks, sink),
        }
    }

    async fn stop(mut self, sink: &mut dyn Sink) {
        // A harness that cannot end its pool is ended with it.
        if self.harness.ask::<Ended>(&Request::End, PATIENCE, &self.context.cancel).is_ok() {
            self.spares.put(self.harness);
        } else {
            drop(self.harness);
        }
        let now_us = self.context.clock.now_us();
        (0u32..).zip(&self.begun.startup).for_each(|(worker, _)| note(worker, now_us, State::Dead, sink));
    }
}

#[cfg(test)]
mod tests {
    use super::unhex;

    #[test]
    fn hexadecimal_digits_are_bytes() {
        assert_eq!(unhex("00ff10"), Some(vec![0, 255, 16]));
        assert_eq!(unhex("0g"), None);
    }
}
