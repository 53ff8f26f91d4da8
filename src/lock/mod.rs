//! The simulated Global Interpreter Lock.
//!
//! CPython's protocol since 3.2 (`Python/ceval_gil.c`, `take_gil` and `drop_gil`) on a `Mutex` and two
//! `Condvar`s. A waiter waits one switch interval; if no switch happened meanwhile it raises the drop
//! request. The holder sees the request at its next checkpoint, drops the lock, and waits until
//! another worker has taken it (forced switching). The same code runs natively and in wasm with
//! shared memory.
//!
//! A second policy is the lock before 3.2: the holder drops it every 100 ticks, wakes a waiter, and at
//! once tries to take it again.
//!
//! Where no memory is shared, [`messages`] is the same protocol over messages.

pub mod messages;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::host::Cancel;

/// Which protocol a lock follows.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// CPython 3.2 and later: a timed wait, a drop request, a forced switch.
    #[default]
    SwitchInterval,
    /// CPython before 3.2: the lock is dropped and taken again every 100 ticks (here at every
    /// checkpoint), and whoever is quicker gets it.
    Ticks,
}

impl Policy {
    pub const ALL: [Self; 2] = [Self::SwitchInterval, Self::Ticks];

    /// The name in every spelling of an experiment.
    pub fn name(self) -> &'static str {
        match self {
            Self::SwitchInterval => "switch-interval",
            Self::Ticks => "ticks",
        }
    }
}

/// What a lock has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Times that any worker took the lock.
    pub acquisitions: u64,
    /// Times that a holder gave it up on request and another worker then took it.
    pub forced_switches: u64,
    /// Times that a drop woke a waiter.
    pub signals: u64,
    /// Times that a waiter woke up for it and found it taken again.
    pub found_taken: u64,
    /// Times that the drop request was raised much later than the waiter's switch interval ended. Not counted where
    /// waiters have the system's own timers.
    pub late: u64,
}

/// The run was cancelled: the worker does not hold the lock and is to stop.
#[derive(Debug, PartialEq, Eq)]
pub struct Cancelled;

#[derive(Default)]
struct Inner {
    holder: Option<u32>,
    last_holder: Option<u32>,
    /// Counts changes of holder, so that a waiter can tell whether one happened while it waited.
    switches: u64,
    waiters: usize,
    /// When the lock was last dropped, by the dropper's clock.
    dropped_us: f64,
    counts: Counts,
}

/// One lock for all workers of a heap. Workers are numbered from 0.
pub struct Lock {
    policy: Policy,
    switch_interval: Duration,
    cancel: Cancel,
    drop_request: AtomicBool,
    inner: Mutex<Inner>,
    /// The lock has been dropped.
    free: Condvar,
    /// The lock has been taken by another worker, or nobody waits for it any more.
    switched: Condvar,
}

impl Lock {
    pub fn new(policy: Policy, switch_interval: Duration, cancel: Cancel) -> Self {
        Self {
            policy,
            switch_interval,
            cancel,
            drop_request: AtomicBool::new(false),
            inner: Mutex::default(),
            free: Condvar::new(),
            switched: Condvar::new(),
        }
    }

    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// Take the lock if it is free.
    pub fn try_take(&self, worker: u32) -> bool {
        let mut inner = self.inner();
        let free = inner.holder.is_none();
        if free {
            self.hand_to(&mut inner, worker);
        }
        free
    }

    /// Wait for the lock and take it. Gives the time at which it was last dropped, by the dropper's
    /// clock: what the new holder does comes after that, whatever its own clock says.
    ///
    /// # Errors
    /// [`Cancelled`], within one switch interval of the cancelling. Nobody has to wake the waiters for
    /// it, because the page that cancels must not touch a mutex: it cannot block.
    pub fn take(&self, worker: u32) -> Result<f64, Cancelled> {
        let mut inner = self.inner();
        debug_assert_ne!(inner.holder, Some(worker), "the lock is not re-entrant");
        inner.waiters += 1;
        while inner.holder.is_some() && !self.cancel.is_cancelled() {
            let seen = inner.switches;
            let waited = self.free.wait_timeout(inner, self.switch_interval);
            let (guard, timeout) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
            inner = guard;
            let taken = inner.holder.is_some();
            if taken && !timeout.timed_out() {
                inner.counts.found_taken += 1;
            }
            if taken && timeout.timed_out() && inner.switches == seen && self.policy == Policy::SwitchInterval {
                self.drop_request.store(true, Ordering::Relaxed);
            }
        }
        inner.waiters -= 1;
        if self.cancel.is_cancelled() {
            // The drop that woke this worker is for the others now, and a holder may wait for a switch.
            self.free.notify_all();
            self.switched.notify_all();
            return Err(Cancelled);
        }
        self.hand_to(&mut inner, worker);
        Ok(inner.dropped_us)
    }

    fn hand_to(&self, inner: &mut Inner, worker: u32) {
        inner.holder = Some(worker);
        if inner.last_holder != Some(worker) {
            inner.last_holder = Some(worker);
            inner.switches += 1;
        }
        inner.counts.acquisitions += 1;
        // Whoever still waits starts a new interval, as in take_gil.
        self.drop_request.store(false, Ordering::Relaxed);
        self.switched.notify_all();
    }

    /// Whether a waiter has asked for the lock: what a checkpoint reads, one relaxed load.
    pub fn drop_requested(&self) -> bool {
        self.drop_request.load(Ordering::Relaxed)
    }

