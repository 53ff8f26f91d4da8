//! The parent's side: who has the lock, who waits and since when, and when somebody will have waited long enough.

use super::{ToArbiter, ToClaim};
use crate::lock::{Counts, race};

/// A request that is raised later than this, and than half a switch interval, came late. Some browsers' clocks have
/// whole milliseconds.
const LATE_US: f64 = 2_000.0;

/// Grants the lock to workers, which are numbered from 0.
#[derive(Debug)]
pub struct Arbiter {
    switch_interval_us: f64,
    /// The worker that has the lock, or will when it hears of it, and its turn.
    holder: Option<(u32, u32)>,
    last_holder: Option<u32>,
    /// Counts changes of holder, so that a waiter can tell whether one happened while it waited.
    switches: u64,
    /// The waiter that has asked the holder to drop the lock.
    asker: Option<u32>,
    waiters: Vec<Waiter>,
    /// When the lock was last dropped, by the dropper's clock.
    dropped_us: f64,
    counts: Counts,
}

#[derive(Debug)]
struct Waiter {
    worker: u32,
    turn: u32,
    /// When its switch interval ends.
    due_us: f64,
    /// `switches` when that interval began.
    seen: u64,
}

/// A worker said what it cannot know to be so: messages were lost, doubled or forged.
#[derive(thiserror::Error, Clone, Debug, PartialEq)]
#[error("worker {worker} said {said:?} of the lock, which cannot be: please report this bug")]
pub struct Stray {
    worker: u32,
    said: ToArbiter,
}

/// A message to a worker.
type Told = (u32, ToClaim);

impl Arbiter {
    pub fn new(switch_interval_us: f64) -> Self {
        Self {
            switch_interval_us,
            holder: None,
            last_holder: None,
            switches: 0,
            asker: None,
            waiters: Vec::new(),
            dropped_us: f64::NEG_INFINITY,
            counts: Counts::default(),
        }
    }

    /// A worker has said something, at `now_us`. Gives whom to tell what.
    ///
    /// # Errors
    /// [`Stray`], and nothing has changed.
    pub fn hear(&mut self, worker: u32, said: ToArbiter, now_us: f64) -> Result<Option<Told>, Stray> {
        let stray = Err(Stray { worker, said });
        match said {
            ToArbiter::Wants { turn } if !self.knows(worker) => self.queue(worker, turn, now_us),
            ToArbiter::Drops { turn, at_us, again } if self.holder == Some((worker, turn)) => {
                self.dropped_us = self.dropped_us.max(at_us);
                self.counts.signals += u64::from(!self.waiters.is_empty());
                self.free();
                let told = self.grant();
                if again {
                    // Its interval begins after that switch.
                    self.queue(worker, turn + 1, now_us);
                }
                return Ok(told.or_else(|| self.grant()));
            }
            ToArbiter::Leaves { turn } if self.holder == Some((worker, turn)) => {
                // As if it had never had it.
                self.counts.acquisitions = self.counts.acquisitions.saturating_sub(1);
                self.asker = None;
                self.free();
            }
            ToArbiter::Leaves { turn } => {
                let Some(place) = self.waiters.iter().position(|waiter| (waiter.worker, waiter.turn) == (worker, turn))
                else {
                    return stray;
                };
                self.waiters.remove(place);
            }
            ToArbiter::Wants { .. } | ToArbiter::Drops { .. } => return stray,
        }
        Ok(self.grant())
    }

    fn knows(&self, worker: u32) -> bool {
        self.holder.is_some_and(|(holder, _)| holder == worker)
            || self.waiters.iter().any(|waiter| waiter.worker == worker)
    }

    fn queue(&mut self, worker: u32, turn: u32, now_us: f64) {
        let due_us = now_us + self.switch_interval_us;
        self.waiters.push(Waiter { worker, turn, due_us, seen: self.switches });
    }

    fn free(&mut self) {
        self.holder = None;
        if self.waiters.is_empty() {
            // The one who asked has left, so nobody is owed a switch.
            self.asker = None;
        }
    }

    /// Whose turn it is: that of the one who asked, unless it loses the race against the sleepers. Of those the one whose
    /// interval began first wakes first.
    fn next(&self) -> Option<usize> {
        let asks = |waiter: &Waiter| self.asker == Some(waiter.worker);
        let asker = self.waiters.iter().position(asks);
        let sleepers = self.waiters.iter().enumerate().filter(|(_, waiter)| !asks(waiter));
        let sleeper = sleepers.min_by(|(_, a), (_, b)| a.due_us.total_cmp(&b.due_us)).map(|(place, _)| place);
        match (asker, sleeper) {
            (Some(asker), Some(sleeper)) => {
                Some(if race::asker_wins(self.switches, self.waiters.len() - 1) { asker } else { sleeper })
            }
            (asker, sleeper) => asker.or(sleeper),
        }
    }

