//! Words for the threads of one heap, natively and in wasm with shared memory.
//!
//! Compiled twice, as the lock is.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Words;
use super::means::thread::{self, Thread};
use super::means::{AtomicU32, Mutex, MutexGuard};

/// Words on the heap. Who waits is in a list, as in the kernel behind a futex, and parks.
///
/// Not a crate: `atomic-wait` has no time-out and no wasm, and its fork `wait_on_address` is a table of
/// condition variables too, in wasm on a stable toolchain.
pub struct HeapWords {
    words: Box<[AtomicU32]>,
    /// Who waits at which word, the longest waiting first. Only those who wait or wake take this mutex.
    waiting: Mutex<Vec<(usize, Thread)>>,
}

impl HeapWords {
    /// `len` words, all zero.
    pub fn new(len: usize) -> Self {
        Self { words: (0..len).map(|_| AtomicU32::new(0)).collect(), waiting: Mutex::default() }
    }

    /// The list is whole at any time, so a poisoned mutex is good.
    fn waiting(&self) -> MutexGuard<'_, Vec<(usize, Thread)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many wait at the word.
    #[cfg(test)]
    #[allow(dead_code, reason = "only one of the two needs it")]
    pub(super) fn waiting_at(&self, index: usize) -> usize {
        self.waiting().iter().filter(|(at, _)| *at == index).count()
    }
}

impl Words for HeapWords {
    fn len(&self) -> usize {
        self.words.len()
    }

    fn load(&self, index: usize) -> u32 {
        self.words[index].load(Ordering::Acquire)
    }

    fn store(&self, index: usize, value: u32) {
        self.words[index].store(value, Ordering::Release);
    }

    fn compare_exchange(&self, index: usize, current: u32, new: u32) -> Result<u32, u32> {
        self.words[index].compare_exchange(current, new, Ordering::AcqRel, Ordering::Acquire)
    }

    fn fetch_add(&self, index: usize, by: u32) -> u32 {
        self.words[index].fetch_add(by, Ordering::AcqRel)
    }

    fn wait(&self, index: usize, expected: u32, timeout: Duration) {
        let me = thread::current();
        {
            let mut waiting = self.waiting();
            // Whoever changes the word notifies afterwards, under this mutex: either the change is seen
            // here, or this entry is seen there.
            if self.load(index) != expected {
                return;
            }
            waiting.push((index, me.clone()));
        }
        thread::park_timeout(timeout);
        self.waiting().retain(|(_, thread)| thread.id() != me.id());
    }

    fn notify(&self, index: usize, count: u32) {
        let mut left = count;
        self.waiting().retain(|(at, thread)| {
            let wake = *at == index && left > 0;
            if wake {
                left -= 1;
                thread.unpark();
            }
            !wake
        });
    }
}
