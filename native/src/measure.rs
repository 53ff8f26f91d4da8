//! One experiment on this machine, for whoever asks: the command line or the server.

use gilscope::experiment::Experiment;
use gilscope::host::Cancel;
use gilscope::report::Report;
use gilscope::session::{self, Event, RunError};

use crate::host::NativeHost;

/// Run `experiment` from start to end on this thread. Without `recording` there are no times by worker.
pub fn measure(
    experiment: &Experiment,
    cancel: Cancel,
    recording: bool,
    watch: &mut dyn FnMut(Event),
) -> Result<Report, RunError> {
    let mut host =
        NativeHost::new(experiment, cancel, recording).map_err(|error| RunError::Host(format!("{error:#}")))?;
    // Native futures never wait: this polls the session once, from start to end.
    pollster::block_on(session::run(&mut host, experiment, watch))
}
