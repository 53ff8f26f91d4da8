//! From events to what each thread was doing, and for how long.

use std::collections::BTreeMap;

use crate::{Event, Kind, Recording};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Wants the lock, or had to release it and waits until another thread has taken it.
    Waiting,
    Holding,
}

/// An uninterrupted stretch of time in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub state: State,
    /// `CLOCK_MONOTONIC`, in nanoseconds.
    pub start_ns: u64,
    pub end_ns: u64,
}

/// What one thread did, oldest first. Stretches do not overlap; between two of them, the thread neither had the lock
/// nor wanted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    pub thread: u32,
    pub stretches: Vec<Stretch>,
}

/// A thread that asks for the lock this soon after a forced switch did nothing in between: the two waits are one.
const SAME_WAIT_NS: u64 = 20_000;

/// The track of every thread, ordered by the thread's first event. A stretch that began before the oldest event is left
/// out; one that has not ended ends with the last event of the recording.
pub fn tracks(recording: &Recording) -> Vec<Track> {
    let mut threads = BTreeMap::<u32, Progress>::new();
    let mut order = Vec::new();
    for event in &recording.events {
        let thread = threads.entry(event.thread).or_insert_with(|| {
            order.push(event.thread);
            Progress::default()
        });
        thread.follow(event);
    }
    let end = recording.events.last().map_or(0, |event| event.at_ns);
    let finish = |thread| {
        let mut progress = threads.remove(&thread)?;
        progress.close(end);
        Some(Track { thread, stretches: progress.stretches })
    };
    order.into_iter().filter_map(finish).collect()
}

#[derive(Default)]
struct Progress {
    stretches: Vec<Stretch>,
    /// The current state, and since when.
    open: Option<(State, u64)>,
    /// Its last event is the end of a forced switch.
    resumed: bool,
}

impl Progress {
    fn follow(&mut self, event: &Event) {
        let at = event.at_ns;
        match event.kind {
            Kind::Wants => {
                let same = |last: &mut Stretch| self.resumed && at - last.end_ns <= SAME_WAIT_NS;
                let since = self.stretches.pop_if(same).map_or(at, |wait| wait.start_ns);
                self.open(State::Waiting, since, at);
            }
            Kind::Took => self.open(State::Holding, at, at),
            Kind::Forced => self.open(State::Waiting, at, at),
            Kind::Dropped | Kind::Resumed => self.close(at),
        }
        self.resumed = event.kind == Kind::Resumed;
    }

    fn open(&mut self, state: State, since: u64, now: u64) {
        self.close(now);
        self.open = Some((state, since));
    }

    fn close(&mut self, end_ns: u64) {
        if let Some((state, start_ns)) = self.open.take() {
            self.stretches.push(Stretch { state, start_ns, end_ns });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::{Dropped, Forced, Resumed, Took, Wants};
    use State::{Holding, Waiting};

    /// A thread and its stretches.
    type Short = (u32, Vec<(State, u64, u64)>);

    fn of(events: &[(u64, u32, Kind)]) -> Vec<Short> {
        let events = events.iter().map(|&(at_ns, thread, kind)| Event { at_ns, thread, kind }).collect();
        let short = |stretch: &Stretch| (stretch.state, stretch.start_ns, stretch.end_ns);
        tracks(&Recording { pid: 1, events, lost: 0 })
            .iter()
            .map(|track| (track.thread, track.stretches.iter().map(short).collect()))
            .collect()
    }

    #[test]
    fn a_forced_switch_is_one_wait() {
        let events = [
            (0, 2, Wants),
            (1, 2, Took),
            (50, 1, Wants),
            (5_000, 2, Dropped),
            (5_001, 2, Forced),
            (5_020, 1, Took),
            (5_030, 2, Resumed),
            (5_031, 2, Wants),
            (9_000, 1, Dropped),
            (9_010, 2, Took),
            (9_500, 2, Dropped),
        ];
        let first = vec![(Waiting, 0, 1), (Holding, 1, 5_000), (Waiting, 5_001, 9_010), (Holding, 9_010, 9_500)];
        let second = vec![(Waiting, 50, 5_020), (Holding, 5_020, 9_000)];
        assert_eq!(of(&events), [(2, first), (1, second)]);
    }

    #[test]
    fn a_forced_switch_before_io_ends_when_the_thread_resumes() {
        let events = [(1, 1, Forced), (10, 1, Resumed), (900_000, 1, Wants), (900_001, 1, Took), (900_002, 1, Dropped)];
        let stretches = vec![(Waiting, 1, 10), (Waiting, 900_000, 900_001), (Holding, 900_001, 900_002)];
        assert_eq!(of(&events), [(1, stretches)]);
        // Only the first request after a forced switch continues that wait.
        let events = [(1, 1, Forced), (10, 1, Resumed), (11, 1, Dropped), (12, 1, Wants), (13, 1, Dropped)];
        assert_eq!(of(&events), [(1, vec![(Waiting, 1, 10), (Waiting, 12, 13)])]);
    }

    #[test]
    fn what_is_cut_off_at_either_end() {
        let events = [(5, 1, Dropped), (6, 2, Took), (7, 1, Wants), (9, 3, Wants)];
        let waiting = |thread, since| (thread, vec![(Waiting, since, 9)]);
        assert_eq!(of(&events), [waiting(1, 7), (2, vec![(Holding, 6, 9)]), waiting(3, 9)]);
        assert_eq!(of(&[]), []);
    }
}
