//! Group a seeded table of orders by shop: counts, sums and extremes, as a data frame's group-by.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use sha2::{Digest, Sha256};

use super::{Partial, Progress, Steps, UnderLock, Workload, sha256};
use crate::experiment::Experiment;

/// Rows a step: at about 7 ns a row, 0.2 us.
const STEP: u32 = 32;
const GROUPS: usize = 256;
/// Values are whole numbers below this: cents of an order.
const VALUES: u32 = 100_000;

pub static INFO: Workload = Workload {
    id: "aggregate",
    about: "groups the rows of a large table by key, with count, sum, least and greatest: data analysis",
    under_lock: UnderLock::Computes,
    size_unit: "rows a task",
    default_size: 10_000_000,
    default_tasks: 4,
    python: Some(100),
    // Then 10 000 tasks of values below 10^5 add up to less than 2^64.
    max_size: |_| 1_000_000_000,
    size_because: "the sums of 10,000 larger tasks would not fit 64 bits",
    start: |experiment, task, _| Box::new(Table::of(experiment, task)),
    merge: |_: &Experiment, partials: &[Partial]| {
        let mut all = Groups::default();
        partials.iter().for_each(|partial| all.merge(&Groups::from_bytes(partial)));
        all.answer()
    },
    tile: None,
    counts: None,
    input: None,
    meeting: None,
};

struct Table {
    random: Pcg32,
    left: u32,
    groups: Groups,
}

impl Table {
    /// All tasks read one table, each from its own row on, so every split of the same rows gives the same
    /// answer.
    fn of(experiment: &Experiment, task: u32) -> Self {
        let mut random = Pcg32::seed_from_u64(u64::from(experiment.seed));
        random.advance(2 * u64::from(task) * u64::from(experiment.size));
        Self { random, left: experiment.size, groups: Groups::default() }
    }
}

impl Steps for Table {
    const QUANTUM: u32 = 128;

    fn step(&mut self) -> Progress {
        let rows = self.left.min(STEP);
        self.groups.add(&mut self.random, rows);
        self.left -= rows;
        if self.left > 0 { Progress::More } else { Progress::Done(self.groups.to_bytes()) }
    }
}

/// The key and the value of the next row.
fn next_row(random: &mut Pcg32) -> (u8, u32) {
    (key(random.next_u32()), value(random.next_u32()))
}

/// The lesser of two random bytes: low keys are common and high ones rare, as in most real tables.
fn key(random: u32) -> u8 {
    let [a, b, ..] = random.to_le_bytes();
    a.min(b)
}

fn value(random: u32) -> u32 {
    random % VALUES
}

/// What is known of the rows of one group.
#[derive(Clone, Debug, PartialEq)]
struct Group {
    rows: u64,
    sum: u64,
    least: u32,
    greatest: u32,
}

impl Group {
    const BYTES: usize = 24;
    const EMPTY: Self = Self { rows: 0, sum: 0, least: u32::MAX, greatest: 0 };

    fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    fn to_bytes(&self) -> Vec<u8> {
        let numbers = [self.rows.to_le_bytes(), self.sum.to_le_bytes()].concat();
        [numbers, self.least.to_le_bytes().to_vec(), self.greatest.to_le_bytes().to_vec()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let long = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"));
        let short = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("4 bytes"));
        Self { rows: long(0), sum: long(8), least: short(16), greatest: short(20) }
    }
}

/// A group for each key.
#[derive(Debug, PartialEq)]
struct Groups(Vec<Group>);

impl Default for Groups {
    fn default() -> Self {
        Self(vec![Group::EMPTY; GROUPS])
    }
}

impl Groups {
    /// Add the next `rows` rows of the table.
    #[inline(never)]
    fn add(&mut self, random: &mut Pcg32, rows: u32) {
        for _ in 0..rows {
            let (key, value) = next_row(random);
            let row = Group { rows: 1, sum: u64::from(value), least: value, greatest: value };
            self.0[usize::from(key)].merge(&row);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(group, other)| group.merge(other));
    }

    fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(Group::to_bytes).collect()
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.chunks_exact(Group::BYTES).map(Group::from_bytes).collect())
    }

    fn answer(&self) -> String {
        let groups = self.0.iter().filter(|group| group.rows > 0).count();
        let sum: u64 = self.0.iter().map(|group| group.sum).sum();
        // Of groups that are equally large, the first.
        let largest = self.0.iter().enumerate().rev().max_by_key(|(_, group)| group.rows);
        let (key, group) = largest.expect("there are groups");
        let digest = sha256::hex(&Sha256::digest(self.to_bytes()));
        format!("{groups} groups, sum {sum}, largest group {key} with {} rows, sha256 {digest}", group.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        run_bare,
        tests::{answer, small},
    };
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    /// The groups of a task by another way: all its rows first, then what is asked of each group.
    fn grouped(experiment: &Experiment, task: u32) -> Groups {
        let mut table = Table::of(experiment, task);
        let mut rows: HashMap<u8, Vec<u32>> = HashMap::new();
        for _ in 0..experiment.size {
            let (key, value) = next_row(&mut table.random);
            rows.entry(key).or_default().push(value);
        }
        let group = |key| {
            rows.get(&key).map_or(Group::EMPTY, |values| Group {
                rows: values.len() as u64,
                sum: values.iter().map(|&value| u64::from(value)).sum(),
                least: *values.iter().min().unwrap(),
                greatest: *values.iter().max().unwrap(),
            })
        };
        Groups((0..=u8::MAX).map(group).collect())
    }

    #[test]
    fn a_task_groups_its_rows() {
        let experiment = small("aggregate", 20_000, 2);
        for task in 0..2 {
            let partial = run_bare(&INFO, &experiment, task, |_| ());
            assert_eq!(Groups::from_bytes(&partial), grouped(&experiment, task));
        }
    }

    #[test]
    fn tasks_and_seeds_read_different_rows() {
        let experiment = small("aggregate", 100, 2);
        let other = Experiment { seed: 2, ..experiment.clone() };
        assert_ne!(run_bare(&INFO, &experiment, 0, |_| ()), run_bare(&INFO, &experiment, 1, |_| ()));
        assert_ne!(run_bare(&INFO, &experiment, 0, |_| ()), run_bare(&INFO, &other, 0, |_| ()));
    }

    #[test]
    fn low_keys_are_common() {
        let answer = answer(&small("aggregate", 200_000, 1));
        assert!(answer.starts_with("256 groups, sum "), "{answer}");
        let groups = grouped(&small("aggregate", 200_000, 1), 0).0;
        assert!(groups[0].rows > 5 * groups[240].rows, "{groups:?}");
    }

    proptest! {
        #[test]
        fn every_split_of_the_same_rows_gives_the_same_answer(size in 1u32..3_000, tasks in 1u32..8) {
            let whole = answer(&small("aggregate", size * tasks, 1));
            prop_assert_eq!(answer(&small("aggregate", size, tasks)), whole);
        }
    }
}
