use super::{Words, changed};
use crate::host::Cancel;
use crate::lock::Cancelled;

/// A flag to wait for, as `threading.Event`.
///
/// The word counts changes of the flag, so it is odd while the flag is set. Whoever waits when the flag is
/// set goes on, even if it is cleared before they look.
#[derive(Clone, Copy)]
pub struct Event<'a> {
    words: &'a dyn Words,
    base: usize,
}

impl<'a> Event<'a> {
    /// Words that it needs.
    pub const WORDS: usize = 1;

    /// The event whose words begin at `base`; zero is clear.
    pub fn at(words: &'a dyn Words, base: usize) -> Self {
        Self { words, base }
    }

    pub fn is_set(&self) -> bool {
        is_odd(self.words.load(self.base))
    }

    /// Set the flag and wake all who wait for it.
    pub fn set(&self) {
        if self.change(true) {
            self.words.notify(self.base, u32::MAX);
        }
    }

    /// Clear the flag: from now on, those who come wait.
    pub fn clear(&self) {
        self.change(false);
    }

    /// Whether this changed the flag.
    fn change(&self, to: bool) -> bool {
        let mut word = self.words.load(self.base);
        while is_odd(word) != to {
            match self.words.compare_exchange(self.base, word, word.wrapping_add(1)) {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
        false
    }

    /// Wait until the flag is set.
    ///
    /// # Errors
    /// [`Cancelled`]: it was not set.
    pub fn wait(&self, cancel: &Cancel) -> Result<(), Cancelled> {
        let word = self.words.load(self.base);
        if is_odd(word) { Ok(()) } else { changed(self.words, self.base, word, cancel) }
    }
}

fn is_odd(word: u32) -> bool {
    word % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::super::HeapWords;
    use super::super::tests::{Patient, cancelling_ends, together};
    use super::*;

    #[test]
    fn parties_wake_each_other_in_turn() {
        let (words, cancel) = (Patient::new(3), Cancel::default());
        Event::at(&words, 0).set();
        together(3, |party| {
            let [mine, next] = [party, (party + 1) % 3].map(|index| Event::at(&words, index as usize));
            for _ in 0..1_000 {
                mine.wait(&cancel).unwrap();
                mine.clear();
                next.set();
            }
        });
        assert_eq!([0, 1, 2].map(|index| Event::at(&words, index).is_set()), [true, false, false]);
    }

    #[test]
    fn setting_it_wakes_all_even_if_it_is_cleared_at_once() {
        let (words, cancel) = (Patient::new(1), Cancel::default());
        let event = Event::at(&words, 0);
        together(4, |party| {
            if party > 0 {
                return event.wait(&cancel).unwrap();
            }
            words.until_waiting(0, 3);
            event.set();
            event.clear();
        });
    }

    #[test]
    fn setting_and_clearing_twice_is_as_once() {
        let words = HeapWords::new(1);
        let event = Event::at(&words, 0);
        event.set();
        event.set();
        assert!(event.is_set());
        event.clear();
        event.clear();
        assert!(!event.is_set());
    }

    #[test]
    fn cancelling_lets_those_go_who_wait() {
        let words = HeapWords::new(1);
        cancelling_ends(|cancel| Event::at(&words, 0).wait(cancel));
    }
}
