//! Workloads: what is computed.
//!
//! A workload gives tasks; a task computes in steps of 0.1 to 0.2 us and ends in a partial answer; the partial answers
//! merge into one answer, whatever order they came in. After each step its driver looks whether the lock is wanted, and
//! after a quantum of 20 to 50 us it does its checkpoint, so a workload knows nothing of models, locks or hosts.
//!
//! To add one: a file beside this one with `INFO` and its [`Steps`], and a line in [`ALL`].

mod aggregate;
mod checksum;
mod counter;
mod heap;
mod image_resize;
mod io;
mod mandelbrot;
mod matrices;
mod matrix_kernel;
mod matrix_multiply;
mod monte_carlo_pi;
mod primitive;
mod refcounts;
mod sha256;
mod step;
mod sum_of_squares;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::experiment::Experiment;
use crate::report::HostKind;
use crate::sync::Words;
pub use heap::Heap;
pub use step::{Breaker, Steps};

/// A task's answer, in the workload's own encoding; opaque to everyone else.
pub type Partial = Vec<u8>;

/// What a step or a quantum came to.
#[derive(Debug, PartialEq)]
pub enum Progress {
    /// There is more to do.
    More,
    /// There is more to do, and the next step touches no shared object: it can do without the lock, as
    /// a kernel that drops it.
    MoreUnlocked,
    /// Input or output is under way for this long; then there is more to do.
    Wait { us: f64 },
    /// The task has ended with this partial answer.
    Done(Partial),
}

/// One item of a workload, part-way through.
pub trait Task: Send {
    /// Do the next 20-50 us of work, or less where the breaker says so. Kept short because browsers leave a wasm
    /// function that is inside a long call in its slow baseline code.
    fn quantum(&mut self, breaker: Breaker<'_>) -> Progress;
}

/// A pixel rectangle of the picture that a workload paints.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Tile {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// A picture as wide as it is high.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Picture {
    /// Pixels wide and high.
    pub edge: u32,
    /// Red, green and blue of every pixel, row by row.
    pub rgb: Vec<u8>,
}

/// Of a workload that changes pictures: what a task starts from and what it makes of it, in a picture at most
/// `most` pixels wide and high.
pub fn before_and_after(experiment: &Experiment, task: u32, most: u32) -> Option<[Picture; 2]> {
    (experiment.workload == image_resize::INFO.id).then(|| image_resize::before_and_after(experiment, task, most))
}

/// Starts a task.
pub type Start = fn(&Experiment, task: u32, heap: &Arc<Heap>) -> Box<dyn Task>;

/// A workload, as a value: what it is called, how big its tasks may be, how they start and merge.
pub struct Workload {
    /// Its name in every spelling of an experiment.
    pub id: &'static str,
    /// One sentence for a reader who has not met it.
    pub about: &'static str,
    pub under_lock: UnderLock,
    /// What `size` counts, e.g. "numbers a task".
    pub size_unit: &'static str,
    pub default_size: u32,
    pub default_tasks: u32,
    /// By what its sizes are divided for CPython, so that they take about as long as compiled code; absent where
    /// the workload has no twin in pure Python.
    pub python: Option<u32>,
    /// The largest size, given the number of tasks.
    pub max_size: fn(tasks: u32) -> u32,
    /// Why it may be no larger: what follows "because".
    pub size_because: &'static str,
    /// Start a task on the heap of the worker that runs it; `task` counts from 0.
    pub start: Start,
    /// Merge the partial answers, given in task order, into the answer as text.
    pub merge: fn(&Experiment, &[Partial]) -> String,
    /// Where a task's partial answer (iteration counts, `u16` little-endian a pixel) stands in the
    /// picture, for a workload whose answer is a picture `size` pixels wide and high.
    pub tile: Option<fn(&Experiment, task: u32) -> Tile>,
    /// For a workload that changes objects of its heap: what should be found there in the end.
    pub counts: Option<Counts>,
    /// For a workload whose tasks need data from outside: what every task is handed. It lies on a shared
    /// heap, and goes along with the task to a heap of its own.
    pub input: Option<fn(&Experiment) -> Vec<u8>>,
    /// For a workload whose tasks wait for each other: all of them have to run at the same time, each on a
    /// worker of its own.
    pub meeting: Option<Meeting>,
}

