//! What the workers of one heap share, and workers of different heaps do not.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use crate::host::Cancel;
use crate::sync::Words;

/// Objects on a heap.
const WORDS: usize = 64;

/// One object: alone in its cache line, or two that are close would cost as much as one that is shared.
#[derive(Default)]
#[repr(align(128))]
struct Word(AtomicU64);

/// Objects that workloads count on. A workload that is to lose updates reads and writes a word apart; one
/// that must not uses atomic operations.
pub struct Heap {
    words: Box<[Word]>,
    /// What tasks are handed from outside.
    input: Mutex<Arc<[u8]>>,
    /// What all workers share, also those with heaps of their own.
    shared: Option<Arc<dyn Words>>,
    cancel: Cancel,
}

impl Default for Heap {
    fn default() -> Self {
        Self::new(None, Cancel::default())
    }
}

impl Heap {
    /// A heap beside words that all workers share, for a run that is cancelled by `cancel`.
    pub fn new(shared: Option<Arc<dyn Words>>, cancel: Cancel) -> Self {
        let words = (0..WORDS).map(|_| Word::default()).collect();
        Self { words, input: Mutex::new(Arc::new([])), shared, cancel }
    }

    /// What all workers share, if they share anything.
    pub fn shared(&self) -> Option<&Arc<dyn Words>> {
        self.shared.as_ref()
    }

    /// What a task that waits for another one has to look at.
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// An object; numbers above the last begin again with the first.
    pub fn word(&self, index: usize) -> &AtomicU64 {
        &self.words[index % WORDS].0
    }

    /// Put data here for the tasks that start from now on.
    pub fn put_input(&self, input: Arc<[u8]>) {
        *self.input.lock().unwrap_or_else(PoisonError::into_inner) = input;
    }

    /// The data that is here.
    pub fn input(&self) -> Arc<[u8]> {
        self.input.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
