//! Memory that parties with heaps of their own share (processes, and web workers with memories of their
//! own): how much of it an experiment needs, and what lies where. It is [`Words`](crate::sync::Words).

use crate::experiment::{Channel, Experiment};
use crate::workload;

/// Where each worker's data lies begins at a multiple of so many words, 4 KiB.
const ALIGNMENT: usize = 1024;

/// Words that one worker's data takes, if an experiment has data lie in shared memory.
pub fn slot_words(experiment: &Experiment) -> Option<usize> {
    let workload = workload::find(&experiment.workload)?;
    let shared = experiment.channel == Channel::SharedMemory && workload.input.is_some();
    shared.then(|| (experiment.size as usize).div_ceil(4).next_multiple_of(ALIGNMENT))
}

/// Words that so many workers share, if they share any.
pub fn words(experiment: &Experiment, workers: u32) -> Option<usize> {
    let meeting = workload::find(&experiment.workload).and_then(|workload| workload.meeting.as_ref());
    meeting.map(|meeting| meeting.words).or_else(|| Some(slot_words(experiment)? * workers as usize))
}
