use super::{Words, pause};
use crate::host::Cancel;
use crate::lock::Cancelled;

const FREE: u32 = 0;
const TAKEN: u32 = 1;
/// Taken, and somebody may wait.
const WANTED: u32 = 2;

/// One party at a time, as `threading.Lock`; not re-entrant, and not fair.
///
/// The mutex of three states of Ulrich Drepper, "Futexes Are Tricky" (2011), under "Mutex, Take 2":
/// where nobody waits, taking it and releasing it is one step on one word each.
#[derive(Clone, Copy)]
pub struct Lock<'a> {
    words: &'a dyn Words,
    base: usize,
}

impl<'a> Lock<'a> {
    /// Words that it needs.
    pub const WORDS: usize = 1;

    /// The lock whose words begin at `base`; zero is free.
    pub fn at(words: &'a dyn Words, base: usize) -> Self {
        Self { words, base }
    }

    /// Wait for the lock and take it.
    ///
    /// # Errors
    /// [`Cancelled`]: the lock is not held.
    pub fn acquire(&self, cancel: &Cancel) -> Result<(), Cancelled> {
        let mut swap = self.swap(FREE, TAKEN);
        while let Err(state) = swap {
            if state == WANTED || self.swap(TAKEN, WANTED) != Err(FREE) {
                pause(self.words, self.base, WANTED, cancel)?;
            }
            // Others may wait still, nobody knows, so it is taken as wanted.
            swap = self.swap(FREE, WANTED);
        }
        Ok(())
    }

    fn swap(&self, current: u32, new: u32) -> Result<u32, u32> {
        self.words.compare_exchange(self.base, current, new)
    }

    /// Release the lock. Only its holder may.
    pub fn release(&self) {
        let state = self.words.fetch_add(self.base, 1_u32.wrapping_neg());
        debug_assert_ne!(state, FREE, "only the holder can release the lock");
        if state == WANTED {
            self.words.store(self.base, FREE);
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
    fn it_excludes_and_nobody_sleeps_on() {
        let (words, cancel) = (Patient::new(2), Cancel::default());
        together(4, |_| {
            let lock = Lock::at(&words, 0);
            for _ in 0..2_000 {
                lock.acquire(&cancel).unwrap();
                add_one(&words, 1);
                lock.release();
            }
        });
        assert_eq!(words.load(1), 8_000);
        assert_eq!(words.load(0), FREE);
    }

    #[test]
    fn alone_it_never_waits_nor_wakes() {
        let words = HeapWords::new(1);
        let lock = Lock::at(&words, 0);
        lock.acquire(&Cancel::default()).unwrap();
        assert_eq!(words.load(0), TAKEN);
        lock.release();
        assert_eq!(words.load(0), FREE);
    }

    #[test]
    fn cancelling_lets_those_go_who_wait_for_a_holder_that_is_gone() {
        let words = HeapWords::new(1);
        Lock::at(&words, 0).acquire(&Cancel::default()).unwrap();
        cancelling_ends(|cancel| Lock::at(&words, 0).acquire(cancel));
    }
}
