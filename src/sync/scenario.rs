//! A small live scenario for each primitive: what the parties do with it, and what is to be found in the
//! shared words afterwards if it did its job.

mod operation;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::{Barrier, Condition, Event, Lock, Queue, RLock, Semaphore, Words};
use crate::experiment::MAX_WORKERS;
use crate::host::Cancel;
use crate::lock::Cancelled;
use operation::Operation;

/// What parties synchronize with.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Primitive {
    /// One party at a time adds one, in two steps.
    #[default]
    Lock,
    /// As `Lock`, and each takes it twice.
    #[serde(rename = "rlock")]
    RLock,
    /// As `Lock`, by a semaphore with one permit.
    Semaphore,
    /// Parties hand a turn around; each waits for its own event and sets the next party's.
    Event,
    /// Parties hand a turn around; all wait until a shared number says that it is theirs.
    Condition,
    /// All parties meet, again and again.
    Barrier,
    /// Party 0 puts numbers, the others get and sum them.
    Queue,
}

impl Primitive {
    pub const ALL: [Self; 7] =
        [Self::Lock, Self::RLock, Self::Semaphore, Self::Event, Self::Condition, Self::Barrier, Self::Queue];

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::RLock => "rlock",
            Self::Semaphore => "semaphore",
            Self::Event => "event",
            Self::Condition => "condition",
            Self::Barrier => "barrier",
            Self::Queue => "queue",
        }
    }
}

/// Words that a scenario needs, for as many parties as there may be workers.
pub const WORDS: usize = BASE + MAX_WORKERS as usize * Event::WORDS;

/// What was found: the lower half, then the upper half.
const FOUND: usize = 0;
/// How often parties came to the barrier.
const ARRIVED: usize = 2;
/// The primitive's own words.
const BASE: usize = 3;
/// Slots of the queue, a number of 4 bytes each.
const SLOTS: u32 = 64;

const _: () = assert!(Queue::words(SLOTS, 4) <= WORDS - BASE, "an event for each party takes most");

fn queue(words: &dyn Words) -> Queue<'_> {
    Queue::at(words, BASE, SLOTS, 4)
}

fn event(words: &dyn Words, party: u32) -> Event<'_> {
    Event::at(words, BASE + party as usize * Event::WORDS)
}

/// Words that so many parties need for this primitive: at most [`WORDS`].
pub fn needed(primitive: Primitive, parties: u32) -> usize {
    let own = match primitive {
        Primitive::Lock => Lock::WORDS,
        Primitive::RLock => RLock::WORDS,
        Primitive::Semaphore => Semaphore::WORDS,
        Primitive::Event => parties as usize * Event::WORDS,
        Primitive::Condition => Lock::WORDS + Condition::WORDS,
        Primitive::Barrier => Barrier::WORDS,
        Primitive::Queue => Queue::words(SLOTS, 4),
    };
    BASE + own
}

/// Begin, before any party starts: sets all words that are [`needed`].
///
/// # Panics
/// If there are more parties than [`MAX_WORKERS`], or fewer words than they need.
pub fn prepare(primitive: Primitive, words: &dyn Words, parties: u32) {
    assert!(parties <= MAX_WORKERS, "a scenario has at most {MAX_WORKERS} parties");
    (0..needed(primitive, parties)).for_each(|index| words.store(index, 0));
    match primitive {
        Primitive::Semaphore => Semaphore::at(words, BASE).init(1),
        Primitive::Event => event(words, 0).set(),
        Primitive::Queue => queue(words).init(),
        Primitive::Lock | Primitive::RLock | Primitive::Condition | Primitive::Barrier => {}
    }
}

/// Perform the operations `from..until` of one party, numbered from 0, in order and each once. All parties
/// have the same number of operations and have to be there at the same time, since they wait for each
/// other. Parties are numbered from 0; all their operations together are fewer than 2^32.
///
/// # Errors
/// [`Cancelled`], within one [`SLICE`](super::SLICE); the scenario cannot be gone on with.
pub fn party(
    primitive: Primitive,
    words: &dyn Words,
    party: u32,
    parties: u32,
    from: u32,
    until: u32,
    cancel: &Cancel,
) -> Result<(), Cancelled> {
    let operation = Operation { words, party, parties, cancel };
    (from..until).try_for_each(|number| operation.perform(primitive, number))
}

/// What is there now: how often one was added, a turn handed on, or a party met all others; the sum of what
/// was got from the queue.
pub fn found(_: Primitive, words: &dyn Words) -> i64 {
    i64::from(words.load(FOUND + 1)) << 32 | i64::from(words.load(FOUND))
}

/// What is to be there after so many operations of each party.
pub fn expected(primitive: Primitive, parties: u32, operations: u32) -> i64 {
    let each = |parties: u32| i64::from(parties) * i64::from(operations);
    match primitive {
        Primitive::Queue => {
            let numbers = each(parties.saturating_sub(1)).cast_unsigned();
            (numbers * numbers.saturating_sub(1) / 2).cast_signed()
        }
        _ => each(parties),
    }
}
