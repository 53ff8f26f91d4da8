//! What the lock blocks on: on Unix what CPython's does, elsewhere the standard library's.

#[cfg(not(unix))]
pub use std::sync::{Condvar, Mutex, MutexGuard};

#[cfg(unix)]
pub use super::pthread::{Condvar, Mutex, MutexGuard};
pub use crate::means::{AtomicBool, Cancel, look_for_a_moment};

/// Waiters race for the lock as CPython's do, so there is nothing to draw lots for.
pub const IS_CPYTHONS: bool = cfg!(unix);
