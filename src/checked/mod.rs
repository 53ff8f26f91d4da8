//! The lock and the words that primitives wait at, checked: the same source files as everywhere, compiled on means of
//! which a scheduler decides who goes on at every step. It tries out many interleavings, and fails on a panic, on a
//! deadlock, and on workers that only go round.
//!
//! `GILSCOPE_EXECUTIONS=100000 cargo test -p gilscope checked` tries out more of them; with `-- --nocapture` it says how
//! many.

mod lock;
mod means;
mod words;

use std::fmt::Display;

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, MaxSteps, Runner};

use crate::lock::{Cancelled, Counts, Policy, race};
use crate::sync::Words;

#[expect(clippy::duplicate_mod, reason = "what is checked is what is shipped")]
#[path = "../sync/heap_words.rs"]
mod heap_words;
#[expect(clippy::duplicate_mod, reason = "what is checked is what is shipped")]
#[path = "../lock/protocol.rs"]
mod protocol;

/// How often each scheduler tries out a scenario.
const EXECUTIONS: usize = 500;
/// The most preemptions at the worst moment that one execution has (the depth of Burckhardt et al., "A Randomized
/// Scheduler with Probabilistic Guarantees of Finding Bugs", 2010).
const DEPTH: usize = 4;
/// More steps than any scenario needs: beyond, nobody gets on.
const STEPS: usize = 200_000;

/// Try out how the workers of a scenario may interleave.
fn explore(name: impl Display, scenario: impl Fn() + Clone + Send + Sync + 'static) {
    let executions = std::env::var("GILSCOPE_EXECUTIONS").map_or(EXECUTIONS, |text| text.parse().expect("a number"));
    let tried =
        run(RandomScheduler::new(executions), scenario.clone()) + run(PctScheduler::new(DEPTH, executions), scenario);
    println!("{name}: {tried} executions");
}

/// Gives how many executions there were.
fn run(scheduler: impl Scheduler + 'static, scenario: impl Fn() + Send + Sync + 'static) -> usize {
    let mut config = Config::new();
    config.max_steps = MaxSteps::FailAfter(STEPS);
    Runner::new(scheduler, config).run(scenario)
}
