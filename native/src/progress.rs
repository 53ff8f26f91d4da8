//! A progress bar, on a terminal: one step for each arm of each round.

use std::io::{IsTerminal, stderr};

use gilscope::session::{Event, PlannedRun};
use indicatif::{ProgressBar, ProgressStyle};

use crate::format;
use crate::plan::Detail;
use crate::samples::Samples;

/// Follows the events of a run. Draws only on events: a timer would use the cores that are measured.
pub struct Progress {
    bar: ProgressBar,
    runs: Vec<PlannedRun>,
    /// Rounds that come before the measured ones.
    warmup: u32,
    samples: Samples,
}

impl Progress {
    pub fn start(detail: Detail) -> Self {
        let shown = detail == Detail::Full && stderr().is_terminal();
        let bar = if shown { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template("{bar:24.cyan/blue} {elapsed:>4}  {msg}");
        bar.set_style(style.expect("a fixed template").progress_chars("━━╌"));
        Self { bar, runs: Vec::new(), warmup: 0, samples: Samples::default() }
    }

    pub fn watch(&mut self, event: &Event) {
        self.samples.watch(event);
        match event {
            Event::Begin { experiment, runs, .. } => {
                self.bar.set_length(self.samples.all);
                self.runs.clone_from(runs);
                self.warmup = experiment.warmup;
            }
            Event::Starting { run, .. } => self.bar.set_message(format!("starting {}", self.name(*run))),
            Event::RoundStart { run, round, rounds, warmup, .. } => {
                self.bar.set_position(self.samples.done());
                let (kind, round, rounds) = if *warmup {
                    ("warm-up round", round + 1, self.warmup)
                } else {
                    ("round", round + 1 - self.warmup, rounds - self.warmup)
                };
                self.bar.set_message(format!("{kind} {round} of {rounds}: {}", self.name(*run)));
            }
            _ => {}
        }
    }

    /// Wipe the bar, so that only the report stays.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn name(&self, run: Option<u32>) -> String {
        match run.and_then(|run| self.runs.get(run as usize)) {
            Some(run) => {
                let point = run.point.iter().flatten().map(|(field, value)| format!("{field} {value}, "));
                let workers = format::plural(run.workers.into(), "worker", "workers");
                format!("{}{}, {workers}", point.collect::<String>(), run.model)
            }
            None => "the ceiling".to_owned(),
        }
    }
}
