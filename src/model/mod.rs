//! The models: what runs inside a worker. A host only provides the workers.
//!
//! [`job`] is the heap that `threads` and `free-threads` share, [`isolated`] is a worker with a heap of
//! its own and [`processes`] its parent, [`ward`] knows who died. [`turns`] is `threads` on such workers, where no
//! memory is shared.

pub mod event_loop;
pub mod free_threads;
pub mod isolated;
pub mod job;
pub mod processes;
pub mod threads;
pub mod turns;
pub mod ward;
pub mod warm_up;
