//! The parent's side of isolated workers: `processes`, the ceiling's bare workers, `serial` in a browser.
//!
//! A state machine like its counterpart in [`super::isolated`]: a host posts the frames that it gives and
//! hands it the frames that arrive. One request to all workers is under way at a time.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use crate::experiment::Experiment;
use crate::host::{Answered, Cancel, Clock, Found, HostError, Memory, Sink};
use crate::lock::Counts;
use crate::lock::messages::{Arbiter, ToClaim};
use crate::message::{FromWorker, Input, Order, Recorded, TaskPartial, ToWorker, decode, encode, encode_with};
use crate::report::ChannelFigures;
use crate::schedule;
use crate::shared_memory::slot_words;
use crate::sync::Words;
use crate::trace::{State, Transition};
use crate::workload::{self, Heap};

/// Frames to post, each to one worker.
pub type Outbox = Vec<(u32, Vec<u8>)>;

/// How tasks go to the workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// A chunk a message, to whoever has none.
    Chunks,
    /// All to the one worker, which streams its answers: no round trip between tasks.
    All,
    /// The same, and while one task waits the worker goes on with another.
    Events,
    /// An equal part to each, which it computes in turns at a lock: `threads` where no memory is shared.
    Turns,
}

/// The parent of isolated workers.
pub struct Parent {
    experiment: Experiment,
    /// Those that take tasks; more compute beside them, if the experiment says so.
    workers: u32,
    beside: u32,
    sharing: Sharing,
    request: u32,
    /// Answers that the current request still lacks.
    open: u32,
    queue: VecDeque<u32>,
    heap: Heap,
    /// What comes with every task, if anything does.
    input: Option<Vec<u8>>,
    found: Vec<i64>,
    pub stable: bool,
    pub memory: Vec<Memory>,
    /// When each worker was ready.
    pub ready_us: Vec<f64>,
    channel: ChannelFigures,
    arbiter: Arbiter,
    /// When the last partial answer was with the parent.
    end_us: f64,
}

impl Parent {
    /// `workers` take tasks, and as many more as the experiment has in the background compute beside
    /// them, if `beside` says so.
    pub fn new(
        experiment: &Experiment,
        workers: u32,
        beside: u32,
        sharing: Sharing,
        shared: Option<Arc<dyn Words>>,
    ) -> Self {
        let input = workload::find(&experiment.workload).and_then(|workload| workload.input);
        let all = (workers + beside) as usize;
        Self {
            experiment: experiment.clone(),
            workers,
            beside,
            heap: Heap::new(shared, Cancel::default()),
            input: input.map(|input| input(experiment)),
            found: vec![0; all],
            sharing,
            request: 0,
            open: 0,
            queue: VecDeque::new(),
            stable: true,
            memory: vec![Memory::default(); all],
            ready_us: vec![0.0; all],
            channel: ChannelFigures::default(),
            arbiter: Arbiter::new(experiment.switch_interval_s * 1e6),
            end_us: 0.0,
        }
    }

    /// Every answer to the last request is here.
    pub fn is_answered(&self) -> bool {
        self.open == 0
    }

    fn ask_all(&mut self, message: impl Fn(u32, u32) -> ToWorker) -> Outbox {
        self.request += 1;
        self.open = self.workers + self.beside;
        (0..self.open).map(|worker| (worker, encode(&message(self.request, worker)))).collect()
    }

    /// Tell every worker who it is.
    pub fn begin(&mut self, recording: bool) -> Outbox {
        let experiment = self.experiment.clone();
        self.ask_all(|request, worker| ToWorker::Begin { request, worker, experiment: experiment.clone(), recording })
    }

    pub fn warm_up(&mut self) -> Outbox {
        self.ask_all(|request, _| ToWorker::WarmUp { request })
    }

    /// Every worker runs the same share of the tasks with no harness.
    pub fn bare(&mut self) -> Outbox {
        let tasks: Vec<u32> = schedule::bare_tasks(&self.experiment).collect();
        self.ask_all(|request, _| ToWorker::Bare { request, tasks: tasks.clone() })
    }

    /// Collect what the workers recorded. Not part of a sample, nor of its channel's figures.
    pub fn flush(&mut self) -> Outbox {
        self.ask_all(|request, _| ToWorker::Flush { request })
    }

