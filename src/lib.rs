//! gilscope: one *experiment* goes in, one *report* comes out, whichever *host* runs it.
//!
//! This crate is the core: no I/O, no clock of its own, no printing. ARCHITECTURE.md has the map.

pub mod chart;
#[cfg(all(test, not(miri)))]
mod checked;
#[cfg(feature = "analysis")]
pub mod compact;
pub mod companion;
pub mod compare;
pub mod decide;
pub mod embed;
pub mod experiment;
pub mod fault;
pub mod host;
pub mod labs;
pub mod lock;
mod means;
pub mod message;
pub mod model;
pub mod points;
pub mod presets;
pub mod report;
pub mod schedule;
pub mod session;
pub mod shared_memory;
pub mod shown;
pub mod stats;
pub mod sync;
pub mod trace;
pub mod workload;

#[cfg(target_arch = "wasm32")]
pub mod browser;

#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
compile_error!("the wasm build needs shared memory: build it with `cargo xtask build`, which sets the flags");
