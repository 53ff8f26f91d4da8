//! Ctrl-C, and the other signals that ask a process to end; and Ctrl-Z, which stops it for a while.

use anyhow::Context;
use gilscope::host::Cancel;
use signal_hook::{consts, flag};

/// The terminal's Ctrl-C, and the system's wish. On Unix also the terminal's end.
const SIGNALS: &[i32] = &[
    consts::SIGINT,
    consts::SIGTERM,
    #[cfg(unix)]
    consts::SIGHUP,
];

/// What the second signal ends the process with.
const CANCELLED: i32 = 130;

/// Set on the first signal; the second one ends the process at once. It takes no thread: a process that has one
/// cannot be copied.
pub fn cancel_on_signal() -> anyhow::Result<Cancel> {
    let cancel = Cancel::default();
    for signal in SIGNALS {
        // In this order: the other way round the first signal would end the process.
        let second = flag::register_conditional_shutdown(*signal, CANCELLED, cancel.flag());
        second.and_then(|_| flag::register(*signal, cancel.flag())).context("cannot listen for Ctrl-C")?;
    }
    Ok(cancel)
}

/// Whether this process was stopped and went on since it was last asked.
#[cfg(unix)]
pub fn was_stopped() -> bool {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, LazyLock};

    static CONTINUED: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| {
        let continued = Arc::default();
        // Where it cannot be heard of, nothing is said about it.
        let _ = flag::register(consts::SIGCONT, Arc::clone(&continued));
        continued
    });
    CONTINUED.swap(false, Ordering::Relaxed)
}

/// Elsewhere no process is stopped from outside.
#[cfg(not(unix))]
pub fn was_stopped() -> bool {
    false
}
