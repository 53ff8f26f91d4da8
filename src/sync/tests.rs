//! What the tests of the primitives share.

mod heap_words;

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{HeapWords, Words};
use crate::host::Cancel;
use crate::lock::Cancelled;

/// Longer than any party of a test has to wait.
const LONG: Duration = Duration::from_secs(60);

/// Words at which nobody looks again by itself, so that a lost wake-up fails the test, and whose users now
/// and then yield between two steps.
pub(super) struct Patient {
    words: HeapWords,
    steps: AtomicU32,
}

impl Patient {
    pub(super) fn new(len: usize) -> Self {
        Self { words: HeapWords::new(len), steps: AtomicU32::new(0) }
    }

    /// Block until so many wait at the word.
    pub(super) fn until_waiting(&self, index: usize, parties: usize) {
        while self.words.waiting_at(index) < parties {
            thread::yield_now();
        }
    }

    fn step(&self) -> &HeapWords {
        if self.steps.fetch_add(1, Ordering::Relaxed).is_multiple_of(11) {
            thread::yield_now();
        }
        &self.words
    }
}

impl Words for Patient {
    fn len(&self) -> usize {
        self.words.len()
    }

    fn load(&self, index: usize) -> u32 {
        self.step().load(index)
    }

    fn store(&self, index: usize, value: u32) {
        self.step().store(index, value);
    }

    fn compare_exchange(&self, index: usize, current: u32, new: u32) -> Result<u32, u32> {
        self.step().compare_exchange(index, current, new)
    }

    fn fetch_add(&self, index: usize, by: u32) -> u32 {
        self.step().fetch_add(index, by)
    }

    fn wait(&self, index: usize, expected: u32, _: Duration) {
        let since = Instant::now();
        self.step().wait(index, expected, LONG);
        assert!(since.elapsed() < LONG, "a wake-up at word {index} was lost");
    }

    fn notify(&self, index: usize, count: u32) {
        self.step().notify(index, count);
    }
}

/// Run `each` for every party, on a thread each.
pub(super) fn together(parties: u32, each: impl Fn(u32) + Sync) {
    thread::scope(|scope| {
        for party in 0..parties {
            let each = &each;
            scope.spawn(move || each(party));
        }
    });
}

/// Two wait for what does not happen; cancelling lets both go.
pub(super) fn cancelling_ends(wait: impl Fn(&Cancel) -> Result<(), Cancelled> + Sync) {
    let cancel = Cancel::default();
    together(3, |party| {
        if party == 0 {
            thread::sleep(Duration::from_millis(5));
            cancel.cancel();
        } else {
            assert_eq!(wait(&cancel), Err(Cancelled));
        }
    });
}

/// Add one in two steps: what two parties add at the same time is lost.
pub(super) fn add_one(words: &dyn Words, index: usize) {
    words.store(index, words.load(index) + 1);
}
