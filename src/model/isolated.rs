//! A worker with a heap of its own, which only messages reach: all of `processes`, the bare workers of
//! the ceiling, and `serial` in a browser.
//!
//! It is a state machine that a host feeds with frames and gives time to, so that a web worker can
//! return to its event loop between two slices, and a process can read its pipe.

use std::collections::VecDeque;
use std::sync::Arc;

use super::event_loop::{self, EventLoop, ran};
use super::turns::{self, Turns};
use crate::experiment::Experiment;
use crate::fault::{Fault, doomed_task};
use crate::host::{Cancel, Clock, Memory};
use crate::lock::messages::{ToArbiter, ToClaim};
use crate::message::{
    FromWorker, Input, Malformed, Order, Recorded, TaskPartial, ToWorker, WorkerSide, decode, decode_with, encode,
};
use crate::model::warm_up::warm_up;
use crate::sync::Words;
use crate::trace::State;
use crate::trace::ring::{Reader, Recorder, Ring};
use crate::workload::{self, Breaker, Heap, Partial, Progress, Task, Workload};

/// The clock is read once in this many quanta, about half a millisecond.
const QUANTA_BETWEEN_CLOCK_READS: u32 = 16;
/// The same for a holder of the lock, who is to look for the drop request in time.
const QUANTA_OF_A_HOLDER: u32 = 4;
/// What is recorded goes to the parent this often while a request is under way.
const FLUSH_US: f64 = 20_000.0;
/// A worker that computes is heard at least this often.
const BEAT_US: f64 = 500_000.0;

/// What the worker wants after a turn.
#[derive(Debug, PartialEq)]
pub enum Turn {
    /// More time.
    Busy,
    /// More time, from then on by its clock.
    Sleep { until_us: f64 },
    /// A message.
    Idle,
    /// To end.
    Exit,
}

/// The edges of a worker: where it is differs, what it does does not.
pub struct Edges {
    pub clock: Arc<dyn Clock>,
    /// Memory of this worker's heap.
    pub memory: fn() -> Memory,
    /// Memory that it shares with its parent and its siblings, if it does.
    pub shared: Option<Arc<dyn Words>>,
    /// Suffer a fault; only one that strikes later lets the worker go on.
    pub suffer: fn(Fault),
}

/// A worker that has begun.
pub struct Isolated {
    edges: Edges,
    experiment: Experiment,
    workload: &'static Workload,
    heap: Arc<Heap>,
    recorder: Recorder,
    reader: Reader,
    flushed_us: f64,
    /// When the parent last heard of it.
    heard_us: f64,
    request: Option<Request>,
}

/// A request under way.
struct Request {
    id: u32,
    order: Order,
    left: VecDeque<u32>,
    current: Option<Current>,
    /// All tasks, where they take turns.
    events: Option<EventLoop>,
    /// All tasks, where the worker takes turns with others.
    turns: Option<Turns>,
    partials: Vec<TaskPartial>,
    figures: WorkerSide,
    /// What is to be suffered in the doomed task.
    fault: Fault,
}

/// The task that a request is at.
struct Current {
    task: Option<u32>,
    started_us: f64,
    running: Box<dyn Task>,
    /// Until when it waits.
    wake_us: f64,
}

impl Request {
    fn new(id: u32, tasks: Vec<u32>, order: Order) -> Self {
        let figures = WorkerSide::default();
        Self {
            id,
            order,
            left: tasks.into(),
            current: None,
            events: None,
            turns: None,
            partials: Vec::new(),
            figures,
            fault: Fault::None,
        }
    }
}

/// What came of one look at a request.
enum Next {
    More,
    Pause(Turn),
    End,
}

/// The first message was not what it must be.
#[derive(thiserror::Error, Debug, PartialEq, Eq)]
pub enum BeginError {
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("the first message to a worker must be Begin with a known workload")]
    NotBegin,
}

