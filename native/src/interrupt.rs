//! Ctrl-C, and the other signals that ask a process to end.

use anyhow::Context;
use gilscope::host::Cancel;

/// Set on the first signal, which also calls `then`; the second one ends the process at once.
pub fn cancel_on_signal(then: impl Fn() + Send + 'static) -> anyhow::Result<Cancel> {
    let cancel = Cancel::default();
    let handler = {
        let cancel = cancel.clone();
        move || {
            if cancel.is_cancelled() {
                std::process::exit(130);
            }
            cancel.cancel();
            then();
        }
    };
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")?;
    Ok(cancel)
}
