//! The article's workload: add up the squares of the whole numbers below `tasks x size`, exactly.

use std::hint::black_box;

use super::{Partial, Progress, Steps, UnderLock, Workload};
use crate::experiment::Experiment;

/// Numbers a step: at about 2 ns a number, 0.2 us.
const STEP: u64 = 96;

pub static INFO: Workload = Workload {
    id: "sum-of-squares",
    about: "adds up the squares of whole numbers, exactly: pure arithmetic in a loop, as in the article",
    under_lock: UnderLock::Computes,
    size_unit: "numbers a task",
    default_size: 40_000_000,
    default_tasks: 4,
    python: Some(40),
    // Below 2^32 every square fits 64 bits, which is what keeps wasm as fast as native code.
    max_size: |tasks| u32::try_from((1u64 << 32) / u64::from(tasks.max(1))).unwrap_or(u32::MAX),
    size_because: "the squares of all tasks must fit 64 bits",
    start: |experiment, task, _| {
        let size = u64::from(experiment.size);
        let first = u64::from(task) * size;
        Box::new(Sum::of(first, first + size))
    },
    merge: |_: &Experiment, partials: &[Partial]| {
        let read = |partial: &Partial| u128::from_le_bytes(partial.as_slice().try_into().expect("16 bytes a partial"));
        partials.iter().map(read).sum::<u128>().to_string()
    },
    tile: None,
    counts: None,
    input: None,
    meeting: None,
};

/// The squares of the numbers from one to another, being added up.
pub(super) struct Sum {
    next: u64,
    end: u64,
    sum: u128,
}

impl Sum {
    pub fn of(next: u64, end: u64) -> Self {
        Self { next, end, sum: 0 }
    }

    /// Do a step. Gives the sum, once it is known.
    pub fn add_up(&mut self) -> Option<u128> {
        let stop = self.end.min(self.next + STEP);
        self.sum += sum_of_squares(self.next, stop, black_box(0));
        self.next = stop;
        (stop == self.end).then_some(self.sum)
    }
}

impl Steps for Sum {
    const QUANTUM: u32 = 160;

    fn step(&mut self) -> Progress {
        self.add_up().map_or(Progress::More, |sum| Progress::Done(sum.to_le_bytes().to_vec()))
    }
}

/// The sum of the squares of `next..stop`, one number after another.
///
/// `zero` is 0, which the compiler cannot know: it makes every number wait for the sum so far, as it
/// does in an interpreter. Without it LLVM replaces the loop by its closed form. The chain of waiting,
/// not the compiler, then sets the pace, so wasm and native code run alike.
#[inline(never)]
fn sum_of_squares(mut next: u64, stop: u64, zero: u64) -> u128 {
    let mut low = 0u64;
    let mut high = 0u64;
    while next < stop {
        let number = next + (low & zero);
        let (sum, carry) = low.overflowing_add(number.wrapping_mul(number));
        low = sum;
        high += u64::from(carry);
        next += 1;
    }
    (u128::from(high) << 64) | u128::from(low)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answer, small};
    use super::*;
    use proptest::prelude::*;

    /// The closed form for the numbers below `n`.
    fn closed(n: u128) -> u128 {
        if n == 0 { 0 } else { (n - 1) * n * (2 * n - 1) / 6 }
    }

    #[test]
    fn agrees_with_the_closed_form_across_quanta() {
        assert_eq!(answer(&small("sum-of-squares", 100_000, 3)), closed(300_000).to_string());
    }

    #[test]
    fn the_largest_numbers_carry_into_the_upper_half() {
        let end = 1u64 << 32;
        let start = end - 100_000;
        assert_eq!(sum_of_squares(start, end, 0), closed(u128::from(end)) - closed(u128::from(start)));
    }

    proptest! {
        #[test]
        fn any_split_gives_the_closed_form(size in 1u32..40_000, tasks in 1u32..8) {
            let n = u128::from(size) * u128::from(tasks);
            prop_assert_eq!(answer(&small("sum-of-squares", size, tasks)), closed(n).to_string());
        }
    }
}
