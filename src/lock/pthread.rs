//! CPython's own mutex and condition variable, in the shape of the standard library's.
//!
//! Who gets the lock next is decided here: a waiter that is awake still takes the signal meant for one that sleeps,
//! wherever the C library keeps them in one group. The standard library's wait at futexes of its own.

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::{Deref, DerefMut};
use std::sync::LockResult;
use std::time::Duration;

/// The clock by which waits end: one that nobody sets, where a condition variable may have it.
#[cfg(not(target_vendor = "apple"))]
const CLOCK: libc::clockid_t = libc::CLOCK_MONOTONIC;
#[cfg(target_vendor = "apple")]
const CLOCK: libc::clockid_t = libc::CLOCK_REALTIME;

/// Boxed, for it must not move.
pub struct Mutex<T> {
    raw: Box<UnsafeCell<libc::pthread_mutex_t>>,
    value: UnsafeCell<T>,
}

// SAFETY: a mutex of the system is for any thread, and the value goes with it.
unsafe impl<T: Send> Send for Mutex<T> {}
// SAFETY: only the thread that has locked it gets at the value.
unsafe impl<T: Send> Sync for Mutex<T> {}

/// Only the thread that locked the mutex may unlock it, so it cannot be sent.
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    of_one_thread: PhantomData<*const ()>,
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self { raw: Box::new(UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER)), value: UnsafeCell::default() }
    }
}

impl<T> Mutex<T> {
    /// It is never poisoned.
    #[expect(clippy::unnecessary_wraps, reason = "the standard library's shape")]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        // SAFETY: it is initialized, and stays where it is.
        succeeds(unsafe { libc::pthread_mutex_lock(self.raw.get()) });
        Ok(MutexGuard { mutex: self, of_one_thread: PhantomData })
    }
}

impl<T> Drop for Mutex<T> {
    fn drop(&mut self) {
        // SAFETY: nobody has it locked, for a guard borrows it.
        unsafe { libc::pthread_mutex_destroy(self.raw.get()) };
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: we have the mutex locked.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: we have the mutex locked.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: this thread has locked it.
        unsafe { libc::pthread_mutex_unlock(self.mutex.raw.get()) };
    }
}

/// Boxed, for it must not move. All who wait at it have the same mutex.
pub struct Condvar(Box<UnsafeCell<libc::pthread_cond_t>>);

// SAFETY: a condition variable of the system is for any thread.
unsafe impl Send for Condvar {}
// SAFETY: a condition variable of the system is for any threads at the same time.
unsafe impl Sync for Condvar {}

/// As [`std::sync::WaitTimeoutResult`].
#[derive(Clone, Copy)]
pub struct TimedOut(bool);

impl TimedOut {
    pub fn timed_out(self) -> bool {
        self.0
    }
}

impl Condvar {
    pub fn new() -> Self {
        let condvar = Self(Box::new(UnsafeCell::new(libc::PTHREAD_COND_INITIALIZER)));
        #[cfg(not(target_vendor = "apple"))]
        {
            let mut attributes = MaybeUninit::uninit();
            // SAFETY: the attributes are initialized first and destroyed last; the variable is nobody else's yet.
            unsafe {
                succeeds(libc::pthread_condattr_init(attributes.as_mut_ptr()));
                succeeds(libc::pthread_condattr_setclock(attributes.as_mut_ptr(), CLOCK));
                succeeds(libc::pthread_cond_init(condvar.0.get(), attributes.as_ptr()));
                libc::pthread_condattr_destroy(attributes.as_mut_ptr());
            }
        }
        condvar
    }

    pub fn notify_one(&self) {
        // SAFETY: it is initialized, and stays where it is.
        succeeds(unsafe { libc::pthread_cond_signal(self.0.get()) });
    }

    pub fn notify_all(&self) {
        // SAFETY: it is initialized, and stays where it is.
        succeeds(unsafe { libc::pthread_cond_broadcast(self.0.get()) });
    }

    #[expect(clippy::unnecessary_wraps, reason = "the standard library's shape")]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        // SAFETY: both are initialized and stay where they are, and this thread has locked the mutex.
        succeeds(unsafe { libc::pthread_cond_wait(self.0.get(), guard.mutex.raw.get()) });
        Ok(guard)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the standard library's shape")]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, TimedOut)> {
        let end = time_in(timeout);
        // SAFETY: as for `wait`.
        let error = unsafe { libc::pthread_cond_timedwait(self.0.get(), guard.mutex.raw.get(), &raw const end) };
        let timed_out = error == libc::ETIMEDOUT;
        succeeds(if timed_out { 0 } else { error });
        Ok((guard, TimedOut(timed_out)))
    }
}

impl Drop for Condvar {
    fn drop(&mut self) {
        // SAFETY: nobody waits, for whoever waits borrows it.
        unsafe { libc::pthread_cond_destroy(self.0.get()) };
    }
}

/// The time of [`CLOCK`] when so much has passed.
fn time_in(duration: Duration) -> libc::timespec {
    const SECOND: libc::c_long = 1_000_000_000;
    let mut time = MaybeUninit::uninit();
    // SAFETY: every system has this clock, and then the time is written.
    let mut time = unsafe {
        succeeds(libc::clock_gettime(CLOCK, time.as_mut_ptr()));
        time.assume_init()
    };
    time.tv_sec = time.tv_sec.saturating_add(libc::time_t::try_from(duration.as_secs()).unwrap_or(libc::time_t::MAX));
    time.tv_nsec += libc::c_long::from(duration.subsec_nanos().cast_signed());
    if time.tv_nsec >= SECOND {
        time.tv_nsec -= SECOND;
        time.tv_sec = time.tv_sec.saturating_add(1);
    }
    time
}

/// What is called here fails by a mistake of ours alone.
fn succeeds(error: libc::c_int) {
    debug_assert_eq!(error, 0, "a mutex or condition variable of the system failed");
}
