//! The lock itself.
//!
//! It is compiled twice: on the standard library's means, and on those of [`crate::checked`], which tries out how its
//! workers may interleave.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::means::{AtomicBool, Cancel, Condvar, IS_CPYTHONS, Mutex, MutexGuard, look_for_a_moment};
use super::{Cancelled, Counts, Policy, race};

#[derive(Default)]
struct Inner {
    holder: Option<u32>,
    last_holder: Option<u32>,
    /// Counts changes of holder, so that a waiter can tell whether one happened while it waited.
    switches: u64,
    waiters: usize,
    /// Waiters that sleep through their switch interval.
    asleep: usize,
    /// A waiter has asked for the lock, is awake and is to take it, so a drop wakes no sleeper.
    is_taker_awake: bool,
    /// When the lock was last dropped, by the dropper's clock.
    dropped_us: f64,
    counts: Counts,
}

/// What one who was made to drop the lock waits for: under a mutex of its own, so that it is in nobody's way.
#[derive(Default)]
struct Switch {
    /// As [`Inner::switches`].
    switches: u64,
    forced_switches: u64,
}

/// One lock for all workers of a heap. Workers are numbered from 0.
pub struct Lock {
    policy: Policy,
    switch_interval: Duration,
    cancel: Cancel,
    drop_request: AtomicBool,
    /// The holder is about to take the lock again ([`Lock::tick`]); whoever swaps this for `false` first has it.
    is_up_for_grabs: AtomicBool,
    inner: Mutex<Inner>,
    switch: Mutex<Switch>,
    /// The lock has been dropped.
    free: Condvar,
    /// The lock has been taken by another worker, or everybody is to stop.
    switched: Condvar,
}

impl Lock {
    pub fn new(policy: Policy, switch_interval: Duration, cancel: Cancel) -> Self {
        Self {
            policy,
            switch_interval,
            cancel,
            drop_request: AtomicBool::new(false),
            is_up_for_grabs: AtomicBool::new(false),
            inner: Mutex::default(),
            switch: Mutex::default(),
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
        // Who has asked for the lock and lost the race sleeps once more, for a sleeper is on its way.
        let mut has_lost = false;
        while (has_lost || !self.is_free(&mut inner)) && !self.cancel.is_cancelled() {
            let seen = inner.switches;
            inner.asleep += 1;
            let waited = self.free.wait_timeout(inner, self.switch_interval);
            let (guard, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            inner = guard;
            inner.asleep -= 1;
            has_lost = false;
            let taken = !self.is_free(&mut inner);
            if !timeout.timed_out() {
                inner.counts.signals += 1;
                inner.counts.found_taken += u64::from(taken);
            }
            let asks = taken && timeout.timed_out() && inner.switches == seen && self.policy == Policy::SwitchInterval;
            if asks && IS_CPYTHONS {
                self.drop_request.store(true, Ordering::Relaxed);
            } else if asks {
                let wins = race::asker_wins(inner.switches, inner.asleep);
                inner.is_taker_awake = wins;
                self.drop_request.store(true, Ordering::Relaxed);
                drop(inner);
                // The holder looks after every step, so it is about to let go.
                look_for_a_moment(|| self.drop_requested());
                inner = self.inner();
                inner.is_taker_awake = false;
                has_lost = !wins && inner.asleep > 0;
            }
        }
        inner.waiters -= 1;
        if self.cancel.is_cancelled() {
            // The drop that woke this worker is for the others now, and a holder may wait for a switch.
            self.free.notify_all();
            let _switch = self.switch();
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
        let mut switch = self.switch();
        switch.switches = inner.switches;
        self.switched.notify_all();
        drop(switch);
        // Whoever still waits starts a new interval, as in take_gil.
        self.drop_request.store(false, Ordering::Relaxed);
    }

    /// Whether a waiter has asked for the lock: what its holder looks at after every step, one relaxed load.
    pub fn drop_request(&self) -> &AtomicBool {
        &self.drop_request
    }

    pub fn drop_requested(&self) -> bool {
        self.drop_request.load(Ordering::Relaxed)
    }

    /// What a holder does every so many ticks, under that policy, on what was a semaphore: where somebody waits, drop the
    /// lock, wake a waiter, and at once try to take it again. Gives whether it still has it. `now_us` is asked for only
    /// where the lock is dropped.
    pub fn tick(&self, now_us: impl FnOnce() -> f64) -> bool {
        let mut inner = self.inner();
        if inner.waiters == 0 {
            return true;
        }
        inner.dropped_us = inner.dropped_us.max(now_us());
        inner.counts.acquisitions += 1;
        drop(inner);
        // Without the mutex, which the one who wakes up needs. A waiter that is not asleep yet misses this, and hears the
        // next one.
        self.is_up_for_grabs.store(true, Ordering::Release);
        self.free.notify_one();
        self.is_up_for_grabs.swap(false, Ordering::AcqRel)
    }

    /// Whether a waiter may take the lock.
    fn is_free(&self, inner: &mut Inner) -> bool {
        if self.is_up_for_grabs.swap(false, Ordering::AcqRel) {
            // The holder has not taken it again.
            inner.holder = None;
            inner.counts.acquisitions -= 1;
        }
        inner.holder.is_none()
    }

    /// Drop the lock at `now_us`; if another worker asked for it, wait until one has taken it.
    pub fn release(&self, worker: u32, now_us: f64) {
        let mut inner = self.inner();
        self.drop_at(&mut inner, worker, now_us);
        if !self.drop_request.swap(false, Ordering::Relaxed) {
            return;
        }
        let seen = inner.switches;
        drop(inner);
        let mut switch = self.switch();
        while switch.switches == seen && !self.cancel.is_cancelled() {
            switch = self.switched.wait(switch).unwrap_or_else(PoisonError::into_inner);
        }
        // Otherwise the one who asked has left, so nobody is owed a switch.
        switch.forced_switches += u64::from(switch.switches != seen);
    }

    fn drop_at(&self, inner: &mut Inner, worker: u32, now_us: f64) {
        debug_assert_eq!(inner.holder, Some(worker), "only the holder can drop the lock");
        inner.holder = None;
        inner.last_holder = Some(worker);
        inner.dropped_us = inner.dropped_us.max(now_us);
        if !inner.is_taker_awake {
            self.free.notify_one();
        }
    }

    pub fn counts(&self) -> Counts {
        let counts = self.inner().counts;
        Counts { forced_switches: self.switch().forced_switches, ..counts }
    }

    /// A worker that panics holds no part of this state half-changed, so a poisoned mutex is good.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn switch(&self) -> MutexGuard<'_, Switch> {
        self.switch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
