//! What the workers of one heap share, and workers of different heaps do not.

use std::sync::atomic::AtomicU64;

/// Objects on a heap.
const WORDS: usize = 64;

/// One object: alone in its cache line, or two that are close would cost as much as one that is shared.
#[derive(Default)]
#[repr(align(128))]
struct Word(AtomicU64);

/// Objects that workloads count on. A workload that is to lose updates reads and writes a word apart; one
/// that must not uses atomic operations.
pub struct Heap(Box<[Word]>);

impl Default for Heap {
    fn default() -> Self {
        Self((0..WORDS).map(|_| Word::default()).collect())
    }
}

impl Heap {
    /// An object; numbers above the last begin again with the first.
    pub fn word(&self, index: usize) -> &AtomicU64 {
        &self.0[index % WORDS].0
    }
}
