use super::{Words, pause};
use crate::host::Cancel;
use crate::lock::Cancelled;

/// The lower half of the word counts permits, the upper half those who wait for one.
const WAITER: u32 = 1 << 16;
const PERMITS: u32 = WAITER - 1;

/// A number of permits, as `threading.Semaphore`: acquiring takes one, releasing gives one, whoever does it.
///
/// Permits and waiters are one word, so releasing knows in one step whether there is anyone to wake.
#[derive(Clone, Copy)]
pub struct Semaphore<'a> {
    words: &'a dyn Words,
    base: usize,
}

impl<'a> Semaphore<'a> {
    /// Words that it needs.
    pub const WORDS: usize = 1;
    /// The most permits that can be there.
    pub const MAX: u32 = PERMITS;

    /// The semaphore whose words begin at `base`; zero is no permit.
    pub fn at(words: &'a dyn Words, base: usize) -> Self {
        Self { words, base }
    }

    /// Begin with `permits`, before any party uses it.
    pub fn init(&self, permits: u32) {
        assert!(permits <= Self::MAX, "a semaphore has at most {} permits", Self::MAX);
        self.words.store(self.base, permits);
    }

    /// Permits that are there.
    pub fn permits(&self) -> u32 {
        self.words.load(self.base) & PERMITS
    }

    /// Wait for a permit and take it.
    ///
    /// # Errors
    /// [`Cancelled`]: none was taken.
    pub fn acquire(&self, cancel: &Cancel) -> Result<(), Cancelled> {
        if self.take(1).is_ok() {
            return Ok(());
        }
        self.words.fetch_add(self.base, WAITER);
        while let Err(word) = self.take(WAITER + 1) {
            if let Err(cancelled) = pause(self.words, self.base, word, cancel) {
                self.words.fetch_add(self.base, WAITER.wrapping_neg());
                return Err(cancelled);
            }
        }
        Ok(())
    }

    /// Subtract `what` if there is a permit; else gives the word.
    fn take(&self, what: u32) -> Result<(), u32> {
        let mut word = self.words.load(self.base);
        while word & PERMITS > 0 {
            match self.words.compare_exchange(self.base, word, word - what) {
                Ok(_) => return Ok(()),
                Err(now) => word = now,
            }
        }
        Err(word)
    }

    /// Give a permit. There may be [`Semaphore::MAX`] at most.
    pub fn release(&self) {
        let word = self.words.fetch_add(self.base, 1);
        debug_assert!(word & PERMITS < PERMITS, "a semaphore has at most {} permits", Self::MAX);
        if word >= WAITER {
            self.words.notify(self.base, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeapWords;
    use super::super::tests::{Patient, add_one, cancelling_ends, together};
    use super::*;

    #[test]
    fn with_one_permit_it_excludes() {
        let (words, cancel) = (Patient::new(2), Cancel::default());
        Semaphore::at(&words, 0).init(1);
        together(4, |_| {
            let semaphore = Semaphore::at(&words, 0);
            for _ in 0..2_000 {
                semaphore.acquire(&cancel).unwrap();
                add_one(&words, 1);
                semaphore.release();
            }
        });
        assert_eq!((words.load(1), words.load(0)), (8_000, 1), "nobody waits any more");
    }

    #[test]
    fn with_two_permits_two_are_inside_at_most() {
        let (words, cancel) = (Patient::new(2), Cancel::default());
        Semaphore::at(&words, 0).init(2);
        together(4, |_| {
            let semaphore = Semaphore::at(&words, 0);
            for _ in 0..1_000 {
                semaphore.acquire(&cancel).unwrap();
                assert!(words.fetch_add(1, 1) < 2);
                words.fetch_add(1, 1_u32.wrapping_neg());
                semaphore.release();
            }
        });
        assert_eq!(Semaphore::at(&words, 0).permits(), 2);
    }

    #[test]
    fn what_one_party_gives_the_others_take() {
        let (words, cancel) = (Patient::new(1), Cancel::default());
        together(4, |party| {
            let semaphore = Semaphore::at(&words, 0);
            (0..3_000).for_each(|i| match party {
                0 => semaphore.release(),
                _ if i % 3 == 0 => semaphore.acquire(&cancel).unwrap(),
                _ => {}
            });
        });
        assert_eq!(words.load(0), 0);
    }

    #[test]
    fn cancelling_lets_those_go_who_wait() {
        let words = HeapWords::new(1);
        cancelling_ends(|cancel| Semaphore::at(&words, 0).acquire(cancel));
        assert_eq!(words.load(0), 0, "they are no longer counted");
    }
}
