//! What a parent and its isolated workers say to each other: the same frames over a browser's messages
//! and over a pipe. Encoded by `postcard`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::experiment::Experiment;
use crate::fault::Fault;
use crate::host::Memory;
use crate::lock::messages::{ToArbiter, ToClaim};
use crate::trace::Transition;
use crate::workload::Partial;

/// From the parent. Every request is answered with its id.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub enum ToWorker {
    /// The first message: who the worker is and what it will compute. Answered by `Ready`.
    Begin {
        request: u32,
        worker: u32,
        experiment: Experiment,
        recording: bool,
        fault: Fault,
    },
    /// Answered by `Warm`.
    WarmUp {
        request: u32,
    },
    /// Compute these tasks. Answered by `Partials`.
    Compute {
        request: u32,
        sent_us: f64,
        order: Order,
        input: Input,
        tasks: Vec<u32>,
        /// What the worker suffers in the doomed one, if that is among them.
        fault: Fault,
    },
    /// Compute these tasks with no harness and throw the answers away. Answered by `BareDone`.
    Bare {
        request: u32,
        tasks: Vec<u32>,
    },
    /// Compute beside the tasks of others until told to halt. Answered by `BareDone` then.
    Beside {
        request: u32,
        /// Under the lock.
        locked: bool,
    },
    Halt,
    /// Of the lock over messages. No request.
    Lock(ToClaim),
    /// Hand over what is recorded. Answered by `Flushed`.
    Flush {
        request: u32,
    },
    /// End.
    Exit,
}

/// Where the data is that comes with tasks.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// There is none.
    None,
    /// After the message, in the same frame.
    Follows,
    /// In memory that parent and worker share.
    Shared { at: u64, bytes: u32 },
}

/// How tasks are to be done.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// One after another, all answered together.
    Take,
    /// One after another, answers may come early, in `Progress`.
    Stream,
    /// Taking turns while they wait; answers may come early.
    Events,
    /// One after another, in turns at the lock; answers may come early.
    Turns,
    /// With no harness, answers thrown away.
    Bare,
    /// No tasks: work for its own sake.
    Beside,
}

/// From a worker.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub enum FromWorker {
    Ready {
        request: u32,
    },
    Warm {
        request: u32,
        stable: bool,
    },
    /// `partials` is an encoded `Vec<TaskPartial>`, encoded apart so that its cost can be told.
    Partials {
        request: u32,
        /// When the last task was computed.
        done_us: f64,
        sent_us: f64,
        figures: WorkerSide,
        trace: Recorded,
        partials: Vec<u8>,
    },
    BareDone {
        request: u32,
    },
    Flushed {
        request: u32,
        trace: Recorded,
        memory: Memory,
        /// What the workload counted on the worker's heap since the last time.
        found: Option<i64>,
    },
    /// Of the lock over messages. Not an answer.
    Lock(ToArbiter),
    /// Not an answer: what was recorded since the last message, while a request is under way, and the
    /// answers so far if they were asked to stream. Without either it tells that the worker is alive.
    Progress {
        trace: Recorded,
        partials: Vec<TaskPartial>,
    },
}

/// What the channel cost on the worker's side for one request.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq)]
pub struct WorkerSide {
    /// Decoding the request and encoding the answer, in microseconds.
    pub serialize_us: f64,
    /// From the request's being sent to its being received, in microseconds.
    pub transfer_us: f64,
}

/// Drained from a worker's ring.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    pub transitions: Vec<Transition>,
    pub dropped: u64,
}

/// A task with its answer, and when the worker began and ended it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TaskPartial {
    pub task: u32,
    pub started_us: f64,
    pub done_us: f64,
    pub partial: Partial,
}

/// A frame that is no message.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("a message between parent and worker is malformed: please report this bug")]
pub struct Malformed(#[from] postcard::Error);

/// Encode a message.
///
/// # Panics
/// Never: every message type above can be encoded.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).expect("messages can be encoded")
}

/// Encode a message with data after it, which is copied once.
///
/// # Panics
/// Never: every message type above can be encoded.
pub fn encode_with(message: &impl Serialize, data: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(data.len() + HEAD);
    frame.extend(encode(message));
    frame.extend_from_slice(data);
    frame
}

/// Room for a message before its data.
const HEAD: usize = 256;

/// Decode a message, and give the data after it.
///
/// # Errors
/// When `frame` is none.
pub fn decode_with<T: DeserializeOwned>(frame: &[u8]) -> Result<(T, &[u8]), Malformed> {
    Ok(postcard::take_from_bytes(frame)?)
}

/// Decode a message.
///
/// # Errors
/// When `frame` is none.
pub fn decode<T: DeserializeOwned>(frame: &[u8]) -> Result<T, Malformed> {
    Ok(postcard::from_bytes(frame)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_round_trip() {
        let (experiment, fault) = (Experiment::default(), Fault::None);
        let message = ToWorker::Begin { request: 1, worker: 2, experiment, recording: true, fault };
        assert_eq!(decode::<ToWorker>(&encode(&message)), Ok(message));
    }

    proptest! {
        #[test]
        fn no_frame_panics(frame in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode::<ToWorker>(&frame);
            let _ = decode::<FromWorker>(&frame);
        }
    }
}
