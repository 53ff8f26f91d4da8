//! The simulated Global Interpreter Lock.
//!
//! CPython's protocol since 3.2 (`Python/ceval_gil.c`, `take_gil` and `drop_gil`) on two `Mutex`es and two
//! `Condvar`s. A waiter waits one switch interval; if no switch happened meanwhile it raises the drop
//! request. The holder looks for it after every step, drops the lock, and waits until another worker
//! has taken it (forced switching). Who gets it is up to the system natively on Unix, where those are
//! CPython's own (`pthread`); elsewhere who asked mostly does ([`race`]). The same code runs natively and in wasm
//! with shared memory.
//!
//! A second policy is the lock before 3.2: the holder drops it every 100 ticks, wakes a waiter, and at
//! once tries to take it again.
//!
//! Where no memory is shared, [`messages`] is the same protocol over messages.

mod means;
pub mod messages;
mod protocol;
#[cfg(unix)]
mod pthread;
pub(crate) mod race;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use protocol::Lock;

/// Which protocol a lock follows.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// CPython 3.2 and later: a timed wait, a drop request, a forced switch.
    #[default]
    SwitchInterval,
    /// CPython before 3.2: the lock is dropped and taken again every 100 ticks (here every eight steps of work), and
    /// whoever is quicker gets it.
    Ticks,
}

impl Policy {
    pub const ALL: [Self; 2] = [Self::SwitchInterval, Self::Ticks];

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::SwitchInterval => "switch-interval",
            Self::Ticks => "ticks",
        }
    }
}

/// What a lock has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Times that any worker took the lock.
    pub acquisitions: u64,
    /// Times that a holder gave it up on request and another worker then took it.
    pub forced_switches: u64,
    /// Times that a waiter woke up because the lock had been dropped. Who asked for it and is awake still need not.
    pub signals: u64,
    /// Times that a waiter woke up for it and found it taken again.
    pub found_taken: u64,
    /// Times that the drop request was raised much later than the waiter's switch interval ended. Not counted where
    /// waiters have the system's own timers.
    pub late: u64,
}

/// The run was cancelled: the worker does not hold the lock and is to stop.
#[derive(Debug, PartialEq, Eq)]
pub struct Cancelled;
