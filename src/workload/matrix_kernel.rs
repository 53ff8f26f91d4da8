//! Multiply matrices as NumPy does: in compiled code that drops the lock while it computes.

use super::matrices::{MAX_SIZE, Operands, Product};
use super::{Partial, Progress, Steps, UnderLock, Workload, sha256};
use crate::experiment::Experiment;

/// Multiplications a step of the kernel: at about 1 ns each, 30 us.
const STEP: usize = 32_768;

pub static INFO: Workload = Workload {
    id: "matrix-kernel",
    about: "multiplies matrices of whole numbers in a kernel that drops the lock: NumPy",
    under_lock: UnderLock::Drops,
    size_unit: "rows and columns a matrix",
    default_size: 480,
    default_tasks: 4,
    python: None,
    max_size: |_| MAX_SIZE,
    size_because: "two such matrices take 16 MiB already",
    start: |experiment, task, _| Box::new(Kernel::of(experiment, task)),
    merge: |_: &Experiment, partials: &[Partial]| sha256::answer(partials),
    tile: None,
    counts: None,
    input: None,
    meeting: None,
};

struct Kernel {
    operands: Operands,
    /// The product's current row, as far as it is added up.
    row: Vec<i64>,
    /// How many entries of the left matrix are done with.
    next: usize,
    product: Product,
}

impl Kernel {
    fn of(experiment: &Experiment, task: u32) -> Self {
        let operands = Operands::of(experiment, task);
        let row = vec![0; operands.size];
        Self { operands, row, next: 0, product: Product::default() }
    }

    /// Multiply the next entry of the left matrix with all that it meets.
    fn multiply_entry(&mut self) {
        let size = self.operands.size;
        let (row, inner) = (self.next / size, self.next % size);
        add_multiple(&mut self.row, self.operands.left[row][inner], &self.operands.right[inner]);
        self.next += 1;
        if inner + 1 == size {
            self.product.push(&self.row);
            self.row.fill(0);
        }
    }

    fn is_done(&self) -> bool {
        self.next == self.operands.size.pow(2)
    }
}

impl Steps for Kernel {
    const QUANTUM: u32 = 256;

    /// Under the lock the matrices are made, as Python objects would be; what follows is the kernel.
    fn step(&mut self) -> Progress {
        if !self.operands.are_drawn() {
            self.operands.draw();
            return if self.operands.are_drawn() { Progress::MoreUnlocked } else { Progress::More };
        }
        for _ in 0..(STEP / self.operands.size).max(1) {
            self.multiply_entry();
            if self.is_done() {
                return Progress::Done(self.product.partial());
            }
        }
        Progress::MoreUnlocked
    }
}

/// Add `factor` times `row` to `sums`.
#[inline(never)]
fn add_multiple(sums: &mut [i64], factor: i64, row: &[i64]) {
    for (sum, entry) in sums.iter_mut().zip(row) {
        *sum += factor * entry;
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrices::tests::product;
    use super::super::{
        run_bare,
        tests::{answer, small},
    };
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_lock_is_held_while_the_matrices_are_made_and_dropped_from_then_on() {
        let mut kernel = Kernel::of(&small("matrix-kernel", 200, 1), 0);
        let mut steps = Vec::new();
        let mut ended = false;
        while !ended {
            steps.push((kernel.operands.are_drawn(), kernel.step()));
            ended = matches!(steps.last(), Some((_, Progress::Done(_))));
        }
        assert_eq!(steps[0], (false, Progress::More));
        steps.pop();
        let before = steps.iter().position(|(_, progress)| *progress == Progress::MoreUnlocked).unwrap();
        let (making, kernel) = steps.split_at(before + 1);
        assert!(making.iter().all(|(drawn, _)| !drawn));
        assert!(!kernel.is_empty() && kernel.iter().all(|step| *step == (true, Progress::MoreUnlocked)));
    }

    #[test]
    fn answers_as_the_interpreter_does() {
        for (size, tasks) in [(1, 1), (7, 3), (60, 2)] {
            assert_eq!(answer(&small("matrix-kernel", size, tasks)), answer(&small("matrix-multiply", size, tasks)));
        }
    }

    proptest! {
        #[test]
        fn a_task_is_the_product_of_its_matrices(size in 1u32..16, task in 0u32..4) {
            let experiment = small("matrix-kernel", size, 4);
            prop_assert_eq!(run_bare(&INFO, &experiment, task, |_| ()), product(&experiment, task));
        }
    }
}
