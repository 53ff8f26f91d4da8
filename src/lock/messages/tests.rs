//! Arbiter and claims together, with their messages on the way for as long as it pleases chance.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::{Arbiter, Claim, Heard, ToArbiter, ToClaim};

const WORKERS: usize = 4;
const INTERVAL_US: f64 = 5_000.0;

/// What may happen next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The oldest message of this worker arrives.
    ToArbiter(usize),
    /// The oldest message to this worker arrives.
    ToWorker(usize),
    /// This worker waits for the lock, or drops it.
    Act(usize),
    /// This worker stops, wherever it stands.
    End(usize),
    /// Time passes.
    Pass(f64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..WORKERS).prop_map(Step::ToArbiter),
        4 => (0..WORKERS).prop_map(Step::ToWorker),
        2 => (0..WORKERS).prop_map(Step::Act),
        1 => (0..WORKERS).prop_map(Step::End),
        2 => (0.0..2.0 * INTERVAL_US).prop_map(Step::Pass),
    ]
}

struct World {
    now_us: f64,
    arbiter: Arbiter,
    claims: [Claim; WORKERS],
    /// Who waits, as far as it knows itself.
    waits: [bool; WORKERS],
    to_arbiter: [VecDeque<ToArbiter>; WORKERS],
    to_worker: [VecDeque<ToClaim>; WORKERS],
    /// When the last holder dropped the lock.
    dropped_us: f64,
    /// Who took the lock, in order.
    takers: Vec<usize>,
}

impl World {
    fn new() -> Self {
        Self {
            now_us: 0.0,
            arbiter: Arbiter::new(INTERVAL_US),
            claims: Default::default(),
            waits: [false; WORKERS],
            to_arbiter: Default::default(),
            to_worker: Default::default(),
            dropped_us: f64::NEG_INFINITY,
            takers: Vec::new(),
        }
    }

    fn holders(&self) -> usize {
        self.claims.iter().filter(|claim| claim.holds()).count()
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::ToArbiter(worker) => {
                let Some(said) = self.to_arbiter[worker].pop_front() else { return };
                let told = self.arbiter.hear(u32::try_from(worker).unwrap(), said, self.now_us);
                self.post(told.expect("no worker says what cannot be"));
            }
            Step::ToWorker(worker) => {
                let Some(said) = self.to_worker[worker].pop_front() else { return };
                match self.claims[worker].hear(said) {
                    Heard::Took { free_us } => {
                        assert_eq!(free_us, self.dropped_us, "the effect knows its cause");
                        self.waits[worker] = false;
                        self.takers.push(worker);
                    }
                    Heard::Asked => {
                        self.dropped_us = self.now_us;
                        self.waits[worker] = true;
                        self.to_arbiter[worker].push_back(self.claims[worker].pass(self.now_us));
                    }
                    Heard::Stale => {}
                }
            }
            Step::Act(worker) if self.claims[worker].holds() => self.end(worker),
            Step::Act(worker) if self.waits[worker] => {}
            Step::Act(worker) => {
                self.waits[worker] = true;
                self.to_arbiter[worker].push_back(self.claims[worker].want());
            }
            Step::End(worker) => self.end(worker),
            Step::Pass(us) => {
                self.now_us += us;
                let told = self.arbiter.elapse(self.now_us);
                self.post(told);
            }
        }
        assert!(self.holders() <= 1, "mutual exclusion");
    }

    fn end(&mut self, worker: usize) {
        if self.claims[worker].holds() {
            self.dropped_us = self.now_us;
        }
        self.waits[worker] = false;
        self.to_arbiter[worker].extend(self.claims[worker].end(self.now_us));
    }

    fn post(&mut self, told: Option<(u32, ToClaim)>) {
        if let Some((worker, said)) = told {
            self.to_worker[worker as usize].push_back(said);
        }
    }

    /// Every message arrives, and what comes of it.
    fn settle(&mut self) {
        while self.to_arbiter.iter().any(|queue| !queue.is_empty()) || self.to_worker.iter().any(|q| !q.is_empty()) {
            for worker in 0..WORKERS {
                self.take(Step::ToArbiter(worker));
                self.take(Step::ToWorker(worker));
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_crosses_one_holds_the_lock_and_everyone_who_waits_gets_it(
        steps in proptest::collection::vec(step(), 0..300),
    ) {
        let mut world = World::new();
        steps.into_iter().for_each(|step| world.take(step));
        world.settle();
        while world.waits.contains(&true) {
            let holder = world.claims.iter().position(Claim::holds);
            prop_assert!(holder.is_some(), "{:?} wait and nobody has it: a lost wake-up", world.waits);
            world.end(holder.unwrap());
            world.settle();
        }
        let counts = world.arbiter.take_counts();
        prop_assert!(counts.acquisitions >= world.takers.len() as u64);
        prop_assert!(counts.forced_switches <= counts.signals);
    }

    #[test]
    fn a_holder_that_never_drops_it_by_itself_is_made_to_switch(
        steps in proptest::collection::vec(step(), 0..300),
    ) {
        let mut world = World::new();
        steps.into_iter().for_each(|step| world.take(step));
        for worker in [0, 1] {
            if !world.waits[worker] && !world.claims[worker].holds() {
                world.take(Step::Act(worker));
            }
        }
        world.settle();
        // Nobody but the clock makes them switch. Not everybody has a turn: were the clock exact, two could ask for ever
        // before a third one does.
        world.takers.clear();
        for _ in 0..4 * WORKERS {
            world.take(Step::Pass(INTERVAL_US));
            world.settle();
        }
        prop_assert!(world.takers.len() >= WORKERS, "{:?}", world.takers);
        prop_assert!(world.takers.windows(2).all(|pair| pair[0] != pair[1]), "{:?}", world.takers);
    }
}
