//! What the two ways to multiply matrices share: the matrices, and the answer.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use sha2::{Digest, Sha256};

use super::Partial;
use crate::experiment::Experiment;

/// Entries drawn in a step: at about 2 ns an entry, 0.13 us.
const STEP: usize = 64;

/// Most rows and columns: a task's two matrices then take 16 MiB.
pub(super) const MAX_SIZE: u32 = 1_024;

pub(super) type Matrix = Vec<Vec<i64>>;

/// The two square matrices of a task. Their entries are whole numbers of 16 bits, so that every sum of
/// products is exact.
pub(super) struct Operands {
    pub size: usize,
    pub left: Matrix,
    pub right: Matrix,
    /// What is drawn of the current row.
    row: Vec<i64>,
    random: Pcg32,
}

impl Operands {
    /// With all rows still to draw.
    pub fn of(experiment: &Experiment, task: u32) -> Self {
        let seed = (u64::from(experiment.seed) << 32) | u64::from(task);
        let random = Pcg32::seed_from_u64(seed);
        Self { size: experiment.size as usize, left: Matrix::new(), right: Matrix::new(), row: Vec::new(), random }
    }

    pub fn are_drawn(&self) -> bool {
        self.right.len() == self.size
    }

    /// Draw the next entries: a step of work.
    pub fn draw(&mut self) {
        let entries = STEP.min(self.size - self.row.len());
        self.row.extend((0..entries).map(|_| i64::from(self.random.next_u32() >> 16) - (1 << 15)));
        if self.row.len() == self.size {
            let matrix = if self.left.len() < self.size { &mut self.left } else { &mut self.right };
            matrix.push(std::mem::replace(&mut self.row, Vec::with_capacity(self.size)));
        }
    }
}

/// What is kept of a product. Takes its rows, in order, and stands for them.
#[derive(Default)]
pub(super) struct Product(Sha256);

impl Product {
    pub fn push(&mut self, row: &[i64]) {
        row.iter().for_each(|entry| self.0.update(entry.to_le_bytes()));
    }

    pub fn partial(&mut self) -> Partial {
        self.0.finalize_reset().to_vec()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::{run_bare, tests::small};
    use super::*;
    use crate::workload;

    /// What a task should come to: each entry by its definition, from the matrices of that task.
    pub fn product(experiment: &Experiment, task: u32) -> Partial {
        let mut operands = Operands::of(experiment, task);
        while !operands.are_drawn() {
            operands.draw();
        }
        let size = operands.size;
        let entry = |row: usize, column: usize| {
            (0..size).map(|inner| operands.left[row][inner] * operands.right[inner][column]).sum::<i64>()
        };
        let mut product = Product::default();
        (0..size).for_each(|row| product.push(&(0..size).map(|column| entry(row, column)).collect::<Vec<_>>()));
        product.partial()
    }

    #[test]
    fn tasks_and_seeds_multiply_different_matrices() {
        for workload in ["matrix-multiply", "matrix-kernel"] {
            let experiment = small(workload, 5, 2);
            let other = Experiment { seed: 2, ..experiment.clone() };
            let workload = workload::find(workload).unwrap();
            let partial = |experiment, task| run_bare(workload, experiment, task, |_| ());
            assert_ne!(partial(&experiment, 0), partial(&experiment, 1));
            assert_ne!(partial(&experiment, 0), partial(&other, 0));
        }
    }
}
