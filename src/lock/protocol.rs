//! The lock itself.
//!
//! It is compiled twice: on the standard library's means, and on those of [`crate::checked`], which tries out how its
//! workers may interleave.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::means::{AtomicBool, Cancel, Condvar, Mutex, MutexGuard};
use super::{Cancelled, Counts, Policy};

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
            let (guard, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
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
            inner = self.switched.wait(inner).unwrap_or_else(PoisonError::into_inner);
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
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
