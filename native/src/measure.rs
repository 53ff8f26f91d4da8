//! One experiment on this machine, for whoever asks: the command line or the server.

use gilscope::experiment::Experiment;
use gilscope::host::Controls;
use gilscope::report::Report;
use gilscope::session::{self, Event, RunError};

use crate::cpython::find::Python;
use crate::cpython::host::CpythonHost;
use crate::host::NativeHost;
use crate::waits::Waits;

/// Which host of this machine runs an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyHost {
    /// This binary's own threads and processes.
    Native,
    /// This Python.
    Cpython(Python),
}

/// Run `experiment` from start to end on this thread. Without `recording` there are no times by worker.
pub fn measure(
    host: &AnyHost,
    experiment: &Experiment,
    controls: Controls,
    recording: bool,
    waits: Waits,
    watch: &mut dyn FnMut(Event),
) -> Result<Report, RunError> {
    let failed = |error: anyhow::Error| RunError::Host(format!("{error:#}"));
    match host {
        AnyHost::Native => {
            let mut host = NativeHost::new(experiment, controls, recording, waits).map_err(failed)?;
            // The futures of both hosts never wait: this polls the session once, from start to end.
            pollster::block_on(session::run(&mut host, experiment, watch))
        }
        AnyHost::Cpython(python) => {
            let host = CpythonHost::new(python.clone(), experiment, controls.cancel, recording, waits.warm_up);
            let mut host = host.map_err(failed)?;
            pollster::block_on(session::run(&mut host, experiment, watch))
        }
    }
}
