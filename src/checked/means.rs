//! The names of [`crate::means`], on the scheduler.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, LockResult, PoisonError};
use std::time::Duration;

use shuttle::sync::atomic::Ordering;
pub use shuttle::sync::atomic::{AtomicBool, AtomicU32};
use shuttle::sync::mpsc::{Sender, channel};
pub use shuttle::thread;

thread_local! {
    /// Whether wake-ups get lost, to see that this is found. The workers of a scenario share one thread of the system.
    pub static DEAF: Cell<bool> = const { Cell::new(false) };
}

/// As where lots are drawn.
pub const IS_CPYTHONS: bool = false;

/// As [`crate::means::look_for_a_moment`]: for a step or two of the others.
pub fn look_for_a_moment(holds: impl Fn() -> bool) {
    if holds() {
        thread::yield_now();
    }
}

/// As [`crate::host::Cancel`].
#[derive(Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// The scheduler's mutex, with guards that know it.
#[derive(Default)]
pub struct Mutex<T>(shuttle::sync::Mutex<T>);

pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    guard: shuttle::sync::MutexGuard<'a, T>,
}

impl<T> Mutex<T> {
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        match self.0.lock() {
            Ok(guard) => Ok(MutexGuard { mutex: self, guard }),
            Err(error) => Err(PoisonError::new(MutexGuard { mutex: self, guard: error.into_inner() })),
        }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

/// Not the scheduler's own, whose waits have no time. Here a wait may be over whenever the scheduler likes, unless it is
/// for ever ([`Duration::MAX`]): then only a wake-up ends it, and if that is lost there is a deadlock.
#[derive(Default)]
pub struct Condvar(std::sync::Mutex<VecDeque<Wait>>);

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
        Self::default()
    }

    pub fn notify_one(&self) {
        while !DEAF.get() && self.first().is_some_and(|wait| !wait.end(TimedOut(false))) {}
    }

    pub fn notify_all(&self) {
        while let Some(wait) = self.first() {
            wait.end(TimedOut(false));
        }
    }

    /// Who waits the longest waits no more.
    fn first(&self) -> Option<Wait> {
        self.0.lock().expect("nobody panics").pop_front()
    }

    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let (guard, _) = self.wait_timeout(guard, Duration::MAX).unwrap_or_else(PoisonError::into_inner);
        Ok(guard)
    }

    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, TimedOut)> {
        let (end, ended) = channel();
        let wait = Wait { over: Arc::default(), end };
        self.0.lock().expect("nobody panics").push_back(wait.clone());
        let MutexGuard { mutex, guard } = guard;
        drop(guard);
        if timeout < Duration::MAX {
            thread::spawn(move || {
                wait.end(TimedOut(true));
            });
            // Time passes for the others too, also where a scheduler has favourites.
            thread::yield_now();
        }
        let timed_out = ended.recv().expect("the queue keeps the other end until it has sent something");
        Ok((mutex.lock().unwrap_or_else(PoisonError::into_inner), timed_out))
    }
}

/// Somebody waits.
#[derive(Clone)]
struct Wait {
    /// Not a step for the scheduler.
    over: Arc<std::sync::atomic::AtomicBool>,
    end: Sender<TimedOut>,
}

impl Wait {
    /// Whether this has ended it.
    fn end(&self, timed_out: TimedOut) -> bool {
        let ends = !self.over.swap(true, Ordering::SeqCst);
        if ends {
            self.end.send(timed_out).expect("whoever waits hears it");
        }
        ends
    }
}
