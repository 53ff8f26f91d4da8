//! A worker with a heap of its own, which only messages reach: all of `processes`, the bare workers of
//! the ceiling, and `serial` in a browser.
//!
//! It is a state machine that a host feeds with frames and gives time to, so that a web worker can
//! return to its event loop between two slices, and a process can read its pipe.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::experiment::Experiment;
use crate::host::{Cancel, Clock};
use crate::message::{FromWorker, Malformed, Recorded, TaskPartial, ToWorker, WorkerSide, decode, encode};
use crate::model::warm_up::warm_up;
use crate::trace::State;
use crate::trace::ring::{Reader, Recorder, Ring};
use crate::workload::{self, Progress, Task, Workload};

/// The clock is read once in this many quanta, about half a millisecond.
const QUANTA_BETWEEN_CLOCK_READS: u32 = 16;
/// What is recorded goes to the parent this often while a request is under way.
const FLUSH_US: f64 = 20_000.0;

/// What the worker wants after a turn.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// More time.
    Busy,
    /// A message.
    Idle,
    /// To end.
    Exit,
}

/// The edges of a worker: where it is differs, what it does does not.
pub struct Edges {
    pub clock: Arc<dyn Clock>,
    /// Memory of this worker's heap, in bytes, where the host can tell.
    pub memory_bytes: fn() -> Option<u64>,
}

/// A worker that has begun.
pub struct Isolated {
    edges: Edges,
    experiment: Experiment,
    workload: &'static Workload,
    recorder: Recorder,
    reader: Reader,
    flushed_us: f64,
    request: Option<Request>,
}

/// A request under way.
struct Request {
    id: u32,
    bare: bool,
    stream: bool,
    left: VecDeque<u32>,
    current: Option<(u32, Box<dyn Task>)>,
    partials: Vec<TaskPartial>,
    figures: WorkerSide,
}

