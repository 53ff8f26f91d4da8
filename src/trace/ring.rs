//! One writer's fixed ring of transitions, read while it is written.
//!
//! The worker never waits for its reader. When the ring wraps, the oldest transitions go, and the
//! reader says how many.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering, fence};

use super::{State, Transition};
use crate::host::Clock;

/// Transitions that a ring holds: ten seconds of a lock that is handed over every 5 ms.
const CAPACITY: u64 = 4096;

/// One transition, as words that are each written whole.
#[derive(Default)]
struct Slot {
    at: AtomicU64,
    /// `unlocked << 40 | state << 32 | task + 1`; 0 in the lower half means no task.
    what: AtomicU64,
    work: AtomicU64,
}

/// Written by one worker, read by one [`Reader`]: a seqlock over the whole ring.
pub struct Ring {
    /// Transitions whose writing has begun; always `ended` or one more.
    begun: AtomicU64,
    /// Transitions that are written.
    ended: AtomicU64,
    slots: Box<[Slot]>,
}

impl Default for Ring {
    fn default() -> Self {
        let slots = (0..CAPACITY).map(|_| Slot::default()).collect();
        Self { begun: AtomicU64::new(0), ended: AtomicU64::new(0), slots }
    }
}

impl Ring {
    fn slot(&self, index: u64) -> &Slot {
        &self.slots[usize::try_from(index % CAPACITY).expect("below the capacity")]
    }

    fn push(&self, transition: Transition) {
        let index = self.ended.load(Ordering::Relaxed);
        self.begun.store(index + 1, Ordering::Relaxed);
        // Who sees a word written below sees that its slot is being rewritten.
        fence(Ordering::Release);
        let slot = self.slot(index);
        let task = transition.task.map_or(0, |task| u64::from(task) + 1);
        slot.at.store(transition.at_us.to_bits(), Ordering::Relaxed);
        let unlocked = u64::from(transition.unlocked);
        slot.what.store(unlocked << 40 | (transition.state as u64) << 32 | task, Ordering::Relaxed);
        slot.work.store(transition.work, Ordering::Relaxed);
        self.ended.store(index + 1, Ordering::Release);
    }

    fn read(&self, index: u64) -> Option<Transition> {
        let slot = self.slot(index);
        let at = slot.at.load(Ordering::Relaxed);
        let what = slot.what.load(Ordering::Relaxed);
        let work = slot.work.load(Ordering::Relaxed);
        fence(Ordering::Acquire);
        let rewritten = self.begun.load(Ordering::Relaxed) > index + CAPACITY;
        (!rewritten).then(|| Transition {
            at_us: f64::from_bits(at),
            state: State::ALL[usize::try_from(what >> 32 & 0xff).expect("a state")],
            task: u32::try_from(what & u64::from(u32::MAX)).ok().and_then(|task| task.checked_sub(1)),
            work,
            unlocked: what >> 40 != 0,
        })
    }
}

/// The one reader of a ring.
pub struct Reader {
    ring: Arc<Ring>,
    next: u64,
}

impl Reader {
    pub fn new(ring: Arc<Ring>) -> Self {
        Self { ring, next: 0 }
    }

    /// Everything written since the last call, and how many transitions were lost before it.
    pub fn drain(&mut self) -> (Vec<Transition>, u64) {
        let ended = self.ring.ended.load(Ordering::Acquire);
        let oldest = ended.saturating_sub(CAPACITY).max(self.next);
        let read: Vec<_> = (oldest..ended).filter_map(|index| self.ring.read(index)).collect();
        let dropped = ended - self.next - read.len() as u64;
        self.next = ended;
        (read, dropped)
    }
}

/// The one writer of a ring: records what its worker does, by the worker's clock.
pub struct Recorder {
    ring: Arc<Ring>,
    clock: Arc<dyn Clock>,
    /// Off only in the benchmark that asks what recording costs.
    on: bool,
    last_us: f64,
    state: Option<(State, Option<u32>)>,
    unlocked: bool,
    work: u64,
}

impl Recorder {
    pub fn new(ring: Arc<Ring>, clock: Arc<dyn Clock>, on: bool) -> Self {
        Self { ring, clock, on, last_us: 0.0, state: None, unlocked: false, work: 0 }
    }

