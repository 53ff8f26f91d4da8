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
/// others waited. Whoever drops the lock is not among them: it wants it again only after the hand-over.
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
    let mut turns: Vec<Turn> = tracks.iter().enumerate().flat_map(|(worker, spans)| of_worker(worker, spans)).collect();
    turns.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
    turns
}

fn of_worker(worker: usize, spans: &[Span]) -> Vec<Turn> {
    let holds = |span: &Span| span.state == State::Running && !span.unlocked;
    let stretches = spans.chunk_by(|a, b| holds(a) == holds(b));
    let nexts = spans.chunk_by(|a, b| holds(a) == holds(b)).skip(1).map(|next| next.first()).chain([None]);
    let held = stretches.zip(nexts).filter(|(stretch, _)| stretch.first().is_some_and(holds));
    held.map(|(stretch, next)| Turn {
        worker,
        start_us: stretch[0].start_us,
        end_us: stretch[stretch.len() - 1].end_us,
        is_forced: next.is_some_and(|next| next.state == State::Waiting),
    })
    .collect()
}

/// Who got the lock next, within these windows.
pub fn next(tracks: &[Vec<Span>], windows: &[Window]) -> Next {
    let turns = turns(tracks);
    let mut next = Next::default();
    // By worker, the first span that is not over.
    let mut at = vec![0; tracks.len()];
    for pair in turns.windows(2) {
        let [dropped, taken] = [pair[0], pair[1]];
        let is_measured =
            windows.iter().any(|window| window.start_us <= dropped.end_us && taken.start_us <= window.end_us);
        if dropped.worker == taken.worker || !is_measured {
            continue;
        }
        // Since when each of the others waits.
        let waiting = tracks.iter().enumerate().filter_map(|(worker, spans)| {
            while spans.get(at[worker]).is_some_and(|span| span.end_us < dropped.end_us) {
                at[worker] += 1;
            }
            let waits = |span: &&Span| span.state == State::Waiting && span.start_us < dropped.end_us;
            let since_us = spans[at[worker]..].iter().take(2).find(waits)?.start_us;
            (worker != dropped.worker).then_some((worker, since_us))
        });
        let waiting: Vec<(usize, f64)> = waiting.collect();
        let Some(&(_, since_us)) = waiting.iter().find(|(worker, _)| *worker == taken.worker) else { continue };
        let before = waiting.iter().filter(|(_, other_us)| *other_us < since_us).count();
        match before {
            _ if waiting.len() < 2 => {}
            0 => next.longest += 1,
            _ if before + 1 == waiting.len() => next.latest += 1,
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
