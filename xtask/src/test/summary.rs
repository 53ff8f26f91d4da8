//! What the steps took, what the tests said, and which were the slowest.

use std::path::Path;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::Tested;
use super::event::Outcome;
use crate::step::{say, seconds};

/// How many of the slowest tests are listed.
const SLOWEST: usize = 20;

/// Collects while steps run, some side by side.
#[derive(Default)]
pub struct Summary {
    steps: Mutex<Vec<(String, Duration)>>,
    suites: Mutex<Vec<(String, Vec<Tested>)>>,
}

impl Summary {
    /// Do a step and note its time; a step done in parts is noted once.
    pub fn time<T>(&self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let start = Instant::now();
        let done = work();
        let mut steps = self.steps.lock().expect("unpoisoned");
        match steps.iter_mut().find(|(step, _)| step == name) {
            Some((_, duration)) => *duration += start.elapsed(),
            None => steps.push((name.to_owned(), start.elapsed())),
        }
        done
    }

    /// Run tests, note their results and their time.
    pub fn run(&self, name: &str, tests: impl FnOnce() -> Result<Vec<Tested>>) -> Result<()> {
        say("tests", name);
        let tested = self.time(&format!("test: {name}"), tests)?;
        let count = Count::of(tested.iter());
        say("tests", &format!("{name}: {count}"));
        self.suites.lock().expect("unpoisoned").push((name.to_owned(), tested));
        Ok(())
    }

    pub fn results(&self) -> MutexGuard<'_, Vec<(String, Vec<Tested>)>> {
        self.suites.lock().expect("unpoisoned")
    }

    pub fn failed(&self) -> usize {
        Count::of(self.results().iter().flat_map(|(_, tests)| tests)).failed
    }

    pub fn print(&self, junit: &Path) {
        let steps = self.steps.lock().expect("unpoisoned");
        let suites = self.results();
        println!("\nWall time of each step (some ran side by side):");
        for (name, duration) in steps.iter() {
            println!("  {:>7}  {name}", seconds(*duration));
        }
        let tests = || suites.iter().flat_map(|(suite, tests)| tests.iter().map(move |test| (suite, test)));
        let mut slowest: Vec<_> = tests().filter(|(_, test)| test.outcome != Outcome::Ignored).collect();
        slowest.sort_by(|a, b| b.1.seconds.total_cmp(&a.1.seconds));
        println!("\nThe slowest tests:");
        for (suite, test) in slowest.iter().take(SLOWEST) {
            println!("  {:>7}  {suite}: {}", seconds(Duration::from_secs_f64(test.seconds)), test.name);
        }
        let failed: Vec<_> = tests().filter(|(_, test)| matches!(test.outcome, Outcome::Failed(_))).collect();
        if !failed.is_empty() {
            println!("\nFailed:");
        }
        for (suite, test) in failed {
            println!("  {suite}: {}", test.name);
        }
        println!("\nResults: {}\n", junit.display());
        println!("{}", Count::of(tests().map(|(_, test)| test)));
    }
}

/// In the words that CI systems look for.
struct Count {
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Count {
    fn of<'a>(tests: impl Iterator<Item = &'a Tested>) -> Self {
        let mut count = Self { passed: 0, failed: 0, ignored: 0 };
        for test in tests {
            match test.outcome {
                Outcome::Passed => count.passed += 1,
                Outcome::Failed(_) => count.failed += 1,
                Outcome::Ignored => count.ignored += 1,
            }
        }
        count
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.ignored)
    }
}
