//! The models: what runs inside a worker. A host only provides the workers.
//!
//! [`job`] is the heap that `threads` and `free-threads` share, [`isolated`] is a worker with a heap of
//! its own.

pub mod free_threads;
pub mod isolated;
pub mod job;
pub mod threads;
pub mod warm_up;
