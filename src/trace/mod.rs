//! The trace: what each worker did when.
//!
//! A worker records *changes* of its state, so its states touch and never overlap by construction. The
//! changes go to a fixed ring ([`ring`]) that the page or the parent drains; what it drained is folded
//! into spans and sums here, and exported for Perfetto by [`perfetto`].

pub mod perfetto;
pub mod ring;
pub mod turns;

use serde::{Deserialize, Serialize};

use crate::experiment::Model;

/// What a worker does.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Being started; cannot take a task yet.
    Starting,
    /// Wants the lock.
    Waiting,
    /// Computes.
    Running,
    /// In I/O.
    Blocked,
    /// Serializes and sends.
    Sending,
    /// Receives and deserializes.
    Receiving,
    /// Has nothing to do.
    Idle,
    /// Has ended.
    Dead,
}

impl State {
    pub const ALL: [Self; 8] = [
        Self::Starting,
        Self::Waiting,
        Self::Running,
        Self::Blocked,
        Self::Sending,
        Self::Receiving,
        Self::Idle,
        Self::Dead,
    ];

    /// The name that every face shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Blocked => "blocked",
            Self::Sending => "sending",
            Self::Receiving => "receiving",
            Self::Idle => "idle",
            Self::Dead => "dead",
        }
    }
}

/// A worker enters a state.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Transition {
    /// Microseconds since the run's start.
    pub at_us: f64,
    pub state: State,
    /// The task that the worker is at, if any.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub task: Option<u32>,
    /// Quanta that this worker has computed so far.
    pub work: u64,
    /// Running without the lock, where there is one: a kernel that has dropped it.
    #[serde(default)]
    pub unlocked: bool,
}

/// A stretch of time that a worker spent in one state.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Span {
    pub state: State,
    /// Microseconds since the run's start.
    pub start_us: f64,
    /// Microseconds since the run's start; the next span begins here.
    pub end_us: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub task: Option<u32>,
    /// Quanta computed within the span.
    pub work: u64,
    /// Running without the lock, where there is one: a kernel that has dropped it.
    #[serde(default)]
    pub unlocked: bool,
}

/// One worker's life, from its start to its end.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Track {
    pub worker: u32,
    pub spans: Vec<Span>,
    /// Spans that were lost because the worker's ring wrapped before it was read.
    pub dropped_spans: u64,
}

/// When one measured round of a run took place.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Window {
    /// Microseconds since the run's start, from the first task's dispatch.
    pub start_us: f64,
    /// To the last partial answer.
    pub end_us: f64,
}

/// The trace of one model with one number of workers.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RunTrace {
    /// The point of the experiment's sweep, counted from 0; absent without a sweep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub point: Option<u32>,
    pub model: Model,
    pub workers: u32,
    /// The measured samples, one a round; between them the workers are idle.
    pub samples: Vec<Window>,
    pub tracks: Vec<Track>,
}

/// The time that a worker spent in each state, in microseconds, by [`State`] order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times([f64; State::ALL.len()]);

impl Times {
    pub fn of(&self, state: State) -> f64 {
        self.0[state as usize]
    }

    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }

    /// Add what `spans` have within `window`.
    pub fn add(&mut self, spans: &[Span], window: Window) {
        for span in spans {
            let overlap = span.end_us.min(window.end_us) - span.start_us.max(window.start_us);
            self.0[span.state as usize] += overlap.max(0.0);
        }
    }
}

/// The spans between `transitions`, up to `end_us`. A worker that is dead has no more spans, unless another takes its
/// place.
pub fn spans(transitions: &[Transition], end_us: f64) -> Vec<Span> {
    let ends = transitions.iter().skip(1).map(|next| (next.at_us, next.work));
    let last_work = transitions.last().map_or(0, |last| last.work);
    let ends = ends
        .map(Some)
        .chain([transitions.last().filter(|last| last.state != State::Dead).map(|_| (end_us, last_work))]);
    transitions
        .iter()
        .zip(ends)
        .filter_map(|(from, end)| Some((from, end?)))
        .filter(|(from, (end, _))| *end > from.at_us)
        .map(|(from, (end_us, work))| Span {
            state: from.state,
            start_us: from.at_us,
            end_us,
            task: from.task,
            work: work.saturating_sub(from.work),
            unlocked: from.unlocked,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn transition(at_us: f64, state: State) -> Transition {
        Transition { at_us, state, task: None, work: 0, unlocked: false }
    }

    #[test]
    fn the_dead_have_no_spans() {
        let life = [transition(0.0, State::Starting), transition(5.0, State::Idle), transition(9.0, State::Dead)];
        let spans = spans(&life, 20.0);
        assert_eq!(spans.len(), 2);
        assert_eq!(spans[1].end_us, 9.0);
    }

    proptest! {
        #[test]
        fn spans_partition_the_time(steps in proptest::collection::vec((0u32..1000, 0usize..7), 1..50)) {
            let mut at_us = 0.0;
            let transitions: Vec<_> = steps.iter().map(|&(step, state)| {
                at_us += f64::from(step);
                transition(at_us, State::ALL[state])
            }).collect();
            let end_us = at_us + 10.0;
            let spans = spans(&transitions, end_us);
            for pair in spans.windows(2) {
                prop_assert_eq!(pair[0].end_us, pair[1].start_us);
            }
            let mut times = Times::default();
            times.add(&spans, Window { start_us: 0.0, end_us });
            prop_assert!((times.total() - (end_us - transitions[0].at_us)).abs() < 1e-6);
        }
    }
}
