//! The parent's side of isolated workers: `processes`, the ceiling's bare workers, `serial` in a browser.
//!
//! A state machine like its counterpart in [`super::isolated`]: a host posts the frames that it gives and
//! hands it the frames that arrive. One request to all workers is under way at a time.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::ward::{TRIES, Ward};
use crate::experiment::Experiment;
use crate::host::{Answered, Cancel, Clock, Death, Found, HostError, Memory, Patience, Sink};
use crate::lock::Counts;
use crate::lock::messages::{Arbiter, ToClaim};
use crate::message::{FromWorker, Input, Order, Recorded, TaskPartial, ToWorker, decode, encode, encode_with};
use crate::report::ChannelFigures;
use crate::schedule;
use crate::shared_memory::slot_words;
use crate::sync::Words;
use crate::trace::{State, Transition};
use crate::workload::{self, Heap};

/// Patience lasts so much longer for every byte that goes with a task: 5 MB/s, which a busy machine moves at its slowest.
const PATIENCE_US_PER_BYTE: f64 = 0.2;
/// Between two looks at who is silent, no more time than this counts.
const LISTENED_US: f64 = 100_000.0;

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

/// What a worker has been asked for and not yet given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Owed {
    #[default]
    Nothing,
    Ready,
    Warm,
    Bare,
    /// These have no answer yet.
    Tasks(Vec<u32>),
    Halted,
    Flushed,
}

/// A worker's place, which a fresh one takes when it has died.
#[derive(Clone, Debug, Default)]
struct Seat {
    owes: Owed,
    /// What a fresh worker is asked for once it is ready.
    then: Owed,
    /// Workers that died here without an answer in between.
    deaths: u32,
    /// For how long the parent has listened and heard nothing.
    silent_us: f64,
    /// The data that went with its tasks, in bytes.
    bytes: usize,
}

impl Seat {
    /// The time after which nobody waits any longer.
    fn patience_us(&self, patience: Patience) -> f64 {
        patience.seconds() * 1e6 + self.bytes as f64 * PATIENCE_US_PER_BYTE
    }
}

