//! What blocks, and what is shared by those who may block. Code that is checked takes these names from here;
//! [`crate::checked`] has the same ones on a scheduler of its own.

pub use std::sync::atomic::{AtomicBool, AtomicU32};
pub use std::sync::{Mutex, MutexGuard};
pub use std::thread;

pub use crate::host::Cancel;

/// Looks of [`look_for_a_moment`]. A look takes 1 ns in wasm, which has no instruction to pause, and about 40 ns elsewhere.
const LOOKS: u32 = if cfg!(target_arch = "wasm32") { 10_000 } else { 250 };

/// Stay awake while something holds, for 10 us at most.
pub fn look_for_a_moment(holds: impl Fn() -> bool) {
    for _ in 0..LOOKS {
        if !holds() {
            return;
        }
        std::hint::spin_loop();
    }
}