    /// Start a sample: hand out the first of these tasks.
    pub fn compute(&mut self, tasks: Range<u32>, clock: &dyn Clock) -> Outbox {
        self.request += 1;
        self.open = 0;
        self.channel = ChannelFigures::default();
        self.end_us = 0.0;
        self.queue = tasks.collect();
        self.prepare_meeting();
        let beside = ToWorker::Beside { request: self.request, locked: self.sharing == Sharing::Turns };
        let beside = (self.workers..self.workers + self.beside).map(|id| (id, encode(&beside)));
        let tasks = (0..self.workers).filter_map(|worker| Some((worker, self.next_chunk(worker, clock)?)));
        beside.chain(tasks).collect()
    }

    /// Where tasks meet, they begin afresh.
    fn prepare_meeting(&self) {
        let meeting = workload::find(&self.experiment.workload).and_then(|workload| workload.meeting.as_ref());
        if let Some((meeting, words)) = meeting.zip(self.heap.shared()) {
            (meeting.prepare)(&self.experiment, &**words);
        }
    }

    /// Once every task is answered: those that computed beside them are to halt.
    pub fn halt(&mut self) -> Outbox {
        self.open = self.beside;
        (self.workers..self.workers + self.beside).map(|id| (id, encode(&ToWorker::Halt))).collect()
    }

    /// When [`Self::elapse`] has something to do, if nothing is heard before.
    pub fn due_us(&self) -> Option<f64> {
        self.arbiter.due_us()
    }

    /// It is `now_us`: who waits for the lock may have waited long enough.
    pub fn elapse(&mut self, now_us: f64) -> Outbox {
        self.arbiter.elapse(now_us).map(told).into_iter().collect()
    }

    /// What the lock has done since this was last asked, if there is one.
    pub fn lock_counts(&mut self) -> Option<Counts> {
        (self.sharing == Sharing::Turns).then(|| self.arbiter.take_counts())
    }

    /// What the workload counted in the last sample, if it counts: after a flush.
    pub fn found(&self) -> Option<Found> {
        let counts = workload::find(&self.experiment.workload)?.counts.as_ref()?;
        // Serial code and its caller share a heap, wherever a host runs it.
        let by_parent = if self.sharing == Sharing::Chunks { (counts.found)(&self.heap) } else { self.found[0] };
        let by_worker = if self.sharing == Sharing::Chunks { self.found.clone() } else { Vec::new() };
        Some(Found { by_parent, by_worker })
    }

    fn next_chunk(&mut self, worker: u32, clock: &dyn Clock) -> Option<Vec<u8>> {
        let most = match self.sharing {
            Sharing::Chunks => self.experiment.chunk as usize,
            Sharing::All | Sharing::Events => self.queue.len(),
            Sharing::Turns => self.queue.len().div_ceil((self.workers - worker) as usize),
        };
        let tasks: Vec<u32> = self.queue.drain(..most.min(self.queue.len())).collect();
        if tasks.is_empty() {
            return None;
        }
        self.open += 1;
        let start_us = clock.now_us();
        let order = match self.sharing {
            Sharing::Chunks => Order::Take,
            Sharing::All => Order::Stream,
            Sharing::Events => Order::Events,
            Sharing::Turns => Order::Turns,
        };
        let (input, data) = self.place_input(worker);
        let message = ToWorker::Compute { request: self.request, sent_us: start_us, order, input, tasks };
        let frame = encode_with(&message, data);
        let serialize_s = (clock.now_us() - start_us) / 1e6;
        self.channel.serialize_s += serialize_s;
        // The worker counts from `sent_us` on, which had to be written before.
        self.channel.transfer_s -= serialize_s;
        self.count_frame(&frame);
        if let Input::Shared { bytes, .. } = input {
            self.channel.bytes += u64::from(bytes);
        }
        Some(frame)
    }

    /// Put the data of a task where the worker finds it. Gives where, and what goes with the message.
    fn place_input(&self, worker: u32) -> (Input, &[u8]) {
        let slot = slot_words(&self.experiment).zip(self.heap.shared());
        match (&self.input, slot) {
            (None, _) => (Input::None, &[]),
            (Some(data), None) => (Input::Follows, data),
            (Some(data), Some((slot, shared))) => {
                let at = worker as usize * slot;
                shared.write(at, data);
                let bytes = u32::try_from(data.len()).expect("a size is so many");
                (Input::Shared { at: at as u64, bytes }, &[])
            }
        }
    }

