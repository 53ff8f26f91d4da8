//! Hash seeded data with SHA-256 (the `sha2` crate): cryptography.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use sha2::{Digest, Sha256};

use super::{Partial, Progress, Steps, UnderLock, Workload};
use crate::experiment::Experiment;

/// Bytes a step: 0.1 to 0.4 us, depending on whether the processor has instructions for it.
const STEP: usize = 128;
const QUANTUM: u32 = 64;
/// Bytes that come again and again.
const BLOCK: usize = STEP * QUANTUM as usize;

pub static INFO: Workload = Workload {
    id: "sha256",
    about: "hashes seeded random data with SHA-256: cryptography",
    under_lock: UnderLock::Computes,
    size_unit: "bytes a task",
    default_size: 32 * 1024 * 1024,
    default_tasks: 4,
    python: Some(1),
    max_size: |_| 4_000_000_000,
    size_because: "more takes longer than anybody waits",
    start: |experiment, task, _| Box::new(Hashing::of(experiment, task)),
    merge: |_: &Experiment, partials: &[Partial]| answer(partials),
    tile: None,
    counts: None,
    input: None,
    meeting: None,
};

struct Hashing {
    hash: Sha256,
    /// The task's data is this block over and over.
    block: Vec<u8>,
    /// Where in it the next step begins.
    next: usize,
    left: usize,
}

impl Hashing {
    fn of(experiment: &Experiment, task: u32) -> Self {
        let seed = (u64::from(experiment.seed) << 32) | u64::from(task);
        let mut block = vec![0; BLOCK];
        Pcg32::seed_from_u64(seed).fill_bytes(&mut block);
        Self { hash: Sha256::new(), block, next: 0, left: experiment.size as usize }
    }
}

impl Steps for Hashing {
    const QUANTUM: u32 = QUANTUM;

    fn step(&mut self) -> Progress {
        let bytes = self.left.min(STEP);
        self.hash.update(&self.block[self.next..self.next + bytes]);
        self.next = (self.next + STEP) % BLOCK;
        self.left -= bytes;
        if self.left > 0 { Progress::More } else { Progress::Done(self.hash.finalize_reset().to_vec()) }
    }
}

/// The digest of all `partials`, as an answer.
pub(super) fn answer(partials: &[Partial]) -> String {
    let mut hash = Sha256::new();
    partials.iter().for_each(|partial| hash.update(partial));
    format!("sha256 {}", hex(&hash.finalize()))
}

/// Lower-case hexadecimal digits of `bytes`.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{run_bare, tests::small};
    use super::*;

    #[test]
    fn a_task_is_the_digest_of_its_data() {
        let experiment = small("sha256", 20_000, 2);
        let mut block = vec![0; BLOCK];
        Pcg32::seed_from_u64((1 << 32) | 1).fill_bytes(&mut block);
        let data: Vec<u8> = block.iter().copied().cycle().take(20_000).collect();
        assert_eq!(run_bare(&INFO, &experiment, 1, |_| ()), Sha256::digest(data).to_vec());
    }

    #[test]
    fn tasks_and_seeds_hash_different_data() {
        let experiment = small("sha256", 100, 2);
        let other = Experiment { seed: 2, ..experiment.clone() };
        assert_ne!(run_bare(&INFO, &experiment, 0, |_| ()), run_bare(&INFO, &experiment, 1, |_| ()));
        assert_ne!(run_bare(&INFO, &experiment, 0, |_| ()), run_bare(&INFO, &other, 0, |_| ()));
    }
}
