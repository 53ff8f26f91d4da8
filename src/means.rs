//! What blocks, and what is shared by those who may block. Code that is checked takes these names from here;
//! [`crate::checked`] has the same ones on a scheduler of its own.

pub use std::sync::atomic::{AtomicBool, AtomicU32};
pub use std::sync::{Condvar, Mutex, MutexGuard};
pub use std::thread;

pub use crate::host::Cancel;