    fn count_frame(&mut self, frame: &[u8]) {
        self.channel.messages += 1;
        self.channel.bytes += frame.len() as u64;
    }

    /// Take in a frame from `worker`; gives what to post in turn.
    ///
    /// # Errors
    /// When the frame is none that this parent waits for.
    pub fn receive(
        &mut self,
        worker: u32,
        frame: &[u8],
        clock: &dyn Clock,
        sink: &mut dyn Sink,
    ) -> Result<Outbox, HostError> {
        let received_us = clock.now_us();
        let message = decode(frame).map_err(|error| HostError::Failed(error.to_string()))?;
        let request = match message {
            FromWorker::Ready { request } => {
                self.ready_us[worker as usize] = received_us;
                request
            }
            FromWorker::Warm { request, stable } => {
                self.stable &= stable;
                request
            }
            FromWorker::BareDone { request } => {
                // Those that computed beside the tasks end later than these.
                if worker < self.workers {
                    self.end_us = received_us;
                }
                request
            }
            FromWorker::Flushed { request, trace, memory, found } => {
                self.memory[worker as usize] = memory;
                self.found[worker as usize] = found.unwrap_or(0);
                hand_over(worker, received_us, trace, sink);
                request
            }
            FromWorker::Lock(said) => {
                let heard = self.arbiter.hear(worker, said, received_us);
                let heard = heard.map_err(|stray| HostError::Failed(stray.to_string()))?;
                return Ok(heard.map(told).into_iter().collect());
            }
            FromWorker::Progress { trace, partials } => {
                hand_over(worker, received_us, trace, sink);
                self.hand_in(worker, received_us, partials, sink);
                return Ok(Outbox::new());
            }
            FromWorker::Partials { request, done_us, sent_us, figures, trace, partials } => {
                let partials: Vec<TaskPartial> =
                    decode(&partials).map_err(|error| HostError::Failed(error.to_string()))?;
                self.count_frame(frame);
                let decoded_us = clock.now_us();
                self.channel.serialize_s += (figures.serialize_us + decoded_us - received_us) / 1e6;
                self.channel.transfer_s += (figures.transfer_us + (received_us - sent_us).max(0.0)) / 1e6;
                // Serial code has its answers where it computed them, and so have threads.
                self.end_us = self.end_us.max(if self.sharing == Sharing::Chunks { decoded_us } else { done_us });
                let next = self.next_chunk(worker, clock);
                hand_over(worker, decoded_us, trace, sink);
                self.hand_in(worker, decoded_us, partials, sink);
                self.expect(worker, request)?;
                return Ok(next.map(|frame| (worker, frame)).into_iter().collect());
            }
        };
        self.expect(worker, request)?;
        Ok(Outbox::new())
    }

    fn hand_in(&self, worker: u32, decoded_us: f64, partials: Vec<TaskPartial>, sink: &mut dyn Sink) {
        for TaskPartial { task, started_us, done_us, partial } in partials {
            let at_us = if self.sharing == Sharing::Chunks { decoded_us } else { done_us };
            sink.answered(Answered { worker, task, started_us, at_us, partial });
        }
    }

    fn expect(&mut self, worker: u32, request: u32) -> Result<(), HostError> {
        if request != self.request || self.open == 0 {
            let text =
                format!("worker {worker} answered request {request}, which nobody asked: please report this bug");
            return Err(HostError::Failed(text));
        }
        self.open -= 1;
        Ok(())
    }

    /// When the sample's last answer was with the parent, and what the channel carried for it.
    pub fn measured(&self) -> (f64, ChannelFigures) {
        (self.end_us, self.channel)
    }
}

fn told((worker, said): (u32, ToClaim)) -> (u32, Vec<u8>) {
    (worker, encode(&ToWorker::Lock(said)))
}

fn hand_over(worker: u32, now_us: f64, trace: Recorded, sink: &mut dyn Sink) {
    sink.trace(worker, now_us, trace.transitions, trace.dropped);
}

