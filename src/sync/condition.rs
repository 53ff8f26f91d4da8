use super::{Lock, Words, changed};
use crate::host::Cancel;
use crate::lock::Cancelled;

/// Wait until something about shared data may be true, as `threading.Condition`: the data is guarded by a
/// lock, and whoever changes it notifies.
///
/// The word counts notifications. A party remembers the count while it holds the lock and waits for
/// another one, so no notification is lost; more parties than notified may return (those that look at the
/// moment of it), so what is waited for is to be checked again ([`Condition::wait_for`] does).
#[derive(Clone, Copy)]
pub struct Condition<'a> {
    lock: Lock<'a>,
    words: &'a dyn Words,
    base: usize,
}

impl<'a> Condition<'a> {
    /// Words that it needs, beside those of its lock.
    pub const WORDS: usize = 1;

    /// The condition whose words begin at `base`, on this lock; zero is a valid beginning.
    pub fn at(lock: Lock<'a>, words: &'a dyn Words, base: usize) -> Self {
        Self { lock, words, base }
    }

    /// Release the lock, wait for a notification, and take the lock again. The caller holds the lock.
    ///
    /// # Errors
    /// [`Cancelled`]: the lock is not held any more.
    pub fn wait(&self, cancel: &Cancel) -> Result<(), Cancelled> {
        let seen = self.words.load(self.base);
        self.lock.release();
        changed(self.words, self.base, seen, cancel)?;
        self.lock.acquire(cancel)
    }

    /// Wait until `is_true`, which is asked while the lock is held. The caller holds the lock.
    ///
    /// # Errors
    /// [`Cancelled`]: the lock is not held any more.
    pub fn wait_for(&self, is_true: impl Fn() -> bool, cancel: &Cancel) -> Result<(), Cancelled> {
        while !is_true() {
            self.wait(cancel)?;
        }
        Ok(())
    }

    /// Wake up to `count` who wait. The caller holds the lock, else who is about to wait may miss its change.
    pub fn notify(&self, count: u32) {
        self.words.fetch_add(self.base, 1);
        self.words.notify(self.base, count);
    }

    /// Wake all who wait. The caller holds the lock.
    pub fn notify_all(&self) {
        self.notify(u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeapWords;
    use super::super::tests::{Patient, cancelling_ends, together};
    use super::*;

    fn parts(words: &dyn Words) -> (Lock<'_>, Condition<'_>) {
        let lock = Lock::at(words, 0);
        (lock, Condition::at(lock, words, 1))
    }

    #[test]
    fn parties_take_turns() {
        let (words, cancel) = (Patient::new(3), Cancel::default());
        together(3, |party| {
            let (lock, condition) = parts(&words);
            for _ in 0..1_000 {
                lock.acquire(&cancel).unwrap();
                condition.wait_for(|| words.load(2) % 3 == party, &cancel).unwrap();
                words.fetch_add(2, 1);
                condition.notify_all();
                lock.release();
            }
        });
        assert_eq!(words.load(2), 3_000);
    }

    #[test]
    fn notifying_one_for_each_item_is_enough() {
        let (words, cancel) = (Patient::new(3), Cancel::default());
        together(4, |party| {
            let (lock, condition) = parts(&words);
            for i in 0..3_000 {
                if party > 0 && i % 3 > 0 {
                    continue;
                }
                lock.acquire(&cancel).unwrap();
                if party == 0 {
                    words.fetch_add(2, 1);
                    condition.notify(1);
                } else {
                    condition.wait_for(|| words.load(2) > 0, &cancel).unwrap();
                    words.fetch_add(2, 1_u32.wrapping_neg());
                }
                lock.release();
            }
        });
        assert_eq!(words.load(2), 0);
    }

    #[test]
    fn cancelling_lets_those_go_who_wait_and_leaves_the_lock_free() {
        let words = HeapWords::new(2);
        let (lock, condition) = parts(&words);
        cancelling_ends(|cancel| lock.acquire(cancel).and_then(|()| condition.wait(cancel)));
        assert_eq!(lock.acquire(&Cancel::default()), Ok(()));
    }
}