/// What tasks do with the lock, where there is one: it decides what threads can gain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnderLock {
    /// They hold it while they compute.
    Computes,
    /// They compute without it, as a kernel that drops it.
    Drops,
    /// They drop it while they wait.
    Waits,
    /// By turns they wait without it and compute with it.
    WaitsAndComputes,
}

/// Where tasks meet.
pub struct Meeting {
    /// Words that they share.
    pub words: usize,
    /// Prepare the words before each round.
    pub prepare: fn(&Experiment, &dyn Words),
}

/// How much a workload counts on its heap.
pub struct Counts {
    /// What all tasks together should leave there.
    pub expected: fn(&Experiment) -> i64,
    /// What is there.
    pub found: fn(&Heap) -> i64,
}

/// What the faces show of a workload.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WorkloadInfo {
    pub id: String,
    pub about: String,
    pub size_unit: String,
    pub default_size: u32,
    pub default_tasks: u32,
    /// Whether the answer is a picture.
    pub picture: bool,
}

impl Workload {
    /// A size for this host that takes about as long as `size` does compiled.
    pub fn size_on(&self, host: HostKind, size: u32) -> u32 {
        let divisor = if host == HostKind::Cpython { self.python.unwrap_or(1) } else { 1 };
        (size / divisor).max(1)
    }

    pub fn info(&self) -> WorkloadInfo {
        WorkloadInfo {
            id: self.id.into(),
            about: self.about.into(),
            size_unit: self.size_unit.into(),
            default_size: self.default_size,
            default_tasks: self.default_tasks,
            picture: self.tile.is_some(),
        }
    }
}

/// Every workload, in the order in which lists show them.
pub static ALL: &[&Workload] = &[
    &sum_of_squares::INFO,
    &monte_carlo_pi::INFO,
    &mandelbrot::INFO,
    &sha256::INFO,
    &image_resize::INFO,
    &aggregate::INFO,
    &matrix_multiply::INFO,
    &matrix_kernel::INFO,
    &checksum::CHECKSUM,
    &checksum::COPY,
    &primitive::INFO,
    &io::WAIT,
    &io::MIXED,
    &counter::PLAIN,
    &counter::ATOMIC,
    &refcounts::PLAIN,
    &refcounts::ATOMIC,
];

/// The workload of this name.
pub fn find(id: &str) -> Option<&'static Workload> {
    ALL.iter().copied().find(|workload| workload.id == id)
}

/// The sum of partial answers that are 64-bit whole numbers, little-endian; wraps around.
fn total(partials: &[Partial]) -> u64 {
    let read = |partial: &Partial| u64::from_le_bytes(partial.as_slice().try_into().expect("8 bytes a partial"));
    partials.iter().map(read).fold(0, u64::wrapping_add)
}

/// What workers compute beside the tasks of others.
pub fn background() -> (&'static Workload, Experiment) {
    (&sum_of_squares::INFO, Experiment { size: sum_of_squares::INFO.default_size, ..Experiment::default() })
}

/// The remedy for a name that is none.
pub fn known() -> String {
    format!("use one of {}", ALL.iter().map(|workload| workload.id).collect::<Vec<_>>().join(", "))
}