/// What a parent notes about a worker's life that the worker cannot: its start and its end.
pub fn note(worker: u32, at_us: f64, state: State, sink: &mut dyn Sink) {
    sink.trace(worker, at_us, vec![Transition { at_us, state, task: None, work: 0, unlocked: false }], 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::tests::TickingClock;
    use crate::model::isolated::{Edges, Isolated, Turn};
    use std::collections::HashMap;

    #[derive(Default)]
    struct Heard {
        tasks: Vec<u32>,
        states: HashMap<u32, Vec<State>>,
    }

    impl Sink for Heard {
        fn trace(&mut self, worker: u32, _: f64, transitions: Vec<Transition>, dropped: u64) {
            assert_eq!(dropped, 0);
            self.states.entry(worker).or_default().extend(transitions.iter().map(|transition| transition.state));
        }

        fn answered(&mut self, answered: Answered) {
            self.tasks.push(answered.task);
        }
    }

    /// Parent and workers in one thread, frames passed by hand.
    fn converse(parent: &mut Parent, workers: &mut [Option<Isolated>], outbox: Outbox, heard: &mut Heard) {
        let clock = TickingClock::default();
        let mut posts: VecDeque<_> = outbox.into();
        while let Some((id, frame)) = posts.pop_front() {
            let mut sent = Vec::new();
            if let Some(worker) = &mut workers[id as usize] {
                let mut turn = worker.receive(&frame, &mut |frame| sent.push(frame)).unwrap();
                while turn == Turn::Busy {
                    turn = worker.advance(1.0, &mut |frame| sent.push(frame));
                }
            } else {
                let edges = Edges { clock: Arc::new(TickingClock::default()), memory: Memory::default, shared: None };
                let (worker, ready) = Isolated::begin(&frame, edges).unwrap();
                workers[id as usize] = Some(worker);
                sent.push(ready);
            }
            for frame in sent {
                posts.extend(parent.receive(id, &frame, &clock, heard).unwrap());
            }
        }
    }

    fn sample(tasks: u32, chunk: u32, count: u32, sharing: Sharing) -> (Parent, Heard) {
        let experiment = Experiment { size: 50_000, tasks, chunk, ..Experiment::default() };
        let mut parent = Parent::new(&experiment, count, 0, sharing, None);
        let mut workers: Vec<_> = (0..count).map(|_| None).collect();
        let mut heard = Heard::default();
        let begin = parent.begin(true);
        converse(&mut parent, &mut workers, begin, &mut heard);
        let compute = parent.compute(0..tasks, &TickingClock::default());
        converse(&mut parent, &mut workers, compute, &mut heard);
        assert!(parent.is_answered());
        let flush = parent.flush();
        converse(&mut parent, &mut workers, flush, &mut heard);
        (parent, heard)
    }

    #[test]
    fn every_task_is_answered_once_whatever_the_chunks() {
        for (tasks, chunk, workers) in [(1, 1, 3), (7, 1, 2), (7, 3, 2), (9, 20, 4)] {
            let (parent, mut heard) = sample(tasks, chunk, workers, Sharing::Chunks);
            heard.tasks.sort_unstable();
            assert_eq!(heard.tasks, (0..tasks).collect::<Vec<_>>());
            assert_eq!(parent.measured().1.messages, 2 * u64::from(tasks.div_ceil(chunk)));
        }
    }

    #[test]
    fn serial_gets_all_tasks_in_one_message() {
        let (parent, mut heard) = sample(5, 1, 1, Sharing::All);
        heard.tasks.sort_unstable();
        assert_eq!(heard.tasks, [0, 1, 2, 3, 4]);
        assert_eq!(parent.measured().1.messages, 2);
    }

    #[test]
    fn after_a_flush_every_worker_is_known_to_be_idle() {
        let (_, heard) = sample(6, 2, 2, Sharing::Chunks);
        assert!(heard.states.values().all(|states| states.last() == Some(&State::Idle)));
    }

    #[test]
    fn an_answer_that_nobody_asked_for_is_an_error() {
        let (mut parent, mut heard) = sample(1, 1, 1, Sharing::Chunks);
        let stray = encode(&FromWorker::BareDone { request: 99 });
        assert!(parent.receive(0, &stray, &TickingClock::default(), &mut heard).is_err());
    }
}
