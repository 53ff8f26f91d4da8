//! `event-loop`: one worker that goes on with another task while one waits.
//!
//! A state machine without a clock or a way to sleep: whoever runs it does both, so that it runs in a
//! thread, in a process, and in a web worker that returns to its own event loop.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

use super::job::{Discipline, Job, Unlocked, sleep_until};
use crate::host::Answered;
use crate::trace::State;
use crate::trace::ring::Recorder;
use crate::workload::{Breaker, Partial, Progress, Task};

/// A task part-way through.
struct Running {
    task: u32,
    state: Box<dyn Task>,
    started_us: Option<f64>,
}

/// A task that waits; by the time until which it does, then by its number.
struct Waiting {
    until_us: f64,
    running: Running,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        self.until_us.total_cmp(&other.until_us).then(self.running.task.cmp(&other.running.task))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Waiting {}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

/// Tasks that take turns on one worker.
pub struct EventLoop {
    ready: VecDeque<Running>,
    /// The soonest comes out first.
    waiting: BinaryHeap<Reverse<Waiting>>,
}

/// What one turn of the loop came to.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// A quantum of this task was computed.
    Ran { task: u32 },
    /// The last quantum of this task was computed.
    Answered { task: u32, started_us: f64, partial: Partial },
    /// Every task waits, at least until then.
    Sleep { until_us: f64 },
    /// No task is left.
    End,
}

impl EventLoop {
    pub fn new(tasks: impl IntoIterator<Item = (u32, Box<dyn Task>)>) -> Self {
        let ready = tasks.into_iter().map(|(task, state)| Running { task, state, started_us: None }).collect();
        Self { ready, waiting: BinaryHeap::new() }
    }

    /// Compute one quantum of the task whose turn it is, at `now_us` of the worker's clock.
    pub fn step(&mut self, now_us: f64) -> Step {
        while self.waiting.peek().is_some_and(|Reverse(soonest)| soonest.until_us <= now_us) {
            self.ready.extend(self.waiting.pop().map(|Reverse(due)| due.running));
        }
        let Some(mut running) = self.ready.pop_front() else {
            let soonest = self.waiting.peek();
            return soonest.map_or(Step::End, |Reverse(soonest)| Step::Sleep { until_us: soonest.until_us });
        };
        let (task, started_us) = (running.task, *running.started_us.get_or_insert(now_us));
        match running.state.quantum(Breaker::NONE) {
            Progress::Done(partial) => return Step::Answered { task, started_us, partial },
            Progress::Wait { us } => self.waiting.push(Reverse(Waiting { until_us: now_us + us, running })),
            // It keeps its turn: an event loop never interrupts a task.
            Progress::More | Progress::MoreUnlocked => self.ready.push_front(running),
        }
        Step::Ran { task }
    }
}

/// What the one thread of `event-loop` does for one sample.
pub fn run_event_loop_worker(job: &Job, worker: u32, recorder: &mut Recorder) {
    let unlocked = Unlocked(&job.cancel);
    let mut events = EventLoop::new(job.tasks().map(|task| (task, job.start(task))));
    while unlocked.checkpoint(recorder, None).is_ok() {
        match events.step(recorder.now_us()) {
            Step::End => break,
            Step::Sleep { until_us } => {
                recorder.enter(State::Blocked, None);
                sleep_until(until_us, recorder, &job.cancel);
            }
            Step::Ran { task } => ran(task, recorder),
            Step::Answered { task, started_us, partial } => {
                ran(task, recorder);
                let at_us = recorder.now_us();
                job.answer(Answered { worker, task, started_us, at_us, partial });
            }
        }
    }
    recorder.enter(State::Idle, None);
}

/// Record that a quantum of `task` was computed.
pub fn ran(task: u32, recorder: &mut Recorder) {
    if recorder.state() != Some((State::Running, Some(task))) {
        recorder.enter(State::Running, Some(task));
    }
    recorder.count_work();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computes, waits, computes, ends.
    struct Request(Vec<Progress>);

    impl Task for Request {
        fn quantum(&mut self, _: Breaker<'_>) -> Progress {
            self.0.remove(0)
        }
    }

    fn request(waits_us: f64) -> Box<dyn Task> {
        Box::new(Request(vec![Progress::Wait { us: waits_us }, Progress::More, Progress::Done(vec![])]))
    }

    #[test]
    fn while_one_task_waits_another_runs_and_none_is_interrupted() {
        let mut events = EventLoop::new([(0, request(100.0)), (1, request(50.0))]);
        let ran = |task| Step::Ran { task };
        let done = |task, started_us| Step::Answered { task, started_us, partial: vec![] };
        assert_eq!([events.step(0.0), events.step(1.0)], [ran(0), ran(1)]);
        assert_eq!(events.step(2.0), Step::Sleep { until_us: 51.0 });
        assert_eq!([events.step(60.0), events.step(61.0)], [ran(1), done(1, 1.0)]);
        assert_eq!(events.step(62.0), Step::Sleep { until_us: 100.0 });
        assert_eq!([events.step(100.0), events.step(101.0), events.step(102.0)], [ran(0), done(0, 0.0), Step::End]);
    }
}