    pub fn now_us(&self) -> f64 {
        self.clock.now_us()
    }

    /// One more quantum is computed.
    pub fn count_work(&mut self) {
        self.work += 1;
    }

    pub fn work(&self) -> u64 {
        self.work
    }

    /// The state that was entered last, and the task.
    pub fn state(&self) -> Option<(State, Option<u32>)> {
        self.state
    }

    /// The worker enters `state` now. Gives the time that was written down.
    pub fn enter(&mut self, state: State, task: Option<u32>) -> f64 {
        self.enter_after(f64::NEG_INFINITY, state, task)
    }

    /// The worker enters `state` without the lock now. Gives the time that was written down.
    pub fn enter_unlocked(&mut self, state: State, task: Option<u32>) -> f64 {
        self.unlocked = state == State::Running;
        let at_us = self.enter(state, task);
        self.unlocked = false;
        at_us
    }

    /// The worker enters `state` now, and not before `cause_us`, a time read from another worker's
    /// clock: clocks are coarse and a little apart, causes come first all the same.
    pub fn enter_after(&mut self, cause_us: f64, state: State, task: Option<u32>) -> f64 {
        self.enter_at(self.now_us().max(cause_us), state, task)
    }

    /// The worker entered `state` at `at_us`, or just after the last change if that came later.
    pub fn enter_at(&mut self, at_us: f64, state: State, task: Option<u32>) -> f64 {
        let at_us = at_us.max(self.last_us);
        self.last_us = at_us;
        self.state = Some((state, task));
        if self.on {
            self.ring.push(Transition { at_us, state, task, work: self.work, unlocked: self.unlocked });
        }
        at_us
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::tests::TickingClock;

    fn pair() -> (Recorder, Reader) {
        let ring = Arc::new(Ring::default());
        (Recorder::new(ring.clone(), Arc::new(TickingClock::default()), true), Reader::new(ring))
    }

    #[test]
    fn what_is_written_is_read_once() {
        let (mut recorder, mut reader) = pair();
        recorder.enter(State::Idle, None);
        recorder.count_work();
        recorder.enter(State::Running, Some(3));
        let (read, dropped) = reader.drain();
        assert_eq!(dropped, 0);
        assert_eq!(read[1], Transition { at_us: 2.0, state: State::Running, task: Some(3), work: 1, unlocked: false });
        assert_eq!(reader.drain(), (vec![], 0));
    }

    #[test]
    fn a_ring_that_wraps_says_how_many_it_lost() {
        let (mut recorder, mut reader) = pair();
        for _ in 0..CAPACITY + 10 {
            recorder.enter(State::Idle, None);
        }
        let (read, dropped) = reader.drain();
        assert_eq!((read.len() as u64, dropped), (CAPACITY, 10));
        assert_eq!(read[0].at_us, 11.0);
    }

    #[test]
    fn a_cause_comes_before_its_effect_whatever_the_clock_says() {
        let (mut recorder, mut reader) = pair();
        recorder.enter_after(50.0, State::Running, None);
        recorder.enter(State::Idle, None);
        let times: Vec<_> = reader.drain().0.iter().map(|t| t.at_us).collect();
        assert_eq!(times, [50.0, 50.0]);
    }

    #[test]
    fn read_while_written_every_transition_is_whole_and_in_order() {
        let (mut recorder, mut reader) = pair();
        let writer = std::thread::spawn(move || {
            for task in 0..200_000 {
                recorder.count_work();
                recorder.enter(State::Running, Some(task));
            }
        });
        let (mut seen, mut lost, mut last) = (0, 0, 0);
        loop {
            let finished = writer.is_finished();
            let (read, dropped) = reader.drain();
            for transition in &read {
                assert_eq!(u64::from(transition.task.unwrap()) + 1, transition.work, "torn");
                assert!(transition.work > last);
                last = transition.work;
            }
            seen += read.len() as u64;
            lost += dropped;
            if finished {
                break;
            }
        }
        writer.join().unwrap();
        assert_eq!(seen + lost, 200_000);
    }
}