impl Isolated {
    /// Begin with the first frame. Gives the answer to send.
    ///
    /// # Errors
    /// When the frame is not a `Begin` that this version understands.
    pub fn begin(frame: &[u8], edges: Edges) -> Result<(Self, Vec<u8>), BeginError> {
        let ToWorker::Begin { request, experiment, recording, fault, .. } = decode(frame)? else {
            return Err(BeginError::NotBegin);
        };
        if fault != Fault::None {
            (edges.suffer)(fault);
        }
        let workload = workload::find(&experiment.workload).ok_or(BeginError::NotBegin)?;
        let ring = Arc::new(Ring::default());
        let reader = Reader::new(ring.clone());
        let mut recorder = Recorder::new(ring, edges.clock.clone(), recording);
        recorder.enter(State::Idle, None);
        let heap = heap(&edges);
        let ready = encode(&FromWorker::Ready { request });
        let (flushed_us, heard_us) = (0.0, 0.0);
        Ok((Self { edges, experiment, workload, heap, recorder, reader, flushed_us, heard_us, request: None }, ready))
    }

    /// Take in a frame. `send` takes the frames that answer it at once.
    ///
    /// # Errors
    /// When the frame is malformed; the worker cannot go on.
    pub fn receive(&mut self, frame: &[u8], send: &mut dyn FnMut(Vec<u8>)) -> Result<Turn, Malformed> {
        let received_us = self.recorder.now_us();
        let (message, data) = decode_with(frame)?;
        match message {
            ToWorker::Begin { .. } | ToWorker::Exit => return Ok(Turn::Exit),
            ToWorker::WarmUp { request } => {
                let stable = warm_up(self.workload, &self.experiment, &*self.edges.clock, &Cancel::default());
                send(encode(&FromWorker::Warm { request, stable }));
            }
            ToWorker::Flush { request } => {
                let (trace, memory) = (self.recorded(), (self.edges.memory)());
                let found = self.workload.counts.as_ref().map(|counts| (counts.found)(&self.heap));
                self.heap = heap(&self.edges);
                send(encode(&FromWorker::Flushed { request, trace, memory, found }));
            }
            ToWorker::Bare { request, tasks } => self.request = Some(Request::new(request, tasks, Order::Bare)),
            ToWorker::Beside { request, locked: false } => {
                self.recorder.enter_at(received_us, State::Running, None);
                self.request = Some(Request::new(request, Vec::new(), Order::Beside));
            }
            ToWorker::Beside { request, locked: true } => {
                let request = Request::new(request, Vec::new(), Order::Beside);
                return Ok(self.begin_turns(request, Turns::beside(), received_us, send));
            }
            ToWorker::Halt => {
                if let Some(request) = self.request.take() {
                    let now_us = self.recorder.enter(State::Idle, None);
                    say(request.turns.and_then(|mut turns| turns.end(now_us)), send);
                    send(encode(&FromWorker::BareDone { request: request.id }));
                }
            }
            ToWorker::Lock(said) => return Ok(self.hear(said, send)),
            ToWorker::Compute { request, order: Order::Turns, tasks, .. } => {
                let request = Request::new(request, Vec::new(), Order::Turns);
                return Ok(self.begin_turns(request, Turns::new(tasks), received_us, send));
            }
            ToWorker::Compute { request, sent_us, order, input, tasks, fault } => {
                self.recorder.enter_at(received_us.max(sent_us), State::Receiving, tasks.first().copied());
                self.take_input(input, data);
                let figures = WorkerSide {
                    serialize_us: self.recorder.now_us() - received_us,
                    transfer_us: (received_us - sent_us).max(0.0),
                };
                let mut request = Request { figures, fault, ..Request::new(request, tasks, order) };
                if order == Order::Events {
                    let start = |task| (task, (self.workload.start)(&self.experiment, task, &self.heap));
                    request.events = Some(EventLoop::new(request.left.drain(..).map(start)));
                }
                self.request = Some(request);
            }
        }
        Ok(if self.request.is_some() { Turn::Busy } else { Turn::Idle })
    }

    /// Wait for the first turn of `request`.
    fn begin_turns(&mut self, request: Request, mut turns: Turns, at_us: f64, send: &mut dyn FnMut(Vec<u8>)) -> Turn {
        say(Some(turns.begin(at_us, &mut self.recorder)), send);
        self.request = Some(Request { turns: Some(turns), ..request });
        Turn::Idle
    }

