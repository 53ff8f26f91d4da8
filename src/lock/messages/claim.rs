//! The worker's side: whether it wants the lock, or has it.

use super::{ToArbiter, ToClaim};

/// One worker's claim to the lock.
#[derive(Debug, Default)]
pub struct Claim {
    /// The turn that it wants, has, or had last.
    turn: u32,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Standing {
    #[default]
    Away,
    Waits,
    Holds,
}

/// What a message comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heard {
    /// The worker has the lock, which was last dropped at `free_us`.
    Took { free_us: f64 },
    /// The holder is to drop the lock at its next checkpoint, by [`Claim::pass`].
    Asked,
    /// It speaks of a turn that is over, or says again what was said.
    Stale,
}

impl Claim {
    /// Wait for the lock.
    #[must_use]
    pub fn want(&mut self) -> ToArbiter {
        debug_assert_eq!(self.standing, Standing::Away, "the lock is not re-entrant");
        self.turn += 1;
        self.standing = Standing::Waits;
        ToArbiter::Wants { turn: self.turn }
    }

    pub fn hear(&mut self, said: ToClaim) -> Heard {
        match (said, self.standing) {
            (ToClaim::Has { turn, free_us }, Standing::Waits) if turn == self.turn => {
                self.standing = Standing::Holds;
                Heard::Took { free_us }
            }
            (ToClaim::Asked { turn }, Standing::Holds) if turn == self.turn => Heard::Asked,
            _ => Heard::Stale,
        }
    }

    pub fn holds(&self) -> bool {
        self.standing == Standing::Holds
    }

    /// The holder drops the lock at `at_us`.
    #[must_use]
    pub fn release(&mut self, at_us: f64) -> ToArbiter {
        self.give_up(at_us, Standing::Away)
    }

    /// The holder drops the lock at `at_us` because it was asked to, and waits for its next turn.
    #[must_use]
    pub fn pass(&mut self, at_us: f64) -> ToArbiter {
        let said = self.give_up(at_us, Standing::Waits);
        self.turn += 1;
        said
    }

    fn give_up(&mut self, at_us: f64, then: Standing) -> ToArbiter {
        debug_assert!(self.holds(), "only the holder can drop the lock");
        self.standing = then;
        ToArbiter::Drops { turn: self.turn, at_us, again: then == Standing::Waits }
    }

    /// The worker is to stop, at `at_us`, wherever it stands. Gives what is to be said about it.
    #[must_use]
    pub fn end(&mut self, at_us: f64) -> Option<ToArbiter> {
        match self.standing {
            Standing::Away => None,
            Standing::Holds => Some(self.release(at_us)),
            Standing::Waits => {
                self.standing = Standing::Away;
                Some(ToArbiter::Leaves { turn: self.turn })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_another_turn_or_twice_changes_nothing() {
        let mut claim = Claim::default();
        let has = |turn| ToClaim::Has { turn, free_us: 7.0 };
        assert_eq!(claim.hear(has(0)), Heard::Stale, "nobody wants it");
        assert_eq!(claim.want(), ToArbiter::Wants { turn: 1 });
        assert_eq!(claim.hear(ToClaim::Asked { turn: 1 }), Heard::Stale, "nobody has it");
        assert_eq!([claim.hear(has(0)), claim.hear(has(2))], [Heard::Stale; 2]);
        assert_eq!(claim.hear(has(1)), Heard::Took { free_us: 7.0 });
        assert_eq!(claim.hear(has(1)), Heard::Stale);
        assert_eq!(claim.hear(ToClaim::Asked { turn: 1 }), Heard::Asked);
        assert_eq!(claim.pass(9.0), ToArbiter::Drops { turn: 1, at_us: 9.0, again: true });
        assert_eq!(claim.hear(ToClaim::Asked { turn: 1 }), Heard::Stale, "it was asked for a turn that is over");
        assert_eq!(claim.hear(has(2)), Heard::Took { free_us: 7.0 });
    }

    #[test]
    fn a_worker_that_stops_says_so_once() {
        let mut claim = Claim::default();
        assert_eq!(claim.end(1.0), None);
        let _ = claim.want();
        assert_eq!(claim.end(2.0), Some(ToArbiter::Leaves { turn: 1 }));
        assert_eq!(claim.hear(ToClaim::Has { turn: 1, free_us: 0.0 }), Heard::Stale, "it was on its way");
        let _ = claim.want();
        claim.hear(ToClaim::Has { turn: 2, free_us: 0.0 });
        assert_eq!(claim.end(3.0), Some(ToArbiter::Drops { turn: 2, at_us: 3.0, again: false }));
        assert_eq!(claim.end(4.0), None);
    }
}
