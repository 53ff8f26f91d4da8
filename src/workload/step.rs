//! Work in steps: what makes every workload look at the drop request often enough.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Progress, Task};

/// Work that is cut into steps of 0.1 to 0.2 us, as an interpreter cuts it into instructions. [`Task`] runs the
/// steps one after another and checks the [`Breaker`] after each, so a workload cannot forget to.
pub trait Steps: Send {
    /// Steps of a quantum, which is 20 to 50 us of work.
    const QUANTUM: u32;

    /// Do the next step. One that returns [`Progress::MoreUnlocked`], or comes after one, needs no lock and so no look:
    /// it may be as long as a quantum.
    fn step(&mut self) -> Progress;
}

/// Where a task looks after every step whether it is to come back early: CPython's eval breaker.
///
/// How soon a holder sees the drop request decides who gets the lock. The waiter that raised it is awake for a moment
/// still, and takes the lock before a sleeper has woken up.
#[derive(Clone, Copy)]
pub struct Breaker<'a> {
    drop_request: &'a AtomicBool,
    most_steps: u32,
}

/// Never set.
static NOBODY_ASKS: AtomicBool = AtomicBool::new(false);

impl<'a> Breaker<'a> {
    /// For code without the lock: it never comes back early.
    pub const NONE: Breaker<'static> = Breaker { drop_request: &NOBODY_ASKS, most_steps: u32::MAX };

    /// Comes back as soon as a waiter asks for the lock.
    pub fn on(drop_request: &'a AtomicBool) -> Self {
        Self { drop_request, most_steps: u32::MAX }
    }

    /// Comes back after so many steps.
    pub fn after(most_steps: u32) -> Breaker<'static> {
        Breaker { most_steps, ..Breaker::NONE }
    }
}

impl<S: Steps> Task for S {
    fn quantum(&mut self, breaker: Breaker<'_>) -> Progress {
        for _ in 0..S::QUANTUM.min(breaker.most_steps) {
            let progress = self.step();
            if !matches!(progress, Progress::More) || breaker.drop_request.load(Ordering::Relaxed) {
                return progress;
            }
        }
        Progress::More
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks for the lock by itself at one of its steps.
    struct Asking<'a> {
        left: u32,
        at: u32,
        drop_request: &'a AtomicBool,
    }

    impl Steps for Asking<'_> {
        const QUANTUM: u32 = 10;

        fn step(&mut self) -> Progress {
            self.left -= 1;
            if self.left == self.at {
                self.drop_request.store(true, Ordering::Relaxed);
            }
            if self.left > 0 { Progress::More } else { Progress::Done(Vec::new()) }
        }
    }

    fn left_after(breaker: fn(&AtomicBool) -> Breaker<'_>) -> u32 {
        let drop_request = AtomicBool::new(false);
        let mut task = Asking { left: 100, at: 97, drop_request: &drop_request };
        assert_eq!(task.quantum(breaker(&drop_request)), Progress::More);
        task.left
    }

    #[test]
    fn a_quantum_ends_at_the_step_at_which_somebody_asks_or_after_so_many_steps() {
        assert_eq!(left_after(|_| Breaker::NONE), 90);
        assert_eq!(left_after(|drop_request| Breaker::on(drop_request)), 97);
        assert_eq!(left_after(|_| Breaker::after(2)), 98);
    }
}