/// The parent of isolated workers.
pub struct Parent {
    experiment: Experiment,
    /// Those that take tasks; more compute beside them, if the experiment says so.
    workers: u32,
    beside: u32,
    sharing: Sharing,
    patience: Patience,
    request: u32,
    /// By worker.
    seats: Vec<Seat>,
    queue: VecDeque<u32>,
    ward: Ward,
    recording: bool,
    /// Tasks are handed out, and those beside them compute.
    is_computing: bool,
    listened_us: f64,
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
            patience: Patience::default(),
            request: 0,
            seats: vec![Seat::default(); all],
            queue: VecDeque::new(),
            ward: Ward::new(experiment),
            recording: false,
            is_computing: false,
            listened_us: 0.0,
            stable: true,
            memory: vec![Memory::default(); all],
            ready_us: vec![0.0; all],
            channel: ChannelFigures::default(),
            arbiter: Arbiter::new(experiment.switch_interval_s * 1e6),
            end_us: 0.0,
        }
    }

    /// Give up a silent worker after this time.
    pub fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// The cause that is shown for a worker that was given up.
    pub fn silence(&self) -> String {
        format!("it was not heard of for {} s or more", self.patience.seconds())
    }

    /// Every answer to the last request is here.
    pub fn is_answered(&self) -> bool {
        self.seats.iter().all(|seat| seat.owes == Owed::Nothing)
    }

    /// Whether there is such a worker, and it owes an answer to tasks.
    pub fn is_at_work(&self, worker: u32) -> bool {
        self.seats.get(worker as usize).is_some_and(|seat| matches!(seat.owes, Owed::Tasks(_)))
    }

    /// Ask all workers for the same.
    fn ask_all(&mut self, owed: &Owed) -> Outbox {
        self.request += 1;
        (0..self.workers + self.beside).map(|worker| (worker, self.ask(worker, owed.clone()))).collect()
    }

    /// The frame that asks `worker` for what it owes from now on.
    fn ask(&mut self, worker: u32, owed: Owed) -> Vec<u8> {
        let (request, recording) = (self.request, self.recording);
        let message = match &owed {
            Owed::Ready => {
                let fault = self.ward.at_start(worker);
                ToWorker::Begin { request, worker, experiment: self.experiment.clone(), recording, fault }
            }
            Owed::Warm => ToWorker::WarmUp { request },
            Owed::Bare => ToWorker::Bare { request, tasks: schedule::bare_tasks(&self.experiment).collect() },
            Owed::Flushed => ToWorker::Flush { request },
            Owed::Nothing | Owed::Tasks(_) | Owed::Halted => {
                unreachable!("tasks are handed out one by one, and those beside them are told to halt")
            }
        };
        let seat = &mut self.seats[worker as usize];
        (seat.owes, seat.silent_us, seat.bytes) = (owed, 0.0, 0);
        encode(&message)
    }

    /// Tell every worker who it is.
    pub fn begin(&mut self, recording: bool) -> Outbox {
        self.recording = recording;
        self.ask_all(&Owed::Ready)
    }

    pub fn warm_up(&mut self) -> Outbox {
        self.ask_all(&Owed::Warm)
    }

    /// Every worker runs the same share of the tasks with no harness.
    pub fn bare(&mut self) -> Outbox {
        self.ask_all(&Owed::Bare)
    }

    /// Collect what the workers recorded. Not part of a sample, nor of its channel's figures.
    pub fn flush(&mut self) -> Outbox {
        self.ask_all(&Owed::Flushed)
    }

    /// Start a sample: hand out the first of these tasks.
    pub fn compute(&mut self, tasks: Range<u32>, clock: &dyn Clock) -> Outbox {
        self.request += 1;
        self.channel = ChannelFigures::default();
        self.end_us = 0.0;
        self.ward.begin_sample(tasks.end - tasks.start);
        self.queue = tasks.collect();
        self.is_computing = true;
        self.prepare_meeting();
        let beside =
            (self.workers..self.workers + self.beside).map(|id| (id, self.compute_beside())).collect::<Vec<_>>();
        let tasks = (0..self.workers).filter_map(|worker| Some((worker, self.next_chunk(worker, clock)?)));
        beside.into_iter().chain(tasks).collect()
    }

    fn compute_beside(&self) -> Vec<u8> {
        encode(&ToWorker::Beside { request: self.request, locked: self.sharing == Sharing::Turns })
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
        self.is_computing = false;
        let beside = self.workers..self.workers + self.beside;
        for id in beside.clone() {
            self.seats[id as usize].owes = Owed::Halted;
        }
        beside.map(|id| (id, encode(&ToWorker::Halt))).collect()
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
            // One that a worker has died of goes alone, so that no other is blamed for it.
            _ if self.queue.front().is_some_and(|task| self.ward.deaths_of(*task) > 0) => 1,
            Sharing::Chunks => self.experiment.chunk as usize,
            Sharing::All | Sharing::Events => self.queue.len(),
            Sharing::Turns => self.queue.len().div_ceil((self.workers - worker) as usize),
        };
        let tasks: Vec<u32> = self.queue.drain(..most.min(self.queue.len())).collect();
        if tasks.is_empty() {
            return None;
        }
        let fault = self.ward.at(&tasks);
        self.seats[worker as usize].owes = Owed::Tasks(tasks.clone());
        let start_us = clock.now_us();
        let order = match self.sharing {
            Sharing::Chunks => Order::Take,
            Sharing::All => Order::Stream,
            Sharing::Events => Order::Events,
            Sharing::Turns => Order::Turns,
        };
        let (input, data) = self.place_input(worker);
        let message = ToWorker::Compute { request: self.request, sent_us: start_us, order, input, tasks, fault };
        let bytes = data.len();
        let frame = encode_with(&message, data);
        self.seats[worker as usize].bytes = bytes;
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
        self.hear(worker);
        let message = decode(frame).map_err(|error| HostError::Failed(error.to_string()))?;
        let request = match message {
            FromWorker::Ready { request } => {
                self.ready_us[worker as usize] = received_us;
                self.expect(worker, request)?;
                self.ward.revived(worker, received_us);
                return Ok(self.go_on(worker, clock).map(|frame| (worker, frame)).into_iter().collect());
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
                self.expect(worker, request)?;
                let next = self.next_chunk(worker, clock);
                hand_over(worker, decoded_us, trace, sink);
                self.hand_in(worker, decoded_us, partials, sink);
                return Ok(next.map(|frame| (worker, frame)).into_iter().collect());
            }
        };
        self.expect(worker, request)?;
        Ok(Outbox::new())
    }

    fn hear(&mut self, worker: u32) {
        // Who waits for the lock says nothing while others have it.
        let all = self.sharing == Sharing::Turns;
        let heard = self.seats.iter_mut().zip(0..).filter(|(_, id)| all || *id == worker);
        heard.for_each(|(seat, _)| seat.silent_us = 0.0);
    }

    fn hand_in(&mut self, worker: u32, decoded_us: f64, partials: Vec<TaskPartial>, sink: &mut dyn Sink) {
        for TaskPartial { task, started_us, done_us, partial } in partials {
            if let Owed::Tasks(left) = &mut self.seats[worker as usize].owes {
                left.retain(|other| *other != task);
            }
            self.ward.answered();
            let at_us = if self.sharing == Sharing::Chunks { decoded_us } else { done_us };
            sink.answered(Answered { worker, task, started_us, at_us, partial });
        }
    }

    /// A worker has died; `cause` tells of what. Its tasks go back to the others. [`Self::revive`] a fresh one in its
    /// place then.
    ///
    /// # Errors
    /// When no fresh one would help.
    pub fn bury(&mut self, worker: u32, cause: &str, at_us: f64, sink: &mut dyn Sink) -> Result<(), HostError> {
        note(worker, at_us, State::Dead, sink);
        if self.sharing == Sharing::Turns {
            return Err(HostError::Failed(format!("worker {worker} died ({cause}), and threads cannot do without it")));
        }
        let seat = &mut self.seats[worker as usize];
        seat.deaths += 1;
        let tasks = match std::mem::take(&mut seat.owes) {
            Owed::Tasks(tasks) => tasks,
            _ if seat.deaths == TRIES => {
                let text = format!(
                    "worker {worker} died {TRIES} times without an answer, at last so: {cause}; close other programs, or ask \
                     for fewer workers"
                );
                return Err(HostError::Failed(text));
            }
            // What it is asked for after its start stays as it is.
            Owed::Ready => Vec::new(),
            // A fresh one has begun nothing that it could halt.
            Owed::Halted => Vec::new(),
            owed => {
                seat.then = owed;
                Vec::new()
            }
        };
        let death = Death { worker, cause: cause.into(), at_us, tasks, unanswered: 0, ready_us: None };
        for task in self.ward.admit(death, sink).into_iter().rev() {
            self.queue.push_front(task);
        }
        Ok(())
    }

    /// A fresh worker is being started in the place of one that died: tell it who it is.
    pub fn revive(&mut self, worker: u32) -> Outbox {
        vec![(worker, self.ask(worker, Owed::Ready))]
    }

    /// What a worker that is ready does next: nothing, or what one that died here did.
    fn go_on(&mut self, worker: u32, clock: &dyn Clock) -> Option<Vec<u8>> {
        match std::mem::take(&mut self.seats[worker as usize].then) {
            Owed::Nothing if worker < self.workers => self.next_chunk(worker, clock),
            Owed::Nothing => self.is_computing.then(|| self.compute_beside()),
            owed => Some(self.ask(worker, owed)),
        }
    }

    /// It is `now_us`, and all that was said has been heard. Gives a worker that has not been heard of for too long.
    pub fn missing(&mut self, now_us: f64) -> Option<u32> {
        // Time in which nobody listened does not count: the machine was asleep, or the page held back.
        let listened_us = (now_us - self.listened_us).clamp(0.0, LISTENED_US);
        self.listened_us = now_us;
        for seat in &mut self.seats {
            seat.silent_us = if seat.owes == Owed::Nothing { 0.0 } else { seat.silent_us + listened_us };
        }
        let worker = self.seats.iter().position(|seat| seat.silent_us > seat.patience_us(self.patience))?;
        Some(u32::try_from(worker).expect("few workers"))
    }

    fn expect(&mut self, worker: u32, request: u32) -> Result<(), HostError> {
        let seat = &mut self.seats[worker as usize];
        if request != self.request || seat.owes == Owed::Nothing {
            let text =
                format!("worker {worker} answered request {request}, which nobody asked: please report this bug");
            return Err(HostError::Failed(text));
        }
        seat.owes = Owed::Nothing;
        seat.deaths = 0;
        Ok(())
    }

    /// When the sample's last answer was with the parent, what the channel carried for it, and who died.
    ///
    /// # Errors
    /// When a task could not be answered.
    pub fn measured(&mut self) -> Result<(f64, ChannelFigures, Vec<Death>), HostError> {
        Ok((self.end_us, self.channel, self.ward.close()?))
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
    use crate::fault::tests::no_fault;
    use crate::host::tests::TickingClock;
    use crate::message::decode_with;
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

    /// Give a worker a frame, and its answers to the parent. Gives what the parent posts then.
    fn deliver(
        parent: &mut Parent,
        workers: &mut [Option<Isolated>],
        id: u32,
        frame: &[u8],
        heard: &mut Heard,
    ) -> Outbox {
        let mut sent = Vec::new();
        if let Some(worker) = &mut workers[id as usize] {
            let mut turn = worker.receive(frame, &mut |frame| sent.push(frame)).unwrap();
            while turn == Turn::Busy {
                turn = worker.advance(1.0, &mut |frame| sent.push(frame));
            }
        } else {
            let clock = Arc::new(TickingClock::default());
            let edges = Edges { clock, memory: Memory::default, shared: None, suffer: no_fault };
            let (worker, ready) = Isolated::begin(frame, edges).unwrap();
            workers[id as usize] = Some(worker);
            sent.push(ready);
        }
        let clock = TickingClock::default();
        sent.iter().flat_map(|frame| parent.receive(id, frame, &clock, heard).unwrap()).collect()
    }

    /// Parent and workers in one thread, frames passed by hand.
    fn converse(parent: &mut Parent, workers: &mut [Option<Isolated>], outbox: Outbox, heard: &mut Heard) {
        let mut posts: VecDeque<_> = outbox.into();
        while let Some((id, frame)) = posts.pop_front() {
            posts.extend(deliver(parent, workers, id, &frame, heard));
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

    /// Let the parent know of a worker's death, and give it a fresh one.
    fn replace(
        parent: &mut Parent,
        workers: &mut [Option<Isolated>],
        worker: u32,
        heard: &mut Heard,
    ) -> Result<Outbox, HostError> {
        workers[worker as usize] = None;
        parent.bury(worker, "a test", 0.0, heard)?;
        Ok(parent.revive(worker))
    }

    #[test]
    fn whoever_dies_at_any_message_no_task_is_lost_or_counted_twice() {
        // Deliver frames one by one, and let the addressee of the nth die instead.
        let (mut deaths, mut nth) = (0, 0);
        loop {
            let experiment = Experiment { size: 50_000, tasks: 7, chunk: 2, ..Experiment::default() };
            let mut parent = Parent::new(&experiment, 2, 0, Sharing::Chunks, None);
            let mut workers: Vec<_> = vec![None, None];
            let mut heard = Heard::default();
            let mut left = nth;
            let mut died = false;
            for step in 0..3 {
                let outbox = match step {
                    0 => parent.begin(true),
                    1 => parent.compute(0..7, &TickingClock::default()),
                    _ => parent.flush(),
                };
                let mut posts: VecDeque<_> = outbox.into();
                while let Some((worker, frame)) = posts.pop_front() {
                    let dies = !died && left == 0;
                    left -= u32::from(!died && !dies);
                    if dies {
                        died = true;
                        posts.retain(|(other, _)| *other != worker);
                        posts.extend(replace(&mut parent, &mut workers, worker, &mut heard).unwrap());
                    } else {
                        posts.extend(deliver(&mut parent, &mut workers, worker, &frame, &mut heard));
                    }
                }
                assert!(parent.is_answered(), "step {step} of {nth}");
                if step == 1 {
                    deaths += parent.measured().unwrap().2.len();
                }
            }
            heard.tasks.sort_unstable();
            assert_eq!(heard.tasks, (0..7).collect::<Vec<_>>(), "{nth}");
            if !died {
                break;
            }
            nth += 1;
        }
        assert!(nth > 7 && deaths > 3, "{nth} {deaths}");
    }

    #[test]
    fn a_task_that_kills_every_worker_is_given_up_and_all_others_are_answered() {
        let experiment = Experiment { size: 50_000, tasks: 5, ..Experiment::default() };
        let mut parent = Parent::new(&experiment, 2, 0, Sharing::Chunks, None);
        let mut workers: Vec<_> = vec![None, None];
        let mut heard = Heard::default();
        let begin = parent.begin(true);
        converse(&mut parent, &mut workers, begin, &mut heard);
        let mut posts: VecDeque<_> = parent.compute(0..5, &TickingClock::default()).into();
        while let Some((worker, frame)) = posts.pop_front() {
            let is_doomed = matches!(decode_with(&frame), Ok((ToWorker::Compute { tasks, .. }, _)) if tasks == [3]);
            posts.extend(if is_doomed {
                replace(&mut parent, &mut workers, worker, &mut heard).unwrap()
            } else {
                deliver(&mut parent, &mut workers, worker, &frame, &mut heard)
            });
        }
        assert!(parent.is_answered());
        heard.tasks.sort_unstable();
        assert_eq!(heard.tasks, [0, 1, 2, 4]);
        let text = parent.measured().unwrap_err().to_string();
        assert!(text.starts_with("task 3 was tried 3 times") && text.contains("a test"), "{text}");
    }

    #[test]
    fn a_worker_that_never_gets_ready_is_not_started_for_ever() {
        let mut parent = Parent::new(&Experiment::default(), 1, 0, Sharing::Chunks, None);
        let mut heard = Heard::default();
        parent.begin(true);
        for _ in 1..TRIES {
            replace(&mut parent, &mut [None], 0, &mut heard).unwrap();
        }
        let error = replace(&mut parent, &mut [None], 0, &mut heard).unwrap_err();
        assert!(error.to_string().contains("died 3 times without an answer, at last so: a test"), "{error}");
    }

    #[test]
    fn silence_counts_while_somebody_listens_and_an_answer_is_owed() {
        let mut parent = Parent::new(&Experiment::default(), 2, 0, Sharing::Chunks, None);
        let mut workers: Vec<_> = vec![None, None];
        let mut heard = Heard::default();
        assert_eq!(parent.missing(1e12), None, "nothing is owed");
        let begin = parent.begin(true);
        converse(&mut parent, &mut workers, begin, &mut heard);
        let posts = parent.compute(0..4, &TickingClock::default());
        assert_eq!(parent.missing(2e12), None, "nobody listened");
        let mut now_us = 2e12;
        let mut listen = |parent: &mut Parent, times: u32| {
            (0..times).find_map(|_| {
                now_us += LISTENED_US;
                parent.missing(now_us)
            })
        };
        assert_eq!(listen(&mut parent, 90), None);
        let next = deliver(&mut parent, &mut workers, 1, &posts[1].1, &mut heard);
        converse(&mut parent, &mut workers, next, &mut heard);
        assert_eq!(listen(&mut parent, 90), Some(0), "the other was heard");
        let begin = replace(&mut parent, &mut workers, 0, &mut heard).unwrap();
        assert_eq!(listen(&mut parent, 90), None, "a fresh one has its own time");
        converse(&mut parent, &mut workers, begin, &mut heard);
        assert!(parent.is_answered());
    }

    #[test]
    fn the_patience_of_a_run_is_kept_and_told() {
        for (patience, looks, told) in [
            (Patience::default(), 100, "it was not heard of for 10 s or more"),
            (Patience::from_s(1.5).unwrap(), 15, "it was not heard of for 1.5 s or more"),
        ] {
            let mut parent = Parent::new(&Experiment::default(), 1, 0, Sharing::Chunks, None);
            parent.set_patience(patience);
            parent.begin(true);
            parent.missing(0.0);
            let mut looked = (1..).map(|look| parent.missing(f64::from(look) * LISTENED_US));
            assert_eq!(looked.by_ref().position(|missing| missing.is_some()), Some(looks));
            assert_eq!(parent.silence(), told);
        }
    }

    #[test]
    fn silence_is_borne_for_longer_where_much_data_is_on_its_way() {
        let experiment = Experiment { size: 1 << 20, chunk: 2, ..Experiment::of("checksum").expect("a workload") };
        let mut parent = Parent::new(&experiment, 1, 0, Sharing::Chunks, None);
        let (mut workers, mut heard) = (vec![None], Heard::default());
        let begin = parent.begin(true);
        converse(&mut parent, &mut workers, begin, &mut heard);
        parent.compute(0..2, &TickingClock::default());
        parent.missing(0.0);
        // It goes once with a message, however many tasks.
        let patience_us = 10e6 + f64::from(1 << 20) * PATIENCE_US_PER_BYTE;
        let looks = (1..).find(|look| parent.missing(f64::from(*look) * LISTENED_US).is_some());
        assert_eq!(looks, Some((patience_us / LISTENED_US).floor() as i32 + 1));
    }

    #[test]
    fn every_task_is_answered_once_whatever_the_chunks() {
        for (tasks, chunk, workers) in [(1, 1, 3), (7, 1, 2), (7, 3, 2), (9, 20, 4)] {
            let (mut parent, mut heard) = sample(tasks, chunk, workers, Sharing::Chunks);
            heard.tasks.sort_unstable();
            assert_eq!(heard.tasks, (0..tasks).collect::<Vec<_>>());
            assert_eq!(parent.measured().unwrap().1.messages, 2 * u64::from(tasks.div_ceil(chunk)));
        }
    }

    #[test]
    fn serial_gets_all_tasks_in_one_message() {
        let (mut parent, mut heard) = sample(5, 1, 1, Sharing::All);
        heard.tasks.sort_unstable();
        assert_eq!(heard.tasks, [0, 1, 2, 3, 4]);
        assert_eq!(parent.measured().unwrap().1.messages, 2);
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