    /// Give the lock, if it is free, to the next one. A holder that was asked for it is none of them, so another one has
    /// it before it does: the forced switch.
    fn grant(&mut self) -> Option<Told> {
        if self.holder.is_some() {
            return None;
        }
        let Waiter { worker, turn, .. } = self.waiters.remove(self.next()?);
        self.holder = Some((worker, turn));
        if self.last_holder != Some(worker) {
            self.last_holder = Some(worker);
            self.switches += 1;
            self.counts.forced_switches += u64::from(self.asker.is_some());
        }
        self.counts.acquisitions += 1;
        self.asker = None;
        Some((worker, ToClaim::Has { turn, free_us: self.dropped_us }))
    }

    /// When the first of the waiters' switch intervals ends, if anybody waits.
    pub fn due_us(&self) -> Option<f64> {
        self.waiters.iter().map(|waiter| waiter.due_us).reduce(f64::min)
    }

    /// It is `now_us`: if somebody has waited a switch interval in which no switch happened, the holder is to be
    /// asked. Whose interval has ended begins another one.
    pub fn elapse(&mut self, now_us: f64) -> Option<Told> {
        let mut raised = false;
        for waiter in self.waiters.iter_mut().filter(|waiter| waiter.due_us <= now_us) {
            if waiter.seen == self.switches && self.asker.is_none() {
                self.asker = Some(waiter.worker);
                raised = true;
                let late_us = now_us - waiter.due_us;
                self.counts.late += u64::from(late_us > LATE_US.max(self.switch_interval_us / 2.0));
            }
            waiter.seen = self.switches;
            waiter.due_us = now_us + self.switch_interval_us;
        }
        let (worker, turn) = self.holder.filter(|_| raised)?;
        Some((worker, ToClaim::Asked { turn }))
    }