    /// Something was said of the lock.
    fn hear(&mut self, said: ToClaim, send: &mut dyn FnMut(Vec<u8>)) -> Turn {
        // Without a request it comes too late: the worker has left.
        let Some(mut request) = self.request.take() else { return Turn::Idle };
        let Some(turns) = &mut request.turns else { return self.go_on(request, Turn::Busy) };
        say(turns.hear(said, &mut self.recorder), send);
        let turn = if turns.has_lock() { Turn::Busy } else { Turn::Idle };
        self.flush_at_times(&mut request, send);
        self.go_on(request, turn)
    }

    fn go_on(&mut self, request: Request, turn: Turn) -> Turn {
        self.request = Some(request);
        turn
    }

    /// Have the data that comes with tasks on the own heap.
    fn take_input(&self, input: Input, data: &[u8]) {
        if input != Input::None {
            // The last task's is gone before the next one's comes: a browser's memory does not hold three of them.
            self.heap.put_input(Arc::new([]));
        }
        match (input, &self.edges.shared) {
            (Input::Follows, _) => self.heap.put_input(data.into()),
            (Input::Shared { at, bytes }, Some(shared)) => {
                let mut copy: Arc<[u8]> = std::iter::repeat_n(0, bytes as usize).collect();
                let room = Arc::get_mut(&mut copy).expect("nobody else has it yet");
                shared.read(usize::try_from(at).expect("within a region"), room);
                self.heap.put_input(copy);
            }
            (Input::None | Input::Shared { .. }, _) => {}
        }
    }

    /// Whether it has the lock, where it runs over messages, and so has to look at its messages often.
    pub fn has_lock(&self) -> bool {
        self.request.as_ref().and_then(|request| request.turns.as_ref()).is_some_and(Turns::has_lock)
    }

