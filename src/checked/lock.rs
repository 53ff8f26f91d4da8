//! What holds of the lock however its workers interleave.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use shuttle::scheduler::DfsScheduler;

use super::means::{AtomicBool, AtomicU32, Cancel, DEAF, thread};
use super::protocol::Lock;
use super::{Cancelled, Counts, Policy, explore, run};

/// Waits end by a wake-up alone, so that a lost one is a deadlock.
const FOR_EVER: Duration = Duration::MAX;
/// Waits end by a wake-up or by their time, whatever comes first.
const FOR_A_WHILE: Duration = Duration::from_millis(5);

/// A lock, and a way to see that it excludes.
struct Room {
    lock: Lock,
    cancel: Cancel,
    inside: AtomicU32,
    /// No wait ends by its time.
    is_patient: bool,
}

impl Room {
    fn new(policy: Policy, interval: Duration) -> Self {
        let cancel = Cancel::default();
        let lock = Lock::new(policy, interval, cancel.clone());
        Self { lock, cancel, inside: AtomicU32::new(0), is_patient: interval == FOR_EVER }
    }

    /// A step, which only a holder may compute.
    fn compute(&self) {
        assert!(!self.is_patient || !self.lock.drop_requested(), "no switch interval has ended");
        assert_eq!(self.inside.fetch_add(1, Ordering::SeqCst), 0, "two workers hold the lock");
        thread::yield_now();
        self.inside.fetch_sub(1, Ordering::SeqCst);
    }

    /// As the workers of `threads`: take it, compute so many steps, and look after each whether somebody asked.
    fn work(&self, worker: u32, steps: u32) -> Result<(), Cancelled> {
        self.lock.take(worker)?;
        for _ in 0..steps {
            self.compute();
            if self.lock.policy() == Policy::Ticks {
                if !self.lock.tick(|| 0.0) {
                    self.lock.take(worker)?;
                }
            } else if self.lock.drop_request().load(Ordering::Relaxed) {
                self.pass(worker);
                self.lock.take(worker)?;
            }
        }
        self.lock.release(worker, 0.0);
        Ok(())
    }

    /// Drop the lock because somebody asked for it, who gets it, unless all were cancelled.
    fn pass(&self, worker: u32) {
        let acquisitions = self.lock.counts().acquisitions;
        self.lock.release(worker, 0.0);
        let switched = self.lock.counts().acquisitions > acquisitions;
        assert!(switched || self.cancel.is_cancelled(), "nobody has taken the lock that was asked for");
    }

    /// Workers work together, and then the lock is free. Gives what it has done.
    fn fill(self, workers: u32, quanta: u32) -> Counts {
        let room = Arc::new(self);
        let each = (0..workers).map(|worker| {
            let room = room.clone();
            thread::spawn(move || room.work(worker, quanta))
        });
        for thread in each.collect::<Vec<_>>() {
            let ended = thread.join().unwrap();
            assert!(ended == Ok(()) || room.cancel.is_cancelled(), "nobody was cancelled");
        }
        let counts = room.lock.counts();
        assert!(counts.found_taken <= counts.signals || room.cancel.is_cancelled(), "only a drop wakes: {counts:?}");
        assert!(room.lock.try_take(0), "everyone has left, so it is free");
        counts
    }
}

#[test]
fn it_excludes_and_no_wake_up_is_lost() {
    for policy in Policy::ALL {
        let found_taken = Arc::new(AtomicU64::new(0));
        let sum = found_taken.clone();
        explore(format!("exclusion, {}", policy.name()), move || {
            let counts = Room::new(policy, FOR_EVER).fill(3, 2);
            assert_eq!(counts.forced_switches, 0, "nobody asks for it");
            sum.fetch_add(counts.found_taken, Ordering::SeqCst);
        });
        assert!(found_taken.load(Ordering::SeqCst) > 0, "whoever is woken up may find it taken again");
    }
}

#[test]
fn nobody_is_asked_for_it_before_a_switch_interval_has_ended() {
    explore("no requests", || {
        let room = Arc::new(Room::new(Policy::SwitchInterval, FOR_EVER));
        // Whoever drops the lock may take it again before the other one, who was woken up for it.
        let each = [0, 1].map(|worker| {
            let room = room.clone();
            thread::spawn(move || room.work(worker, 1).and_then(|()| room.work(worker, 1)))
        });
        each.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), Ok(())));
        assert_eq!(room.lock.counts().forced_switches, 0);
    });
}

#[test]
fn whoever_asks_gets_a_turn() {
    explore("forced switches", || {
        Room::new(Policy::SwitchInterval, FOR_A_WHILE).fill(3, 3);
    });
}

/// The holder goes on until the waiter had its turn, so only a forced switch ends this.
#[test]
fn a_holder_that_only_checkpoints_is_made_to_switch() {
    explore("a holder that only checkpoints", || {
        let room = Arc::new(Room::new(Policy::SwitchInterval, FOR_A_WHILE));
        let had_turn = Arc::new(AtomicBool::new(false));
        room.lock.take(0).unwrap();
        let waiter = thread::spawn({
            let (room, had_turn) = (room.clone(), had_turn.clone());
            move || {
                room.lock.take(1).unwrap();
                had_turn.store(true, Ordering::SeqCst);
                room.lock.release(1, 0.0);
            }
        });
        while !had_turn.load(Ordering::SeqCst) {
            room.compute();
            if room.lock.drop_requested() {
                room.pass(0);
                room.lock.take(0).unwrap();
            }
        }
        room.lock.release(0, 0.0);
        waiter.join().unwrap();
        assert!(room.lock.counts().forced_switches > 0, "the holder has been made to");
    });
}

#[test]
fn cancelling_at_any_moment_lets_everybody_go() {
    for policy in Policy::ALL {
        explore(format!("cancelling, {}", policy.name()), move || {
            let room = Room::new(policy, FOR_A_WHILE);
            let cancel = room.cancel.clone();
            thread::spawn(move || cancel.cancel());
            room.fill(3, 2);
        });
    }
}

/// Small enough for every interleaving there is.
#[test]
fn two_workers_exclude_each_other_in_every_interleaving() {
    let signals = Arc::new(AtomicU64::new(0));
    let sum = signals.clone();
    let tried = run(DfsScheduler::new(None, false), move || {
        let counts = Room::new(Policy::SwitchInterval, FOR_EVER).fill(2, 0);
        assert!(counts.signals <= 1, "only the first one can leave a waiter");
        assert_eq!(counts, Counts { acquisitions: 2, signals: counts.signals, ..Counts::default() });
        sum.fetch_add(counts.signals, Ordering::SeqCst);
    });
    assert!(signals.load(Ordering::SeqCst) > 0, "one may wait for the other");
    println!("two workers: all {tried} executions");
    assert!(tried > 100, "{tried} are too few to be all");
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_lost_wake_up_is_found() {
    explore("lost wake-ups", || {
        DEAF.set(true);
        Room::new(Policy::SwitchInterval, FOR_EVER).fill(2, 1);
    });
}
