//! Turns at the lock, and who gets the next one: what the spans of all workers say of hand-overs.

use serde::{Deserialize, Serialize};

use super::{Span, State, Window};

/// A stretch of time for which a worker had the lock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// By its place among the tracks.
    pub worker: usize,
    /// Microseconds since the run's start.
    pub start_us: f64,
    /// Microseconds since the run's start.
    pub end_us: f64,
    /// Whether the worker wanted the lock again at once: it was made to drop it.
    pub is_forced: bool,
}

/// Which of those who waited for the lock got it next, in hand-overs from one worker to another at which two or more
/// others waited. The worker that drops the lock is not among them: it wants it again only after the hand-over.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Next {
    /// The one who had waited the longest.
    pub longest: u64,
    /// The one who had come last.
    pub latest: u64,
    /// Another one; there is none where two wait.
    pub others: u64,
}

impl Next {
    pub fn total(&self) -> u64 {
        self.longest + self.latest + self.others
    }
}

/// The turns of all workers, in order, given the spans of each.
pub fn turns(tracks: &[Vec<Span>]) -> Vec<Turn> {
    let mut turns = Vec::new();
    // By worker, the first span that is not looked at. Sorting would take more code, which a page has to fetch.
    let mut at = vec![0; tracks.len()];
    while let Some(turn) = first(tracks, &mut at) {
        turns.push(turn);
        at[turn.worker] += 1;
    }
    turns
}

fn holds(span: &Span) -> bool {
    span.state == State::Running && !span.unlocked
}

/// The turn that begins first from `at` on; then `at` is at its last span.
fn first(tracks: &[Vec<Span>], at: &mut [usize]) -> Option<Turn> {
    let mut first = None::<(usize, f64)>;
    for (worker, spans) in tracks.iter().enumerate() {
        while spans.get(at[worker]).is_some_and(|span| !holds(span)) {
            at[worker] += 1;
        }
        if let Some(span) = spans.get(at[worker]).filter(|span| first.is_none_or(|(_, us)| span.start_us < us)) {
            first = Some((worker, span.start_us));
        }
    }
    let (worker, start_us) = first?;
    let spans = &tracks[worker];
    while spans.get(at[worker] + 1).is_some_and(holds) {
        at[worker] += 1;
    }
    let is_forced = spans.get(at[worker] + 1).is_some_and(|next| next.state == State::Waiting);
    Some(Turn { worker, start_us, end_us: spans[at[worker]].end_us, is_forced })
}

/// Who got the lock next, within these windows.
pub fn next(tracks: &[Vec<Span>], windows: &[Window]) -> Next {
    let turns = turns(tracks);
    let mut next = Next::default();
    // By worker, the first span that is not over.
    let mut at = vec![0; tracks.len()];
    for pair in turns.windows(2) {
        let [dropped, taken] = [pair[0], pair[1]];
        let is_within = |window: &Window| window.start_us <= dropped.end_us && taken.start_us <= window.end_us;
        if dropped.worker == taken.worker || !windows.iter().any(is_within) {
            continue;
        }
        // Since when a worker waits, if it does.
        let mut since_us = |worker: usize| {
            let spans = &tracks[worker];
            while spans.get(at[worker]).is_some_and(|span| span.end_us < dropped.end_us) {
                at[worker] += 1;
            }
            let waits = |span: &&Span| span.state == State::Waiting && span.start_us < dropped.end_us;
            spans[at[worker]..].iter().take(2).find(waits).map(|span| span.start_us)
        };
        let Some(taker_us) = since_us(taken.worker) else { continue };
        let (mut before, mut after) = (0, 0);
        for worker in 0..tracks.len() {
            if worker != dropped.worker && worker != taken.worker {
                match since_us(worker) {
                    Some(other_us) if other_us < taker_us => before += 1,
                    Some(_) => after += 1,
                    None => {}
                }
            }
        }
        match (before, after) {
            (0, 0) => {}
            (0, _) => next.longest += 1,
            (_, 0) => next.latest += 1,
            _ => next.others += 1,
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::super::{Transition, spans};
    use super::*;
    use State::{Blocked, Idle, Running, Waiting};

    const END_US: f64 = 100.0;
    const ALL: [Window; 1] = [Window { start_us: 0.0, end_us: END_US }];

    fn track(states: &[(f64, State)]) -> Vec<Span> {
        let enter = |&(at_us, state)| Transition { at_us, state, task: None, work: 0, unlocked: false };
        spans(&states.iter().map(enter).collect::<Vec<_>>(), END_US)
    }

    #[test]
    fn a_turn_that_ends_in_waiting_was_forced_and_spans_all_tasks_of_the_holder() {
        let mut one = track(&[(0.0, Running), (4.0, Running), (10.0, Waiting), (30.0, Running), (40.0, Idle)]);
        one[1].task = Some(1);
        let other = track(&[(0.0, Waiting), (10.0, Running), (30.0, Blocked)]);
        let turn = |worker, start_us, end_us, is_forced| Turn { worker, start_us, end_us, is_forced };
        let expected = [turn(0, 0.0, 10.0, true), turn(1, 10.0, 30.0, false), turn(0, 30.0, 40.0, false)];
        assert_eq!(turns(&[one, other]), expected);
    }

    #[test]
    fn a_kernel_that_drops_the_lock_is_no_turn() {
        let mut spans = track(&[(0.0, Running), (5.0, Running), (9.0, Running)]);
        spans[1].unlocked = true;
        let ends: Vec<_> = turns(&[spans]).iter().map(|turn| (turn.start_us, turn.end_us, turn.is_forced)).collect();
        assert_eq!(ends, [(0.0, 5.0, false), (9.0, END_US, false)]);
    }

    #[test]
    fn who_is_next_is_counted_where_two_or_more_wait() {
        let holder = track(&[(0.0, Running), (10.0, Waiting)]);
        // Waits the longest, and gets the lock at last; two come later, of which the later one gets it first.
        let first = track(&[(1.0, Waiting), (30.0, Running), (40.0, Idle)]);
        let second = track(&[(2.0, Waiting), (20.0, Running), (30.0, Idle)]);
        let third = track(&[(3.0, Waiting), (10.0, Running), (20.0, Idle)]);
        let tracks = [holder, first, second, third];
        // At 10 the latest of three; at 20 another one, because the holder waits since 10; at 30 the longest of two.
        assert_eq!(next(&tracks, &ALL), Next { longest: 1, latest: 1, others: 1 });
        let within = [Window { start_us: 15.0, end_us: 22.0 }];
        assert_eq!(next(&tracks, &within), Next { others: 1, ..Next::default() });
    }

    #[test]
    fn who_finds_it_free_or_is_the_only_one_is_not_counted() {
        let holder = track(&[(0.0, Running), (10.0, Blocked), (50.0, Waiting), (60.0, Running)]);
        let alone = track(&[(5.0, Waiting), (10.0, Running), (20.0, Blocked)]);
        let late = track(&[(25.0, Waiting), (26.0, Running), (60.0, Idle)]);
        assert_eq!(next(&[holder, alone, late], &ALL), Next::default());
    }
}
