//! One experiment being measured, on a thread of its own.

use gilscope::experiment::Experiment;
use gilscope::host::Controls;
use gilscope::report::Report;
use gilscope::session::{Event, RunError};
use tokio::sync::{mpsc, oneshot};

use crate::measure::{self, AnyHost};
use crate::waits::Waits;

/// What comes of it.
pub struct Measuring {
    /// Unbounded, and turned into text by whoever reads: what the thread that measures did for it would be measured.
    pub events: mpsc::UnboundedReceiver<Event>,
    /// Comes when the thread is done, and fails if it panicked.
    pub report: oneshot::Receiver<Result<Report, RunError>>,
}

/// Measure on a thread of its own: it may be pinned to cores, so no other run may inherit it.
pub fn start(host: AnyHost, experiment: Experiment, controls: Controls, waits: Waits) -> Measuring {
    let (heard, events) = mpsc::unbounded_channel();
    let (done, report) = oneshot::channel();
    std::thread::spawn(move || {
        let watch = &mut |event| drop(heard.send(event));
        let _ = done.send(measure::measure(&host, &experiment, controls, true, waits, watch));
    });
    Measuring { events, report }
}
