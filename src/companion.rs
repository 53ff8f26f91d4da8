//! What the page and the companion that serves it say to each other, over HTTP. A page shares no memory with it, and
//! its connection may be cut at any time.

use serde::{Deserialize, Serialize};

use crate::experiment::Experiment;
use crate::report::{HostKind, Report};
use crate::session::Event;

/// A host on the companion's machine: an entry of `GET /api/hosts`.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct HostInfo {
    /// What a page calls it by. It says nothing of where the host lies.
    pub id: String,
    pub kind: HostKind,
    /// What runs there, with its version.
    pub engine: String,
}

/// What `POST /api/runs` takes.
#[derive(Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RunRequest {
    /// The id of a host.
    pub host: String,
    pub experiment: Experiment,
}

/// A run that the companion knows of: what `POST /api/runs` answers, and an entry of `GET /api/runs`.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RunInfo {
    pub id: String,
    pub host: String,
    pub experiment: Experiment,
    pub progress: RunProgress,
}

/// How far a run is.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum RunProgress {
    /// So many other runs come first.
    Queued { ahead: u32 },
    /// This share of all its samples is done, from 0 to 1.
    Running { done: f64 },
    /// Its last line is there.
    Ended,
}

/// A line of `GET /api/runs/{id}/events`: what was [`Said`], or the same as JSON. Numbers count from 0, and none comes
/// twice.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Line<S> {
    pub number: u64,
    pub said: S,
}

/// What a line says.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Said {
    /// So many other runs come first.
    Queued {
        ahead: u32,
    },
    Event {
        event: Event,
    },
    /// So many lines, up to this one, were traces and answers that are no longer kept.
    Dropped {
        lines: u64,
    },
    /// The last line of a run that measured something.
    Report {
        report: Box<Report>,
    },
    /// The last line of one that did not.
    Error {
        message: String,
        /// The field of the experiment that is to blame, if one is.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        field: Option<String>,
    },
}
