//! The cpython host: the same experiment in a real Python.
//!
//! A Python ([`find`]) runs the harness in `harness/`, which speaks JSON lines ([`message`], [`harness`]). Each
//! pool is a harness of its own. Who had the lock when is inferred from what the workers noted ([`trace`]).

pub mod find;
mod group;
mod harness;
pub mod host;
mod message;
mod pool;
mod trace;
