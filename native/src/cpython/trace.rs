//! Who had the lock when, inferred from what the workers noted.
//!
//! A worker cannot see that it waits for the lock. But it notes a stamp at the end of every quantum (50-100 us)
//! and a mark whenever it knows what it goes on with, and to note anything it must have the lock. So whoever
//! noted last had it, and between the last note of one worker and the first of another it changed hands. Turns
//! that are shorter than a quantum cannot be seen.

use gilscope::lock::Counts;
use gilscope::trace::{State, Transition};

/// A worker says what it goes on with.
#[derive(Clone, Debug)]
pub struct Mark {
    pub at_us: f64,
    pub state: State,
    /// In a call that drops the lock.
    pub unlocked: bool,
    pub task: Option<u32>,
    /// Quanta before it.
    pub work: u64,
    /// When its wait ends, if it is one.
    pub until_us: Option<f64>,
}

impl Mark {
    /// Whether the worker has the lock from here on.
    fn holds(&self) -> bool {
        self.state == State::Running && !self.unlocked
    }

    fn transition(&self, at_us: f64) -> Transition {
        let Self { state, unlocked, task, work, .. } = *self;
        Transition { at_us, state, task, work, unlocked }
    }
}

/// What one worker noted in a sample.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    pub marks: Vec<Mark>,
    /// The end of every quantum.
    pub stamps_us: Vec<f64>,
}

impl Notes {
    /// In the order in which they were made: marks, and how many stamps there were.
    fn in_order(&self, worker: usize) -> Vec<Note<'_>> {
        let mut notes = Vec::with_capacity(self.marks.len() + self.stamps_us.len());
        let stamp = |(work, &at_us): (usize, &f64)| Note { at_us, worker, mark: None, work: work as u64 + 1 };
        let mut stamps = self.stamps_us.iter().enumerate().map(stamp).peekable();
        for mark in &self.marks {
            while let Some(note) = stamps.next_if(|note| note.work <= mark.work) {
                notes.push(note);
            }
            notes.push(Note { at_us: mark.at_us, worker, mark: Some(mark), work: mark.work });
        }
        notes.extend(stamps);
        notes
    }
}

#[derive(Clone, Copy)]
struct Note<'a> {
    at_us: f64,
    worker: usize,
    /// A stamp has none.
    mark: Option<&'a Mark>,
    work: u64,
}

/// What a worker did that shares no lock: as it says.
pub fn alone(notes: &Notes) -> Vec<Transition> {
    let marks = notes.marks.iter();
    marks.map(|mark| Transition { unlocked: false, ..mark.transition(mark.at_us) }).collect()
}

/// What workers did that share a lock, and what the lock did. Those who were idle wanted it from `asked_us` on.
pub fn sharing(notes: &[Notes], asked_us: f64) -> (Vec<Vec<Transition>>, Counts) {
    let mut merged: Vec<_> = notes.iter().enumerate().flat_map(|(worker, notes)| notes.in_order(worker)).collect();
    // Stable: what one worker noted stays in order.
    merged.sort_by(|a, b| a.at_us.total_cmp(&b.at_us));
    let mut scene = Scene {
        workers: notes.iter().map(|_| Worker::new(asked_us)).collect(),
        holder: None,
        noted_us: asked_us,
        counts: Counts::default(),
    };
    merged.into_iter().for_each(|note| scene.advance(note));
    (scene.workers.into_iter().map(|worker| worker.transitions).collect(), scene.counts)
}

/// A worker, as far as the notes are read.
struct Worker {
    transitions: Vec<Transition>,
    /// What it is at, if it has the lock; else what it was at when it lost it, or dropped it.
    mark: Mark,
    work: u64,
}

impl Worker {
    fn new(asked_us: f64) -> Self {
        let (at_us, until_us) = (asked_us, Some(asked_us));
        let mark = Mark { at_us, state: State::Idle, unlocked: false, task: None, work: 0, until_us };
        Self { transitions: Vec::new(), mark, work: 0 }
    }

