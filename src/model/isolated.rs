//! A worker with a heap of its own, which only messages reach: all of `processes`, the bare workers of
//! the ceiling, and `serial` in a browser.
//!
//! It is a state machine that a host feeds with frames and gives time to, so that a web worker can
//! return to its event loop between two slices, and a process can read its pipe.

use std::collections::VecDeque;
use std::sync::Arc;

use super::event_loop::{EventLoop, Step, ran};
use crate::experiment::Experiment;
use crate::host::{Cancel, Clock, Memory};
use crate::message::{
    FromWorker, Input, Malformed, Order, Recorded, TaskPartial, ToWorker, WorkerSide, decode, decode_with, encode,
};
use crate::model::warm_up::warm_up;
use crate::sync::Words;
use crate::trace::State;
use crate::trace::ring::{Reader, Recorder, Ring};
use crate::workload::{self, Heap, Partial, Progress, Task, Workload};

/// The clock is read once in this many quanta, about half a millisecond.
const QUANTA_BETWEEN_CLOCK_READS: u32 = 16;
/// What is recorded goes to the parent this often while a request is under way.
const FLUSH_US: f64 = 20_000.0;

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
    partials: Vec<TaskPartial>,
    figures: WorkerSide,
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
        Self { id, order, left: tasks.into(), current: None, events: None, partials: Vec::new(), figures }
    }
}