impl Request {
    fn new(id: u32, tasks: Vec<u32>, bare: bool) -> Self {
        let figures = WorkerSide::default();
        Self { id, bare, stream: false, left: tasks.into(), current: None, partials: Vec::new(), figures }
    }
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
        let ready = encode(&FromWorker::Ready { request, memory_bytes: (edges.memory_bytes)() });
        Ok((Self { edges, experiment, workload, recorder, reader, flushed_us: 0.0, request: None }, ready))
    }

    /// Take in a frame. `send` takes the frames that answer it at once.
    ///
    /// # Errors
    /// When the frame is malformed; the worker cannot go on.
    pub fn receive(&mut self, frame: &[u8], send: &mut dyn FnMut(Vec<u8>)) -> Result<Turn, Malformed> {
        let received_us = self.recorder.now_us();
        match decode(frame)? {
            ToWorker::Begin { .. } | ToWorker::Exit => return Ok(Turn::Exit),
            ToWorker::WarmUp { request } => {
                let stable = warm_up(self.workload, &self.experiment, &*self.edges.clock, &Cancel::default());
                send(encode(&FromWorker::Warm { request, stable }));
            }
            ToWorker::Flush { request } => {
                let trace = self.recorded();
                send(encode(&FromWorker::Flushed { request, trace, memory_bytes: (self.edges.memory_bytes)() }));
            }
            ToWorker::Bare { request, tasks } => self.request = Some(Request::new(request, tasks, true)),
            ToWorker::Compute { request, sent_us, stream, tasks } => {
                self.recorder.enter_at(received_us.max(sent_us), State::Receiving, tasks.first().copied());
                let figures = WorkerSide {
                    serialize_us: self.recorder.now_us() - received_us,
                    transfer_us: (received_us - sent_us).max(0.0),
                };
                self.request = Some(Request { stream, figures, ..Request::new(request, tasks, false) });
            }
        }
        Ok(if self.request.is_some() { Turn::Busy } else { Turn::Idle })
    }

    /// Compute for about `budget_us`, or until the request is answered.
    pub fn advance(&mut self, budget_us: f64, send: &mut dyn FnMut(Vec<u8>)) -> Turn {
        let Some(mut request) = self.request.take() else { return Turn::Idle };
        let until_us = self.recorder.now_us() + budget_us;
        loop {
            for _ in 0..QUANTA_BETWEEN_CLOCK_READS {
                if !self.quantum(&mut request) {
                    self.answer(request, send);
                    return Turn::Idle;
                }
            }
            let now_us = self.recorder.now_us();
            if !request.bare && now_us - self.flushed_us > FLUSH_US {
                self.flush(now_us, &mut request, send);
            }
            if now_us >= until_us {
                self.request = Some(request);
                return Turn::Busy;
            }
        }
    }

    /// Compute one quantum of `request`. False when there is none left.
    fn quantum(&mut self, request: &mut Request) -> bool {
        let (task, running) = match &mut request.current {
            Some((task, running)) => (*task, running),
            none => {
                let Some(task) = request.left.pop_front() else { return false };
                if !request.bare {
                    self.recorder.enter(State::Running, Some(task));
                }
                (task, &mut none.insert((task, (self.workload.start)(&self.experiment, task))).1)
            }
        };
        let progress = running.quantum();
        if !request.bare {
            self.recorder.count_work();
        }
        if let Progress::Done(partial) = progress {
            request.current = None;
            if !request.bare {
                request.partials.push((task, partial));
            }
        }
        true
    }

    fn answer(&mut self, request: Request, send: &mut dyn FnMut(Vec<u8>)) {
        if request.bare {
            send(encode(&FromWorker::BareDone { request: request.id }));
            return;
        }
        let done_us = self.recorder.enter(State::Sending, request.partials.last().map(|(task, _)| *task));
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
        let partials = if request.stream { std::mem::take(&mut request.partials) } else { Vec::new() };
        if !trace.transitions.is_empty() || !partials.is_empty() {
            send(encode(&FromWorker::Progress { trace, partials }));
        }
    }

    fn recorded(&mut self) -> Recorded {
        let (transitions, dropped) = self.reader.drain();
        Recorded { transitions, dropped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::tests::TickingClock;

    fn begun(experiment: &Experiment) -> Isolated {
        let begin = ToWorker::Begin { request: 0, worker: 0, experiment: experiment.clone(), recording: true };
        let edges = Edges { clock: Arc::new(TickingClock::default()), memory_bytes: || Some(7) };
        let (worker, ready) = Isolated::begin(&encode(&begin), edges).unwrap();
        assert_eq!(decode(&ready), Ok(FromWorker::Ready { request: 0, memory_bytes: Some(7) }));
        worker
    }

    #[test]
    fn a_request_is_answered_with_its_id_and_all_its_tasks() {
        let experiment = Experiment { size: 100, tasks: 9, ..Experiment::default() };
        let mut worker = begun(&experiment);
        let mut sent = Vec::new();
        let compute = ToWorker::Compute { request: 5, sent_us: 0.0, stream: false, tasks: vec![3, 8] };
        assert_eq!(worker.receive(&encode(&compute), &mut |_| ()), Ok(Turn::Busy));
        assert_eq!(worker.advance(1e9, &mut |frame| sent.push(frame)), Turn::Idle);
        let FromWorker::Partials { request: 5, partials, trace, .. } = decode(sent.last().unwrap()).unwrap() else {
            panic!("not the answer")
        };
        let tasks: Vec<TaskPartial> = decode(&partials).unwrap();
        assert_eq!(tasks.iter().map(|(task, _)| *task).collect::<Vec<_>>(), [3, 8]);
        assert_eq!(tasks[1].1, workload::run_bare(worker.workload, &experiment, 8));
        let states: Vec<_> = trace.transitions.iter().map(|transition| transition.state).collect();
        assert_eq!(states, [State::Idle, State::Receiving, State::Running, State::Running, State::Sending]);
    }

    #[test]
    fn a_long_request_gives_up_its_turn() {
        let mut worker = begun(&Experiment::default());
        let compute = ToWorker::Compute { request: 5, sent_us: 0.0, stream: false, tasks: vec![0] };
        worker.receive(&encode(&compute), &mut |_| ()).unwrap();
        assert_eq!(worker.advance(1.0, &mut |_| ()), Turn::Busy);
    }

    #[test]
    fn what_is_no_begin_is_refused() {
        let edges = || Edges { clock: Arc::new(TickingClock::default()), memory_bytes: || None };
        assert!(Isolated::begin(&encode(&ToWorker::Exit), edges()).is_err());
        assert!(Isolated::begin(&[255, 255], edges()).is_err());
    }
}