    fn enter(&mut self, at_us: f64, state: State) {
        let transition = Transition { state, work: self.work, ..self.mark.transition(at_us) };
        self.transitions.push(transition);
    }
}

/// All workers, as far as the notes are read.
struct Scene {
    workers: Vec<Worker>,
    holder: Option<usize>,
    /// When the holder made its last note, or the lock was dropped.
    noted_us: f64,
    counts: Counts,
}

impl Scene {
    fn advance(&mut self, note: Note) {
        if self.holder != Some(note.worker) {
            self.hand_over(note);
        }
        let worker = &mut self.workers[note.worker];
        worker.work = note.work;
        if let Some(mark) = note.mark {
            worker.mark = mark.clone();
            worker.transitions.push(mark.transition(note.at_us));
            if !mark.holds() {
                self.holder = None;
            }
        }
        self.noted_us = note.at_us;
    }

    /// `note` shows that its worker has the lock, which it had not before.
    fn hand_over(&mut self, note: Note) {
        let worker = &self.workers[note.worker];
        // Who comes back from a wait notes it at once. Who was made to wait notes the end of its quantum.
        let was_made_to_wait = worker.mark.holds();
        let at_us = match (self.holder, was_made_to_wait) {
            (_, false) => note.at_us,
            (Some(_), true) => f64::midpoint(self.noted_us, note.at_us),
            (None, true) => self.noted_us,
        };
        // A wait that is over before the lock is free is a wait for the lock.
        let wanted_us = worker.mark.until_us.filter(|wanted_us| *wanted_us < note.at_us);
        let waited_us = wanted_us.filter(|wanted_us| self.holder.is_some() || *wanted_us < self.noted_us);
        if let Some(holder) = self.holder {
            self.workers[holder].enter(at_us, State::Waiting);
            self.counts.forced_switches += 1;
        }
        self.counts.acquisitions += 1;
        let worker = &mut self.workers[note.worker];
        if was_made_to_wait {
            worker.enter(at_us, State::Running);
        } else if let Some(waited_us) = waited_us {
            let waited_us = waited_us.max(worker.mark.at_us);
            worker.enter(waited_us, State::Waiting);
        }
        self.holder = Some(note.worker);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use State::{Blocked, Idle, Running, Waiting};
    use proptest::prelude::*;

    fn mark(at_us: f64, state: State, work: u64) -> Mark {
        Mark { at_us, state, unlocked: false, task: Some(0), work, until_us: None }
    }

    fn states(transitions: &[Transition]) -> Vec<(f64, State, u64)> {
        transitions.iter().map(|transition| (transition.at_us, transition.state, transition.work)).collect()
    }

    #[test]
    fn the_lock_changed_hands_between_the_last_note_of_one_and_the_first_of_another() {
        let one = Notes { marks: vec![mark(1.0, Running, 0), mark(80.0, Idle, 3)], stamps_us: vec![10.0, 60.0, 80.0] };
        let other = Notes { marks: vec![mark(14.0, Running, 0), mark(50.0, Idle, 2)], stamps_us: vec![24.0, 50.0] };
        let (transitions, counts) = sharing(&[one, other], 0.0);
        // Dropped at 50, the lock is the waiter's from then on.
        let of_one = [(1.0, Running, 0), (14.0, Waiting, 1), (50.0, Running, 1), (80.0, Idle, 3)];
        assert_eq!(states(&transitions[0]), of_one);
        assert_eq!(states(&transitions[1]), [(0.0, Waiting, 0), (14.0, Running, 0), (50.0, Idle, 2)]);
        assert_eq!((counts.acquisitions, counts.forced_switches), (3, 1));
    }

    #[test]
    fn who_is_made_to_wait_within_a_quantum_goes_on_halfway() {
        let one = Notes { marks: vec![mark(0.0, Running, 0)], stamps_us: vec![10.0, 60.0] };
        let other = Notes { marks: vec![mark(20.0, Running, 0)], stamps_us: vec![30.0, 40.0, 80.0] };
        let (transitions, counts) = sharing(&[one, other], 0.0);
        assert_eq!(states(&transitions[0])[1..], [(20.0, Waiting, 1), (50.0, Running, 1), (70.0, Waiting, 2)]);
        assert_eq!(counts.forced_switches, 3);
    }

    #[test]
    fn a_wait_that_is_over_while_another_has_the_lock_becomes_a_wait_for_the_lock() {
        let sleeper = |until_us| Notes {
            marks: vec![
                mark(0.0, Running, 0),
                Mark { until_us: Some(until_us), ..mark(5.0, Blocked, 0) },
                mark(90.0, Running, 0),
            ],
            stamps_us: vec![],
        };
        let other = Notes { marks: vec![mark(10.0, Running, 0)], stamps_us: vec![50.0, 85.0, 120.0] };
        let (transitions, _) = sharing(&[sleeper(40.0), other], 0.0);
        assert_eq!(states(&transitions[0])[1..3], [(5.0, Blocked, 0), (40.0, Waiting, 0)]);
        let (transitions, _) = sharing(&[sleeper(40.0), Notes::default()], 0.0);
        assert_eq!(states(&transitions[0])[1..], [(5.0, Blocked, 0), (90.0, Running, 0)], "nobody had it");
    }

    #[test]
    fn a_call_that_drops_the_lock_runs_beside_the_holder() {
        let hashing = Notes {
            marks: vec![
                mark(0.0, Running, 0),
                Mark { unlocked: true, ..mark(5.0, Running, 0) },
                mark(40.0, Running, 0),
            ],
            stamps_us: vec![],
        };
        let other = Notes { marks: vec![mark(10.0, Running, 0), mark(30.0, Idle, 1)], stamps_us: vec![20.0] };
        let (transitions, counts) = sharing(&[hashing, other], 0.0);
        assert_eq!(
            transitions[0].iter().map(|t| (t.state, t.unlocked)).collect::<Vec<_>>(),
            [(Running, false), (Running, true), (Running, false)]
        );
        assert_eq!((counts.acquisitions, counts.forced_switches), (3, 0));
    }

    proptest! {
        /// Whatever is noted by whom: time goes on for each, two never run, and who waits does no work.
        #[test]
        fn never_do_two_have_it(notes in proptest::collection::vec((0usize..3, 1u32..50, 0u8..4), 1..200)) {
            let mut all = vec![Notes::default(); 3];
            let mut at_us = 0.0;
            for (worker, step, what) in notes {
                at_us += f64::from(step);
                let notes: &mut Notes = &mut all[worker];
                let work = notes.stamps_us.len() as u64;
                match what {
                    // A stamp is made by who is at something.
                    0 if notes.marks.last().is_some_and(Mark::holds) => notes.stamps_us.push(at_us),
                    1 => notes.marks.push(mark(at_us, Idle, work)),
                    2 => notes.marks.push(Mark { until_us: Some(at_us + 20.0), ..mark(at_us, Blocked, work) }),
                    _ => notes.marks.push(mark(at_us, Running, work)),
                }
            }
            let (transitions, _) = sharing(&all, 0.0);
            let spans: Vec<_> = transitions.iter().map(|own| gilscope::trace::spans(own, at_us + 10.0)).collect();
            for (own, spans) in transitions.iter().zip(&spans) {
                prop_assert!(own.is_sorted_by(|a, b| a.at_us <= b.at_us), "{own:?}");
                prop_assert!(spans.iter().all(|span| span.state != Waiting || span.work == 0), "{spans:?}");
            }
            let mut running: Vec<_> = spans.iter().flatten().filter(|span| span.state == Running).collect();
            running.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
            prop_assert!(running.windows(2).all(|pair| pair[0].end_us <= pair[1].start_us), "{running:?}");
        }
    }
}
