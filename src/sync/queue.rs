use super::{Lock, Semaphore, Words};
use crate::host::Cancel;
use crate::lock::Cancelled;

/// A bounded queue of messages of one length, for any number of parties that put and that get.
///
/// As `multiprocessing.Queue` is made of a pipe, two locks and a semaphore, this is made of a ring of slots,
/// a lock and an index at each end, and two semaphores: one counts free slots, the other one messages.
/// Messages of one party stay in order.
#[derive(Clone, Copy)]
pub struct Queue<'a> {
    words: &'a dyn Words,
    base: usize,
    capacity: u32,
    slot_bytes: usize,
}

/// One end of the ring.
#[derive(Clone, Copy)]
struct End<'a> {
    /// Slots that this end may use.
    ready: Semaphore<'a>,
    lock: Lock<'a>,
    /// The word with the next slot's number.
    next: usize,
}

const END_WORDS: usize = Semaphore::WORDS + Lock::WORDS + 1;

impl<'a> Queue<'a> {
    /// Words that a queue of so many slots of so many bytes needs.
    pub const fn words(capacity: u32, slot_bytes: usize) -> usize {
        2 * END_WORDS + capacity as usize * slot_bytes.div_ceil(4)
    }

    /// The queue whose words begin at `base`, with 1 to [`Semaphore::MAX`] slots. Zeros are a queue where
    /// nobody can put anything: begin with [`Queue::init`].
    pub fn at(words: &'a dyn Words, base: usize, capacity: u32, slot_bytes: usize) -> Self {
        Self { words, base, capacity, slot_bytes }
    }

    /// Begin with an empty queue in words that are zero, before any party uses it.
    pub fn init(&self) {
        self.put_end().ready.init(self.capacity);
    }

    /// Wait for a free slot and put a message there.
    ///
    /// # Errors
    /// [`Cancelled`]: it was not put.
    ///
    /// # Panics
    /// If the message is not as long as a slot.
    pub fn put(&self, message: &[u8], cancel: &Cancel) -> Result<(), Cancelled> {
        assert_eq!(message.len(), self.slot_bytes, "a message is as long as a slot");
        self.pass(self.put_end(), self.get_end(), |slot| self.words.write(slot, message), cancel)
    }

    /// Wait for a message and take it out.
    ///
    /// # Errors
    /// [`Cancelled`]: none was taken.
    ///
    /// # Panics
    /// If `message` is not as long as a slot.
    pub fn get(&self, message: &mut [u8], cancel: &Cancel) -> Result<(), Cancelled> {
        assert_eq!(message.len(), self.slot_bytes, "a message is as long as a slot");
        self.pass(self.get_end(), self.put_end(), |slot| self.words.read(slot, message), cancel)
    }

    /// Use the next slot of one end, then let the other end have it.
    fn pass(&self, from: End, to: End, copy: impl FnOnce(usize), cancel: &Cancel) -> Result<(), Cancelled> {
        from.ready.acquire(cancel)?;
        from.lock.acquire(cancel).inspect_err(|_| from.ready.release())?;
        let slot = self.words.load(from.next);
        copy(self.base + 2 * END_WORDS + slot as usize * self.slot_bytes.div_ceil(4));
        self.words.store(from.next, (slot + 1) % self.capacity);
        from.lock.release();
        to.ready.release();
        Ok(())
    }

    fn put_end(&self) -> End<'a> {
        self.end(self.base)
    }

    fn get_end(&self) -> End<'a> {
        self.end(self.base + END_WORDS)
    }

    fn end(&self, base: usize) -> End<'a> {
        let lock = base + Semaphore::WORDS;
        End { ready: Semaphore::at(self.words, base), lock: Lock::at(self.words, lock), next: lock + Lock::WORDS }
    }
}

#[cfg(test)]
mod tests;
