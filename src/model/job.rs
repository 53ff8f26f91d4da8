//! One pass over tasks by workers that share a heap.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::experiment::Experiment;
use crate::fault::{self, Fault, doomed_task};
use crate::host::{Answered, Cancel};
use crate::lock::Cancelled;
use crate::sync::{HeapWords, Words};
use crate::trace::State;
use crate::trace::ring::Recorder;
use crate::workload::{self, Breaker, Heap, Progress, Task, Workload};

/// How long a worker in I/O may take to notice that the run was cancelled.
const NAP_US: f64 = 20_000.0;

/// Tasks of an experiment, each computed once; shared by the workers of a pool for one sample.
pub struct Job {
    pub experiment: Experiment,
    pub workload: &'static Workload,
    pub cancel: Cancel,
    pub heap: Arc<Heap>,
    tasks: Range<u32>,
    next: AtomicU32,
    /// Tasks that are not answered yet.
    left: AtomicU32,
    /// By task. The parent reads it while workers write, without ever waiting for one.
    answers: Vec<OnceLock<Answered>>,
}

/// What a model does between quanta, and around those that need no lock.
pub trait Discipline {
    /// What makes a task come to the next checkpoint before its quantum has ended.
    fn breaker(&self) -> Breaker<'_>;

    /// After each quantum.
    ///
    /// # Errors
    /// When the run was cancelled; the lock, if there is one, is no longer held.
    fn checkpoint(&self, recorder: &mut Recorder, task: Option<u32>) -> Result<(), Cancelled>;

    /// Do `body` in `state`, without the lock if there is one.
    ///
    /// # Errors
    /// When the run was cancelled; the lock, if there is one, is no longer held.
    fn without_lock(
        &self,
        recorder: &mut Recorder,
        task: u32,
        state: State,
        body: &mut dyn FnMut(&mut Recorder),
    ) -> Result<(), Cancelled>;
}

impl Job {
    /// `experiment` must be valid, and have these `tasks`.
    pub fn new(experiment: &Experiment, tasks: Range<u32>, cancel: Cancel) -> Self {
        let workload = workload::find(&experiment.workload).expect("a valid experiment");
        let words = workload.meeting.as_ref().map(|meeting| {
            let words: Arc<dyn Words> = Arc::new(HeapWords::new(meeting.words));
            (meeting.prepare)(experiment, &*words);
            words
        });
        let heap = Heap::new(words, cancel.clone());
        if let Some(input) = workload.input {
            heap.put_input(input(experiment).into());
        }
        Self {
            workload,
            cancel,
            heap: Arc::new(heap),
            next: AtomicU32::new(tasks.start),
            left: AtomicU32::new(tasks.end - tasks.start),
            answers: tasks.clone().map(|_| OnceLock::new()).collect(),
            tasks,
            experiment: experiment.clone(),
        }
    }

    pub fn tasks(&self) -> Range<u32> {
        self.tasks.clone()
    }

    /// The next task that nobody has taken.
    pub fn take_task(&self) -> Option<u32> {
        let task = self.next.fetch_add(1, Ordering::Relaxed);
        (task < self.tasks.end).then_some(task)
    }

    /// Start a task on the heap that all workers share.
    pub fn start(&self, task: u32) -> Box<dyn Task> {
        // Any other fault would end the whole process: workers that share a heap do not die alone.
        if self.experiment.fault == Fault::Panic && task == doomed_task(self.experiment.tasks) {
            fault::suffer(Fault::Panic);
        }
        (self.workload.start)(&self.experiment, task, &self.heap)
    }

    /// Whether every task is answered.
    pub fn is_answered(&self) -> bool {
        self.left.load(Ordering::Acquire) == 0
    }

    /// Hand in the answer to a task.
    ///
    /// # Panics
    /// When the task has been answered before.
    pub fn answer(&self, answered: Answered) {
        let task = answered.task;
        let counted_twice = self.answers[(task - self.tasks.start) as usize].set(answered).is_err();
        assert!(!counted_twice, "task {task} was computed twice");
        self.left.fetch_sub(1, Ordering::Release);
    }