    /// What the lock has done since this was last asked.
    pub fn take_counts(&mut self) -> Counts {
        std::mem::take(&mut self.counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL_US: f64 = 5_000.0;

    fn wants(turn: u32) -> ToArbiter {
        ToArbiter::Wants { turn }
    }

    /// Worker 0 has the lock since 0, worker 1 waits for it since 1,000.
    fn contended() -> Arbiter {
        let mut arbiter = Arbiter::new(INTERVAL_US);
        let free_us = f64::NEG_INFINITY;
        assert_eq!(arbiter.hear(0, wants(1), 0.0), Ok(Some((0, ToClaim::Has { turn: 1, free_us }))));
        assert_eq!(arbiter.due_us(), None, "nobody waits");
        assert_eq!(arbiter.hear(1, wants(1), 1_000.0), Ok(None));
        arbiter
    }

    #[test]
    fn after_one_interval_the_holder_is_asked_once_and_another_takes_its_turn() {
        let mut arbiter = contended();
        assert_eq!(arbiter.due_us(), Some(6_000.0));
        assert_eq!(arbiter.elapse(5_999.0), None);
        assert_eq!(arbiter.elapse(6_000.0), Some((0, ToClaim::Asked { turn: 1 })));
        assert_eq!(arbiter.due_us(), Some(11_000.0), "another interval begins");
        assert_eq!(arbiter.elapse(11_000.0), None, "it knows");
        let told = arbiter.hear(0, ToArbiter::Drops { turn: 1, at_us: 11_400.0, again: true }, 11_500.0);
        assert_eq!(told, Ok(Some((1, ToClaim::Has { turn: 1, free_us: 11_400.0 }))));
        assert_eq!(arbiter.due_us(), Some(16_500.0), "the old holder waits now");
        assert_eq!(arbiter.elapse(16_500.0), Some((1, ToClaim::Asked { turn: 1 })), "for one interval");
        let counts = arbiter.take_counts();
        assert_eq!((counts.acquisitions, counts.forced_switches, counts.signals, counts.late), (2, 1, 1, 0));
        assert_eq!(arbiter.take_counts(), Counts::default());
    }

    #[test]
    fn whose_interval_saw_a_switch_begins_another_one() {
        let mut arbiter = contended();
        arbiter.hear(2, wants(1), 4_000.0).unwrap();
        arbiter.hear(0, ToArbiter::Drops { turn: 1, at_us: 5_000.0, again: false }, 5_000.0).unwrap();
        assert_eq!(arbiter.due_us(), Some(9_000.0));
        assert_eq!(arbiter.elapse(9_000.0), None);
        assert_eq!(arbiter.elapse(14_000.0), Some((1, ToClaim::Asked { turn: 1 })));
        assert_eq!(arbiter.take_counts().forced_switches, 0, "the first holder dropped it by itself");
    }

    #[test]
    fn who_asked_is_next_or_the_one_who_has_slept_the_longest() {
        let mut won = 0;
        for lot in 0..1_000 {
            let mut arbiter = Arbiter { switches: lot, ..contended() };
            arbiter.hear(3, wants(1), 1_500.0).unwrap();
            arbiter.hear(2, wants(1), 1_200.0).unwrap();
            arbiter.waiters.iter_mut().for_each(|waiter| waiter.seen = lot);
            // The last interval has ended first, as if it had begun first.
            arbiter.waiters[1].due_us = 5_000.0;
            assert_eq!(arbiter.elapse(5_000.0), Some((0, ToClaim::Asked { turn: 1 })));
            let told = arbiter.hear(0, ToArbiter::Drops { turn: 1, at_us: 5_001.0, again: true }, 5_001.0).unwrap();
            let taker = told.unwrap().0;
            assert!([1, 3].contains(&taker), "the one who asked or the first sleeper: {taker}");
            won += u32::from(taker == 3);
        }
        assert!((850..950).contains(&won), "{won} of 1,000 against two sleepers");
    }

    #[test]
    fn a_waiter_that_leaves_owes_nobody_a_switch() {
        let mut arbiter = contended();
        arbiter.elapse(6_000.0).unwrap();
        assert_eq!(arbiter.hear(1, ToArbiter::Leaves { turn: 1 }, 6_100.0), Ok(None));
        let told = arbiter.hear(0, ToArbiter::Drops { turn: 1, at_us: 7_000.0, again: true }, 7_000.0);
        assert_eq!(told, Ok(Some((0, ToClaim::Has { turn: 2, free_us: 7_000.0 }))));
        assert_eq!(arbiter.take_counts().forced_switches, 0);
        assert_eq!(arbiter.hear(1, wants(2), 8_000.0), Ok(None));
        assert!(arbiter.elapse(13_000.0).is_some(), "the next one can ask");
    }

    #[test]
    fn a_lock_that_was_given_to_one_who_has_left_goes_to_the_next() {
        let mut arbiter = contended();
        arbiter.hear(2, wants(1), 2_000.0).unwrap();
        arbiter.hear(0, ToArbiter::Drops { turn: 1, at_us: 3_000.0, again: false }, 3_000.0).unwrap();
        let told = arbiter.hear(1, ToArbiter::Leaves { turn: 1 }, 3_100.0);
        assert_eq!(told, Ok(Some((2, ToClaim::Has { turn: 1, free_us: 3_000.0 }))));
        assert_eq!(arbiter.take_counts().acquisitions, 2, "workers 0 and 2");
    }

    #[test]
    fn a_request_that_comes_late_is_counted() {
        let late = |interval_us: f64, late_us: f64| {
            let mut arbiter = Arbiter::new(interval_us);
            arbiter.hear(0, wants(1), 0.0).unwrap();
            arbiter.hear(1, wants(1), 0.0).unwrap();
            arbiter.elapse(interval_us + late_us).unwrap();
            arbiter.take_counts().late
        };
        assert_eq!([late(5_000.0, 2_400.0), late(5_000.0, 2_600.0)], [0, 1], "by half an interval");
        assert_eq!([late(1_000.0, 1_900.0), late(1_000.0, 2_100.0)], [0, 1], "by a clock of whole milliseconds");
    }

    #[test]
    fn what_cannot_be_is_refused_and_changes_nothing() {
        let mut arbiter = contended();
        let dropped = |turn| ToArbiter::Drops { turn, at_us: 0.0, again: false };
        let strays =
            [(0, wants(2)), (1, wants(1)), (0, dropped(2)), (1, dropped(1)), (2, ToArbiter::Leaves { turn: 1 })];
        for (worker, said) in strays {
            assert_eq!(arbiter.hear(worker, said, 9_000.0), Err(Stray { worker, said }));
        }
        assert_eq!(arbiter.hear(0, dropped(1), 9_000.0).unwrap().map(|(worker, _)| worker), Some(1));
        assert!(arbiter.hear(0, dropped(1), 9_000.0).is_err(), "twice");
    }
}
