use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::*;
use crate::host::Cancel;

const INTERVAL: Duration = Duration::from_millis(1);
/// Checkpoints of each worker, and sums between two; Miri takes a thousand times as long.
const MANY: (u32, u64) = if cfg!(miri) { (20, 20) } else { (2_000, 2_000) };

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
                hold(lock, worker, MANY.0, || {
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::hint::black_box((0..MANY.1).sum::<u64>());
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
                let counts = lock.counts();
                assert_eq!(counts.forced_switches, 1, "releasing waits until another has taken it");
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
    assert_eq!(lock.policy(), Policy::Ticks);
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