    /// Whether it computes beside the tasks of others, until it is told to halt.
    pub fn is_beside(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.order == Order::Beside)
    }

    /// Compute for about `budget_us`, or until the request is answered.
    pub fn advance(&mut self, budget_us: f64, send: &mut dyn FnMut(Vec<u8>)) -> Turn {
        let Some(mut request) = self.request.take() else { return Turn::Idle };
        let until_us = self.recorder.now_us() + budget_us;
        let quanta = if request.turns.is_some() { QUANTA_OF_A_HOLDER } else { QUANTA_BETWEEN_CLOCK_READS };
        loop {
            let mut pause = None;
            for _ in 0..quanta {
                match self.quantum(&mut request, send) {
                    Next::More => {}
                    Next::Pause(turn) => {
                        pause = Some(turn);
                        break;
                    }
                    Next::End => {
                        self.answer(request, send);
                        return Turn::Idle;
                    }
                }
            }
            let now_us = self.flush_at_times(&mut request, send);
            if pause.is_some() || now_us >= until_us {
                return self.go_on(request, pause.unwrap_or(Turn::Busy));
            }
        }
    }

    /// Compute one quantum of `request`.
    fn quantum(&mut self, request: &mut Request, send: &mut dyn FnMut(Vec<u8>)) -> Next {
        if let Some(turns) = &mut request.turns {
            let start = |task| start(self.workload, &self.experiment, task, &self.heap);
            let step = turns.step(&mut self.recorder, start);
            return self.note_turn(step, &mut request.partials, send);
        }
        self.strike(request);
        if let Some(events) = &mut request.events {
            let next = events.step(self.recorder.now_us());
            return self.note_step(next, &mut request.partials);
        }
        let recorded = request.order != Order::Bare;
        if request.current.is_none() {
            let Some(current) = self.begin_task(request) else { return Next::End };
            request.current = Some(current);
        }
        let Some(current) = &mut request.current else { return Next::End };
        if current.wake_us > 0.0 {
            if self.recorder.now_us() < current.wake_us {
                return Next::Pause(Turn::Sleep { until_us: current.wake_us });
            }
            current.wake_us = 0.0;
            if recorded {
                self.recorder.enter(State::Running, current.task);
            }
        }
        let progress = current.running.quantum(Breaker::NONE);
        if recorded {
            self.recorder.count_work();
        }
        match progress {
            Progress::More | Progress::MoreUnlocked => {}
            Progress::Wait { us } => {
                let now_us =
                    if recorded { self.recorder.enter(State::Blocked, current.task) } else { self.recorder.now_us() };
                current.wake_us = now_us + us;
            }
            Progress::Done(partial) => {
                let (task, started_us) = (current.task, current.started_us);
                request.current = None;
                if let Some(task) = task.filter(|_| recorded) {
                    request.partials.push(self.done(task, started_us, partial));
                }
            }
        }
        Next::More
    }

    /// Suffer what is to be suffered, once the doomed task has begun.
    fn strike(&self, request: &mut Request) {
        let doomed = Some(doomed_task(self.experiment.tasks));
        let begun = request.events.is_some() || request.current.as_ref().is_some_and(|current| current.task == doomed);
        if request.fault != Fault::None && begun {
            (self.edges.suffer)(std::mem::take(&mut request.fault));
        }
    }

    /// The next task of `request`, if there is one: work beside others never ends.
    fn begin_task(&mut self, request: &mut Request) -> Option<Current> {
        let task = match request.order {
            Order::Beside => None,
            _ => Some(request.left.pop_front()?),
        };
        let running = start(self.workload, &self.experiment, task, &self.heap);
        let recorded = matches!(request.order, Order::Take | Order::Stream);
        let started_us = if recorded { self.recorder.enter(State::Running, task) } else { 0.0 };
        Some(Current { task, started_us, running, wake_us: 0.0 })
    }

    fn done(&self, task: u32, started_us: f64, partial: Partial) -> TaskPartial {
        TaskPartial { task, started_us, done_us: self.recorder.now_us(), partial }
    }

    /// Send what a turn at the lock gave.
    fn note_turn(&self, step: turns::Step, partials: &mut Vec<TaskPartial>, send: &mut dyn FnMut(Vec<u8>)) -> Next {
        match step {
            turns::Step::Ran => {}
            turns::Step::Says(said) => say(Some(said), send),
            turns::Step::Waits => return Next::Pause(Turn::Idle),
            turns::Step::Sleeps { until_us } => return Next::Pause(Turn::Sleep { until_us }),
            turns::Step::Answered { task, started_us, partial } => partials.push(self.done(task, started_us, partial)),
            turns::Step::End => return Next::End,
        }
        Next::More
    }

    /// Record what the event loop did.
    fn note_step(&mut self, step: event_loop::Step, partials: &mut Vec<TaskPartial>) -> Next {
        use event_loop::Step;
        match step {
            Step::End => return Next::End,
            Step::Sleep { until_us } => {
                if self.recorder.state() != Some((State::Blocked, None)) {
                    self.recorder.enter(State::Blocked, None);
                }
                return Next::Pause(Turn::Sleep { until_us });
            }
            Step::Ran { task } => ran(task, &mut self.recorder),
            Step::Answered { task, started_us, partial } => {
                ran(task, &mut self.recorder);
                partials.push(self.done(task, started_us, partial));
            }
        }
        Next::More
    }

    fn answer(&mut self, request: Request, send: &mut dyn FnMut(Vec<u8>)) {
        if request.order == Order::Bare {
            send(encode(&FromWorker::BareDone { request: request.id }));
            return;
        }
        let done_us = self.recorder.enter(State::Sending, request.partials.last().map(|partial| partial.task));
        say(request.turns.and_then(|mut turns| turns.end(done_us)), send);
        let partials = encode(&request.partials);
        let sent_us = self.recorder.now_us();
        let mut figures = request.figures;
        figures.serialize_us += sent_us - done_us;
        let trace = self.recorded();
        send(encode(&FromWorker::Partials { request: request.id, done_us, sent_us, figures, trace, partials }));
        self.recorder.enter(State::Idle, None);
    }

    /// Send what is recorded, if it is time for that. Gives the time.
    fn flush_at_times(&mut self, request: &mut Request, send: &mut dyn FnMut(Vec<u8>)) -> f64 {
        let now_us = self.recorder.now_us();
        if request.order != Order::Bare && now_us - self.flushed_us > FLUSH_US {
            self.flush(now_us, request, send);
        }
        if now_us - self.heard_us > BEAT_US {
            self.heard_us = now_us;
            send(encode(&FromWorker::Progress { trace: Recorded::default(), partials: Vec::new() }));
        }
        now_us
    }

    fn flush(&mut self, now_us: f64, request: &mut Request, send: &mut dyn FnMut(Vec<u8>)) {
        self.flushed_us = now_us;
        let trace = self.recorded();
        let partials = if matches!(request.order, Order::Stream | Order::Events | Order::Turns) {
            std::mem::take(&mut request.partials)
        } else {
            Vec::new()
        };
        if !trace.transitions.is_empty() || !partials.is_empty() {
            self.heard_us = now_us;
            send(encode(&FromWorker::Progress { trace, partials }));
        }
    }

    fn recorded(&mut self) -> Recorded {
        let (transitions, dropped) = self.reader.drain();
        Recorded { transitions, dropped }
    }
}