    /// The answers that have arrived and are not yet in `seen`, which has a place for every task.
    pub fn arrived(&self, seen: &mut [bool]) -> Vec<Answered> {
        let new = self.answers.iter().zip(seen).filter(|(_, seen)| !**seen);
        new.filter_map(|(slot, seen)| {
            let answered = slot.get()?;
            *seen = true;
            Some(answered.clone())
        })
        .collect()
    }

    /// What the workload counted on the heap, if it counts.
    pub fn found(&self) -> Option<i64> {
        self.workload.counts.as_ref().map(|counts| (counts.found)(&self.heap))
    }

    /// Compute one task.
    ///
    /// # Errors
    /// When the run was cancelled.
    pub fn compute(
        &self,
        task: u32,
        worker: u32,
        recorder: &mut Recorder,
        discipline: &impl Discipline,
    ) -> Result<(), Cancelled> {
        let started_us = recorder.enter(State::Running, Some(task));
        let mut running = self.start(task);
        let breaker = discipline.breaker();
        let mut progress = running.quantum(breaker);
        recorder.count_work();
        loop {
            match progress {
                Progress::Done(partial) => {
                    let at_us = recorder.now_us();
                    self.answer(Answered { worker, task, started_us, at_us, partial });
                    return discipline.checkpoint(recorder, Some(task));
                }
                Progress::More => {
                    discipline.checkpoint(recorder, Some(task))?;
                    progress = running.quantum(breaker);
                    recorder.count_work();
                }
                Progress::MoreUnlocked => {
                    discipline.without_lock(recorder, task, State::Running, &mut |recorder| {
                        while progress == Progress::MoreUnlocked && !self.cancel.is_cancelled() {
                            progress = running.quantum(Breaker::NONE);
                            recorder.count_work();
                        }
                    })?;
                }
                Progress::Wait { us } => {
                    discipline.without_lock(recorder, task, State::Blocked, &mut |recorder| {
                        let due_us = recorder.now_us() + us;
                        sleep_until(due_us, recorder, &self.cancel);
                    })?;
                    progress = running.quantum(breaker);
                    recorder.count_work();
                }
            }
        }
    }

    /// Compute beside the tasks until they are answered.
    ///
    /// # Errors
    /// When the run was cancelled.
    pub fn compute_beside(&self, recorder: &mut Recorder, discipline: &impl Discipline) -> Result<(), Cancelled> {
        let (workload, experiment) = workload::background();
        recorder.enter(State::Running, None);
        let mut running = (workload.start)(&experiment, 0, &self.heap);
        while !self.is_answered() {
            if let Progress::Done(_) = running.quantum(discipline.breaker()) {
                running = (workload.start)(&experiment, 0, &self.heap);
            }
            recorder.count_work();
            discipline.checkpoint(recorder, None)?;
        }
        Ok(())
    }
}

/// Block the calling thread until `due_us` by the recorder's clock, or until the run is cancelled.
pub fn sleep_until(due_us: f64, recorder: &Recorder, cancel: &Cancel) {
    loop {
        let left_us = due_us - recorder.now_us();
        if left_us <= 0.0 || cancel.is_cancelled() {
            return;
        }
        std::thread::sleep(Duration::from_secs_f64(left_us.min(NAP_US) / 1e6));
    }
}

/// No lock: `serial`, `free-threads`.
pub struct Unlocked<'a>(pub &'a Cancel);

impl Discipline for Unlocked<'_> {
    fn breaker(&self) -> Breaker<'_> {
        Breaker::NONE
    }

    fn checkpoint(&self, _: &mut Recorder, _: Option<u32>) -> Result<(), Cancelled> {
        if self.0.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    fn without_lock(
        &self,
        recorder: &mut Recorder,
        task: u32,
        state: State,
        body: &mut dyn FnMut(&mut Recorder),
    ) -> Result<(), Cancelled> {
        if state == State::Running {
            body(recorder);
        } else {
            recorder.enter(state, Some(task));
            body(recorder);
            recorder.enter(State::Running, Some(task));
        }
        self.checkpoint(recorder, Some(task))
    }
}
