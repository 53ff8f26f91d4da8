use super::{Lock, Words};
use crate::host::Cancel;
use crate::lock::Cancelled;

/// A lock that its holder may take again, as `threading.RLock`: a lock, its owner, and how often it is
/// held (`_RLock` in CPython's `Lib/threading.py`).
#[derive(Clone, Copy)]
pub struct RLock<'a> {
    words: &'a dyn Words,
    base: usize,
    lock: Lock<'a>,
}

impl<'a> RLock<'a> {
    /// Words that it needs.
    pub const WORDS: usize = Lock::WORDS + 2;

    /// The lock whose words begin at `base`; zeros are free.
    pub fn at(words: &'a dyn Words, base: usize) -> Self {
        Self { words, base, lock: Lock::at(words, base) }
    }

    /// Wait until no other party holds the lock, and take it, once more if `party` holds it already.
    /// Parties are numbered, each has its own number below `u32::MAX`.
    ///
    /// # Errors
    /// [`Cancelled`]: the lock is held no more often than before.
    pub fn acquire(&self, party: u32, cancel: &Cancel) -> Result<(), Cancelled> {
        if !self.is_held_by(party) {
            self.lock.acquire(cancel)?;
            self.words.store(self.owner(), party + 1);
        }
        self.words.store(self.depth(), self.words.load(self.depth()) + 1);
        Ok(())
    }

    /// Undo one acquiring; the last one lets others have the lock. Only its holder may.
    pub fn release(&self, party: u32) {
        debug_assert!(self.is_held_by(party), "only the holder can release the lock");
        let depth = self.words.load(self.depth()) - 1;
        self.words.store(self.depth(), depth);
        if depth == 0 {
            self.words.store(self.owner(), 0);
            self.lock.release();
        }
    }

    /// Reading this needs no lock: only `party` itself makes it true or false.
    fn is_held_by(&self, party: u32) -> bool {
        self.words.load(self.owner()) == party + 1
    }

    /// The word with the holder's number plus one, or zero.
    fn owner(&self) -> usize {
        self.base + Lock::WORDS
    }

    /// The word that counts how often the holder holds it.
    fn depth(&self) -> usize {
        self.owner() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeapWords;
    use super::super::tests::{Patient, add_one, cancelling_ends, together};
    use super::*;

    #[test]
    fn its_holder_enters_again_and_others_only_after_the_last_release() {
        let (words, cancel) = (Patient::new(RLock::WORDS + 1), Cancel::default());
        together(4, |party| {
            let lock = RLock::at(&words, 1);
            for _ in 0..1_000 {
                lock.acquire(party, &cancel).unwrap();
                add_one(&words, 0);
                lock.acquire(party, &cancel).unwrap();
                add_one(&words, 0);
                lock.release(party);
                add_one(&words, 0);
                lock.release(party);
            }
        });
        assert_eq!(words.load(0), 12_000);
    }

    #[test]
    fn cancelling_lets_those_go_who_wait_for_its_holder() {
        let words = HeapWords::new(RLock::WORDS);
        let lock = RLock::at(&words, 0);
        lock.acquire(0, &Cancel::default()).unwrap();
        lock.acquire(0, &Cancel::default()).unwrap();
        lock.release(0);
        cancelling_ends(|cancel| RLock::at(&words, 0).acquire(1, cancel));
    }
}
