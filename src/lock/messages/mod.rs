//! The lock over messages, for workers that share no memory: the same protocol, said instead of done.
//!
//! The parent has the [`Arbiter`], every worker a [`Claim`]. Neither has a clock or sends anything: they are told
//! the time, and give what is to be sent. Messages between the two sides keep their order and get there late. So
//! what crosses another message on its way is told apart by the number of the turn that it speaks of: a worker
//! counts its turns, and ignores what it is told of one that is over.

mod arbiter;
mod claim;

use serde::{Deserialize, Serialize};

pub use arbiter::{Arbiter, Stray};
pub use claim::{Claim, Heard};

/// What a worker says about its turn.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
pub enum ToArbiter {
    /// It waits for the lock.
    Wants { turn: u32 },
    /// It had the lock and dropped it at `at_us`. With `again` it waits for its next turn at once.
    Drops { turn: u32, at_us: f64, again: bool },
    /// It waits no longer. The lock may have been given to it meanwhile; it has made no use of that.
    Leaves { turn: u32 },
}

/// What a worker is told about its turn.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
pub enum ToClaim {
    /// It has the lock, which was last dropped at `free_us` by the dropper's clock: what it does comes after that,
    /// whatever its own clock says.
    Has { turn: u32, free_us: f64 },
    /// Somebody has waited a switch interval: the drop request.
    Asked { turn: u32 },
}

#[cfg(test)]
mod tests;
