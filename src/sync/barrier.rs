use super::{Words, changed};
use crate::host::Cancel;
use crate::lock::Cancelled;

/// Nobody goes on before all have come, again and again, as `threading.Barrier`.
///
/// One word counts who has come, the other one meetings. Unlike Python's it cannot be aborted: a party that
/// is cancelled or gone while the others meet spoils it for good, and the others are to be cancelled too.
#[derive(Clone, Copy)]
pub struct Barrier<'a> {
    words: &'a dyn Words,
    base: usize,
    parties: u32,
}

impl<'a> Barrier<'a> {
    /// Words that it needs.
    pub const WORDS: usize = 2;

    /// The barrier of so many parties whose words begin at `base`; zeros are a valid beginning.
    pub fn at(words: &'a dyn Words, base: usize, parties: u32) -> Self {
        Self { words, base, parties }
    }

    /// Wait until all have come. Gives how many came before this party: 0 to parties - 1, each once.
    ///
    /// # Errors
    /// [`Cancelled`]: not all have come.
    pub fn wait(&self, cancel: &Cancel) -> Result<u32, Cancelled> {
        let (arrived, meetings) = (self.base, self.base + 1);
        // Read before arriving: without this party the meeting cannot end.
        let meeting = self.words.load(meetings);
        let before = self.words.fetch_add(arrived, 1);
        if before + 1 < self.parties {
            changed(self.words, meetings, meeting, cancel)?;
        } else {
            self.words.store(arrived, 0);
            self.words.fetch_add(meetings, 1);
            self.words.notify(meetings, u32::MAX);
        }
        Ok(before)
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeapWords;
    use super::super::tests::{Patient, cancelling_ends, together};
    use super::*;

    #[test]
    fn nobody_goes_on_early_however_often_they_meet() {
        let (words, cancel) = (Patient::new(4), Cancel::default());
        together(3, |_| {
            let barrier = Barrier::at(&words, 2, 3);
            for meeting in 1..=1_000 {
                words.fetch_add(0, 1);
                let before = barrier.wait(&cancel).unwrap();
                assert!(words.load(0) >= 3 * meeting, "all have come");
                words.fetch_add(1, before);
                barrier.wait(&cancel).unwrap();
                assert_eq!(words.load(0), 3 * meeting, "nobody has come for the next meeting");
                assert_eq!(words.load(1), 3 * meeting, "0, 1 and 2 came before");
                barrier.wait(&cancel).unwrap();
            }
        });
    }

    #[test]
    fn alone_nobody_waits() {
        let words = Patient::new(2);
        assert_eq!(Barrier::at(&words, 0, 1).wait(&Cancel::default()), Ok(0));
    }

    #[test]
    fn cancelling_lets_those_go_who_wait_for_one_that_is_gone() {
        let words = HeapWords::new(2);
        cancelling_ends(|cancel| Barrier::at(&words, 0, 3).wait(cancel).map(|_| ()));
    }
}
