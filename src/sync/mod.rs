//! What parties synchronize with, as Python's `threading` and `multiprocessing` name it, whatever a party
//! is: a thread, an OS process, a web worker with a memory of its own.
//!
//! Every primitive is a view of a few shared 32-bit words ([`Words`]), and a party waits at a word as at a
//! Linux futex: while the word has the value that the party has seen. Words that are all zero are a valid
//! beginning; what begins otherwise has an `init`.
//!
//! Whatever waits takes a [`Cancel`] and looks at it at least every [`SLICE`], so a party that is gone
//! (a process that was killed while it held a lock) keeps the others no longer than until they are
//! cancelled. What need not wait succeeds, cancelled or not.

mod barrier;
mod condition;
mod event;
mod heap_words;
mod lock;
mod queue;
mod rlock;
pub mod scenario;
mod semaphore;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::host::Cancel;
use crate::lock::Cancelled;
use crate::means;
pub use barrier::Barrier;
pub use condition::Condition;
pub use event::Event;
pub use heap_words::HeapWords;
pub use lock::Lock;
pub use queue::Queue;
pub use rlock::RLock;
pub use semaphore::Semaphore;

/// The longest that a party waits without looking whether it is cancelled.
pub const SLICE: Duration = Duration::from_millis(20);

/// 32-bit words that parties share, wherever the parties are.
///
/// Read-modify-writes acquire and release. Every index is below `len`; implementations may panic beyond.
pub trait Words: Send + Sync {
    /// How many there are.
    fn len(&self) -> usize;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The word's value (acquire).
    fn load(&self, index: usize) -> u32;

    /// Set the word (release).
    fn store(&self, index: usize, value: u32);

    /// Set the word to `new` if it is `current`; never fails otherwise. Gives the value before.
    ///
    /// # Errors
    /// The value that the word has instead.
    fn compare_exchange(&self, index: usize, current: u32, new: u32) -> Result<u32, u32>;

    /// Add, wrapping around. Gives the value before.
    fn fetch_add(&self, index: usize, by: u32) -> u32;

    /// Block while the word is `expected`, for at most `timeout`; spurious returns are allowed. Looking at
    /// the word and beginning to wait are one step for [`Words::notify`].
    fn wait(&self, index: usize, expected: u32, timeout: Duration);

    /// Wake up to `count` parties that wait at the word.
    fn notify(&self, index: usize, count: u32);

    /// Copy bytes out of the words from `index` on, little-endian. Not one atomic step: the caller excludes
    /// writers. Implementations may copy in bulk.
    fn read(&self, index: usize, bytes: &mut [u8]) {
        for (offset, part) in bytes.chunks_mut(4).enumerate() {
            part.copy_from_slice(&self.load(index + offset).to_le_bytes()[..part.len()]);
        }
    }

    /// Copy bytes into the words from `index` on, little-endian, the last word filled up with zeros. Not one
    /// atomic step: the caller excludes readers and writers. Implementations may copy in bulk.
    fn write(&self, index: usize, bytes: &[u8]) {
        for (offset, part) in bytes.chunks(4).enumerate() {
            let mut word = [0; 4];
            word[..part.len()].copy_from_slice(part);
            self.store(index + offset, u32::from_le_bytes(word));
        }
    }
}

/// Wait at a word while it is `expected`, for at most one slice.
fn pause(words: &dyn Words, index: usize, expected: u32, cancel: &Cancel) -> Result<(), Cancelled> {
    if cancel.is_cancelled() {
        return Err(Cancelled);
    }
    words.wait(index, expected, SLICE);
    Ok(())
}

/// Wait until a word is no longer `seen`.
fn changed(words: &dyn Words, index: usize, seen: u32, cancel: &Cancel) -> Result<(), Cancelled> {
    while words.load(index) == seen {
        pause(words, index, seen, cancel)?;
    }
    Ok(())
}