/// Start a task, or work beside the tasks where there is none.
fn start(workload: &Workload, experiment: &Experiment, task: Option<u32>, heap: &Arc<Heap>) -> Box<dyn Task> {
    match task {
        Some(task) => (workload.start)(experiment, task, heap),
        None => {
            let (workload, experiment) = workload::background();
            (workload.start)(&experiment, 0, heap)
        }
    }
}

fn say(said: Option<ToArbiter>, send: &mut dyn FnMut(Vec<u8>)) {
    if let Some(said) = said {
        send(encode(&FromWorker::Lock(said)));
    }
}

/// A fresh heap for a worker that is ended, not asked, when its run is cancelled.
fn heap(edges: &Edges) -> Arc<Heap> {
    Arc::new(Heap::new(edges.shared.clone(), Cancel::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::tests::TickingClock;

    fn begun(experiment: &Experiment) -> Isolated {
        let begin = ToWorker::Begin {
            request: 0,
            worker: 0,
            experiment: experiment.clone(),
            recording: true,
            fault: Fault::None,
        };
        let edges = Edges {
            clock: Arc::new(TickingClock::default()),
            memory: || Memory { own_bytes: Some(7), resident_bytes: Some(9) },
            shared: None,
            suffer: crate::fault::tests::no_fault,
        };
        let (worker, ready) = Isolated::begin(&encode(&begin), edges).unwrap();
        assert_eq!(decode(&ready), Ok(FromWorker::Ready { request: 0 }));
        worker
    }

    fn compute(tasks: Vec<u32>) -> ToWorker {
        let (order, input, fault) = (Order::Take, Input::None, Fault::None);
        ToWorker::Compute { request: 5, sent_us: 0.0, order, input, tasks, fault }
    }

    #[test]
    fn a_request_is_answered_with_its_id_and_all_its_tasks() {
        let experiment = Experiment { size: 100, tasks: 9, ..Experiment::default() };
        let mut worker = begun(&experiment);
        let mut sent = Vec::new();
        let compute = compute(vec![3, 8]);
        assert_eq!(worker.receive(&encode(&compute), &mut |_| ()), Ok(Turn::Busy));
        assert_eq!(worker.advance(1e9, &mut |frame| sent.push(frame)), Turn::Idle);
        let FromWorker::Partials { request: 5, partials, trace, .. } = decode(sent.last().unwrap()).unwrap() else {
            panic!("not the answer")
        };
        let tasks: Vec<TaskPartial> = decode(&partials).unwrap();
        assert_eq!(tasks.iter().map(|one| one.task).collect::<Vec<_>>(), [3, 8]);
        assert_eq!(tasks[1].partial, workload::run_bare(worker.workload, &experiment, 8, |_| ()));
        let states: Vec<_> = trace.transitions.iter().map(|transition| transition.state).collect();
        assert_eq!(states, [State::Idle, State::Receiving, State::Running, State::Running, State::Sending]);
    }

    #[test]
    fn a_long_request_gives_up_its_turn() {
        let mut worker = begun(&Experiment::default());
        let compute = compute(vec![0]);
        worker.receive(&encode(&compute), &mut |_| ()).unwrap();
        assert_eq!(worker.advance(1.0, &mut |_| ()), Turn::Busy);
    }

    #[test]
    fn what_is_no_begin_is_refused() {
        let edges = || Edges {
            clock: Arc::new(TickingClock::default()),
            memory: Memory::default,
            shared: None,
            suffer: crate::fault::tests::no_fault,
        };
        assert!(Isolated::begin(&encode(&ToWorker::Exit), edges()).is_err());
        assert!(Isolated::begin(&[255, 255], edges()).is_err());
    }
}