/// Run one task from start to end with nothing between its quanta: the bare kernel of the ceiling.
/// `sleep` waits for so many microseconds.
pub fn run_bare(workload: &Workload, experiment: &Experiment, task: u32, sleep: impl Fn(f64)) -> Partial {
    let mut task = (workload.start)(experiment, task, &Arc::default());
    loop {
        match task.quantum(Breaker::NONE) {
            Progress::More | Progress::MoreUnlocked => {}
            Progress::Wait { us } => sleep(us),
            Progress::Done(partial) => return partial,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The answer of `workload` with these tasks, computed one task after another.
    pub(crate) fn answer(experiment: &Experiment) -> String {
        let workload = find(&experiment.workload).unwrap();
        let partials: Vec<_> = (0..experiment.tasks).map(|task| run_bare(workload, experiment, task, |_| ())).collect();
        (workload.merge)(experiment, &partials)
    }

    pub(crate) fn small(workload: &str, size: u32, tasks: u32) -> Experiment {
        Experiment { size, tasks, ..Experiment::of(workload).unwrap() }
    }

    #[test]
    fn every_default_is_within_its_bounds() {
        for workload in ALL {
            assert_eq!(Experiment::of(workload.id).unwrap().validate(32), Ok(()), "{}", workload.id);
        }
    }

    /// How long a task's work under the lock takes, in nanoseconds, natively: the operations that its size asks for, by
    /// what each takes. As `cargo xtask bench steps` measures it, give or take the machine.
    fn work_ns(id: &str, size: f64, partial: &[u8]) -> f64 {
        match id {
            "sum-of-squares" => 2.0 * size,
            "monte-carlo-pi" | "refcounts" | "atomic-refcounts" => 5.0 * size,
            "counter" | "atomic-counter" => 2.5 * size,
            "sha256" => 1.5 * size,
            "aggregate" => 7.0 * size,
            "checksum" | "copy" => 0.2 * size,
            // One iteration more tells that a point is outside.
            "mandelbrot" => {
                let counts = partial.chunks_exact(2).map(|count| f64::from(u16::from_le_bytes([count[0], count[1]])));
                counts.map(|count| 3.0 * (count + 1.0)).sum()
            }
            // For each entry of the product, and each that meets there, 14 instructions; and both matrices are drawn.
            "matrix-multiply" => 4.0 * 14.0 * size.powi(3) + 2.0 * 2.0 * size.powi(2),
            // The rest is a kernel without the lock.
            "matrix-kernel" => 2.0 * 2.0 * size.powi(2),
            "image-resize" => 6.0 * size.powi(2),
            "io-mixed" => size / 2.0 * 480.0 * 2.0,
            "io-wait" | "primitive" => 0.0,
            _ => panic!(
                "{id} is new: tell here how long its work under the lock takes, so that its looks can be counted"
            ),
        }
    }

    #[test]
    fn whoever_computes_under_the_lock_looks_every_two_tenths_of_a_microsecond() {
        for workload in ALL {
            let size = match workload.id {
                "mandelbrot" | "image-resize" | "matrix-kernel" => 150,
                "matrix-multiply" => 40,
                _ => 100_000,
            };
            let experiment = small(workload.id, size, 1);
            let heap: Arc<Heap> = Arc::default();
            if let Some(input) = workload.input {
                heap.put_input(input(&experiment).into());
            }
            let mut task = (workload.start)(&experiment, 0, &heap);
            let mut looks = 0.0;
            let partial = loop {
                match task.quantum(Breaker::after(1)) {
                    Progress::More => looks += 1.0,
                    Progress::MoreUnlocked | Progress::Wait { .. } => {}
                    Progress::Done(partial) => break partial,
                }
            };
            let work_ns = work_ns(workload.id, f64::from(size), &partial);
            assert!(work_ns <= 250.0 * (looks + 1.0), "{}: {:.0} ns a look", workload.id, work_ns / (looks + 1.0));
        }
    }

    #[test]
    fn the_same_experiment_gives_the_same_answer() {
        for workload in ALL {
            let experiment = small(workload.id, 100, 3);
            assert_eq!(answer(&experiment), answer(&experiment), "{}", workload.id);
        }
    }
}