    /// Drop the lock at `now_us`; if another worker asked for it, wait until one has taken it.
    pub fn release(&self, worker: u32, now_us: f64) {
        let mut inner = self.inner();
        debug_assert_eq!(inner.holder, Some(worker), "only the holder can drop the lock");
        inner.holder = None;
        inner.last_holder = Some(worker);
        inner.dropped_us = inner.dropped_us.max(now_us);
        inner.counts.signals += u64::from(inner.waiters > 0);
        self.free.notify_one();
        if !self.drop_requested() {
            return;
        }
        let switches = inner.switches;
        while inner.switches == switches && inner.waiters > 0 {
            inner = self.switched.wait(inner).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        if inner.switches == switches {
            // The one who asked has left, so nobody is owed a switch.
            self.drop_request.store(false, Ordering::Relaxed);
        } else {
            inner.counts.forced_switches += 1;
        }
    }

    pub fn counts(&self) -> Counts {
        self.inner().counts
    }

    /// A worker that panics holds no part of this state half-changed, so a poisoned mutex is good.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicU32;
    use std::thread;

    const INTERVAL: Duration = Duration::from_millis(1);

    fn lock() -> Arc<Lock> {
        Arc::new(Lock::new(Policy::SwitchInterval, INTERVAL, Cancel::default()))
    }

    /// Holds the lock for `checkpoints` checkpoints, dropping it whenever asked; calls `inside` between.
    fn hold(lock: &Lock, worker: u32, checkpoints: u32, mut inside: impl FnMut()) {
        lock.take(worker).unwrap();
        for _ in 0..checkpoints {
            inside();
            if lock.drop_requested() {
                lock.release(worker, 0.0);
                lock.take(worker).unwrap();
            }
        }
        lock.release(worker, 0.0);
    }

    #[test]
    fn a_lone_worker_takes_it_once_and_is_never_asked_for_it() {
        let lock = lock();
        hold(&lock, 0, 10_000, || ());
        assert_eq!(lock.counts(), Counts { acquisitions: 1, ..Counts::default() });
    }

    #[test]
    fn never_do_two_workers_hold_it() {
        let (lock, inside, most) = (lock(), AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for worker in 0..4 {
                let (lock, inside, most) = (&lock, &inside, &most);
                scope.spawn(move || {
                    hold(lock, worker, 2_000, || {
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::hint::black_box((0..2_000).sum::<u64>());
                        inside.fetch_sub(1, Ordering::SeqCst);
                    });
                });
            }
        });
        assert_eq!(most.into_inner(), 1);
    }

    /// The holder never stops by itself before the waiter has had its turn, so only a forced switch can
    /// end this test.
    #[test]
    fn a_waiter_gets_its_turn_from_a_holder_that_only_checkpoints() {
        let (lock, had_turn) = (lock(), AtomicBool::new(false));
        thread::scope(|scope| {
            lock.take(0).unwrap();
            scope.spawn(|| hold(&lock, 1, 1, || had_turn.store(true, Ordering::SeqCst)));
            while !had_turn.load(Ordering::SeqCst) {
                if lock.drop_requested() {
                    lock.release(0, 0.0);
                    assert_eq!(lock.counts().forced_switches, 1, "releasing waits until another has taken it");
                    lock.take(0).unwrap();
                }
            }
            lock.release(0, 0.0);
        });
        let counts = lock.counts();
        assert_eq!((counts.acquisitions, counts.forced_switches), (3, 1));
    }

    #[test]
    fn dropping_without_being_asked_waits_for_nobody() {
        let lock = lock();
        for _ in 0..1_000 {
            lock.take(0).unwrap();
            lock.release(0, 0.0);
        }
        assert_eq!(lock.counts(), Counts { acquisitions: 1_000, ..Counts::default() });
    }

    #[test]
    fn cancelling_lets_every_waiter_go_and_a_holder_that_waits_for_a_switch_too() {
        for _ in 0..50 {
            let cancel = Cancel::default();
            let lock = Lock::new(Policy::SwitchInterval, INTERVAL, cancel.clone());
            thread::scope(|scope| {
                lock.take(0).unwrap();
                let waiters: Vec<_> = (1..4)
                    .map(|worker| {
                        scope.spawn({
                            let lock = &lock;
                            move || lock.take(worker)
                        })
                    })
                    .collect();
                while !lock.drop_requested() {
                    thread::yield_now();
                }
                cancel.cancel();
                lock.release(0, 0.0);
                for waiter in waiters {
                    assert_eq!(waiter.join().unwrap(), Err(Cancelled));
                }
            });
        }
    }

    #[test]
    fn with_ticks_nobody_asks_for_the_lock_and_the_holder_may_take_it_again() {
        let lock = Lock::new(Policy::Ticks, INTERVAL, Cancel::default());
        thread::scope(|scope| {
            lock.take(0).unwrap();
            let waiter = scope.spawn(|| lock.take(1).map(|_| lock.release(1, 0.0)));
            // Until the waiter has woken up and found the lock taken, or was quicker.
            while !waiter.is_finished() && lock.counts().found_taken == 0 {
                lock.release(0, 0.0);
                if !lock.try_take(0) {
                    lock.take(0).unwrap();
                }
            }
            assert!(!lock.drop_requested());
            lock.release(0, 0.0);
        });
        let counts = lock.counts();
        assert!(counts.forced_switches == 0 && counts.acquisitions >= 2, "{counts:?}");
    }

    #[test]
    fn the_next_holder_learns_when_it_was_dropped() {
        let lock = lock();
        lock.take(0).unwrap();
        lock.release(0, 42.0);
        assert_eq!(lock.take(1), Ok(42.0));
    }
}