/// What came of one look at a request.
enum Next {
    More,
    Sleep { until_us: f64 },
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
        let ToWorker::Begin { request, experiment, recording, .. } = decode(frame)? else {
            return Err(BeginError::NotBegin);
        };
        let workload = workload::find(&experiment.workload).ok_or(BeginError::NotBegin)?;
        let ring = Arc::new(Ring::default());
        let reader = Reader::new(ring.clone());
        let mut recorder = Recorder::new(ring, edges.clock.clone(), recording);
        recorder.enter(State::Idle, None);
        let heap = heap(&edges);
        let ready = encode(&FromWorker::Ready { request });
        Ok((Self { edges, experiment, workload, heap, recorder, reader, flushed_us: 0.0, request: None }, ready))
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
            ToWorker::Beside { request } => {
                self.recorder.enter_at(received_us, State::Running, None);
                self.request = Some(Request::new(request, Vec::new(), Order::Beside));
            }
            ToWorker::Halt => {
                if let Some(request) = self.request.take() {
                    self.recorder.enter(State::Idle, None);
                    send(encode(&FromWorker::BareDone { request: request.id }));
                }
            }
            ToWorker::Compute { request, sent_us, order, input, tasks } => {
                self.recorder.enter_at(received_us.max(sent_us), State::Receiving, tasks.first().copied());
                self.take_input(input, data);
                let figures = WorkerSide {
                    serialize_us: self.recorder.now_us() - received_us,
                    transfer_us: (received_us - sent_us).max(0.0),
                };
                let mut request = Request { figures, ..Request::new(request, tasks, order) };
                if order == Order::Events {
                    let start = |task| (task, (self.workload.start)(&self.experiment, task, &self.heap));
                    request.events = Some(EventLoop::new(request.left.drain(..).map(start)));
                }
                self.request = Some(request);
            }
        }
        Ok(if self.request.is_some() { Turn::Busy } else { Turn::Idle })
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

    /// Whether it computes beside the tasks of others, until it is told to halt.
    pub fn is_beside(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.order == Order::Beside)
    }

    /// Compute for about `budget_us`, or until the request is answered.
    pub fn advance(&mut self, budget_us: f64, send: &mut dyn FnMut(Vec<u8>)) -> Turn {
        let Some(mut request) = self.request.take() else { return Turn::Idle };
        let until_us = self.recorder.now_us() + budget_us;
        loop {
            let mut sleep = None;
            for _ in 0..QUANTA_BETWEEN_CLOCK_READS {
                match self.quantum(&mut request) {
                    Next::More => {}
                    Next::Sleep { until_us } => {
                        sleep = Some(Turn::Sleep { until_us });
                        break;
                    }
                    Next::End => {
                        self.answer(request, send);
                        return Turn::Idle;
                    }
                }
            }
            let now_us = self.recorder.now_us();
            if request.order != Order::Bare && now_us - self.flushed_us > FLUSH_US {
                self.flush(now_us, &mut request, send);
            }
            if sleep.is_some() || now_us >= until_us {
                self.request = Some(request);
                return sleep.unwrap_or(Turn::Busy);
            }
        }
    }

    /// Compute one quantum of `request`.
    fn quantum(&mut self, request: &mut Request) -> Next {
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
                return Next::Sleep { until_us: current.wake_us };
            }
            current.wake_us = 0.0;
            if recorded {
                self.recorder.enter(State::Running, current.task);
            }
        }
        let progress = current.running.quantum();
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

    /// The next task of `request`, if there is one: work beside others never ends.
    fn begin_task(&mut self, request: &mut Request) -> Option<Current> {
        let (task, running) = if request.order == Order::Beside {
            let (workload, experiment) = workload::background();
            (None, (workload.start)(&experiment, 0, &self.heap))
        } else {
            let task = request.left.pop_front()?;
            (Some(task), (self.workload.start)(&self.experiment, task, &self.heap))
        };
        let recorded = matches!(request.order, Order::Take | Order::Stream);
        let started_us = if recorded { self.recorder.enter(State::Running, task) } else { 0.0 };
        Some(Current { task, started_us, running, wake_us: 0.0 })
    }

    fn done(&self, task: u32, started_us: f64, partial: Partial) -> TaskPartial {
        TaskPartial { task, started_us, done_us: self.recorder.now_us(), partial }
    }

    /// Record what the event loop did.
    fn note_step(&mut self, step: Step, partials: &mut Vec<TaskPartial>) -> Next {
        match step {
            Step::End => return Next::End,
            Step::Sleep { until_us } => {
                if self.recorder.state() != Some((State::Blocked, None)) {
                    self.recorder.enter(State::Blocked, None);
                }
                return Next::Sleep { until_us };
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
        let partials = encode(&request.partials);
        let sent_us = self.recorder.now_us();
        let mut figures = request.figures;
        figures.serialize_us += sent_us - done_us;
        let trace = self.recorded();
        send(encode(&FromWorker::Partials { request: request.id, done_us, sent_us, figures, trace, partials }));
        self.recorder.enter(State::Idle, None);
    }

    fn flush(&mut self, now_us: f64, request: &mut Request, send: &mut dyn FnMut(Vec<u8>)) {
        self.flushed_us = now_us;
        let trace = self.recorded();
        let partials = if matches!(request.order, Order::Stream | Order::Events) {
            std::mem::take(&mut request.partials)
        } else {
            Vec::new()
        };
        if !trace.transitions.is_empty() || !partials.is_empty() {
            send(encode(&FromWorker::Progress { trace, partials }));
        }
    }

    fn recorded(&mut self) -> Recorded {
        let (transitions, dropped) = self.reader.drain();
        Recorded { transitions, dropped }
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
        let begin = ToWorker::Begin { request: 0, worker: 0, experiment: experiment.clone(), recording: true };
        let edges = Edges {
            clock: Arc::new(TickingClock::default()),
            memory: || Memory { own_bytes: Some(7), resident_bytes: Some(9) },
            shared: None,
        };
        let (worker, ready) = Isolated::begin(&encode(&begin), edges).unwrap();
        assert_eq!(decode(&ready), Ok(FromWorker::Ready { request: 0 }));
        worker
    }

    #[test]
    fn a_request_is_answered_with_its_id_and_all_its_tasks() {
        let experiment = Experiment { size: 100, tasks: 9, ..Experiment::default() };
        let mut worker = begun(&experiment);
        let mut sent = Vec::new();
        let compute =
            ToWorker::Compute { request: 5, sent_us: 0.0, order: Order::Take, input: Input::None, tasks: vec![3, 8] };
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
        let compute =
            ToWorker::Compute { request: 5, sent_us: 0.0, order: Order::Take, input: Input::None, tasks: vec![0] };
        worker.receive(&encode(&compute), &mut |_| ()).unwrap();
        assert_eq!(worker.advance(1.0, &mut |_| ()), Turn::Busy);
    }

    #[test]
    fn what_is_no_begin_is_refused() {
        let edges = || Edges { clock: Arc::new(TickingClock::default()), memory: Memory::default, shared: None };
        assert!(Isolated::begin(&encode(&ToWorker::Exit), edges()).is_err());
        assert!(Isolated::begin(&[255, 255], edges()).is_err());
    }
}
