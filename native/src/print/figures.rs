//! The figures of a report as the cells of its tables: what every face in text shows, once.

use gilscope::experiment::Model;
use gilscope::points;
use gilscope::report::{Report, Run};
use gilscope::stats::Summary;

use crate::format::{self, TimeUnit};

/// A median, and its interval; empty where there is none.
#[derive(Default)]
pub struct Figure {
    pub median: String,
    pub interval: String,
}

/// How fast a run was.
pub struct Times {
    /// The point of a sweep; empty without one.
    pub setting: String,
    pub model: String,
    pub workers: String,
    pub time: Figure,
    pub speedup: Figure,
    pub efficiency: String,
}

/// What a run cost.
pub struct Costs {
    pub model: String,
    pub workers: String,
    pub startup: String,
    pub lock_held: String,
    pub lock_waiting: String,
    pub forced_switches: String,
    pub messages: String,
}

pub fn times(report: &Report) -> Vec<Times> {
    let smallest_s = report.runs.iter().map(|run| run.elapsed_s.median).fold(f64::INFINITY, f64::min);
    let common = TimeUnit::for_smallest(smallest_s);
    // The times of a sweep may be orders of magnitude apart.
    let swept = !report.experiment.sweep.is_empty();
    let unit = |run: &Run| if swept { TimeUnit::for_smallest(run.elapsed_s.median) } else { common };
    let row = |run: &Run| Times {
        setting: setting(report, run),
        model: run.model.to_string(),
        workers: run.workers.to_string(),
        time: Figure { median: unit(run).text(run.elapsed_s.median), interval: unit(run).interval(&run.elapsed_s) },
        speedup: run.speedup.as_ref().map_or_else(Figure::default, |speedup| speedup_of(run.model, speedup)),
        efficiency: run.efficiency.map(format::share).unwrap_or_default(),
    };
    report.runs.iter().map(row).collect()
}

fn setting(report: &Report, run: &Run) -> String {
    let point = run.point.and_then(|point| report.experiment.sweep.get(point as usize));
    point.map(points::setting).unwrap_or_default()
}

fn speedup_of(model: Model, speedup: &Summary) -> Figure {
    // Against itself `serial` is as fast as itself, always.
    let interval = if model == Model::Serial { String::new() } else { format::ratio_interval(speedup) };
    Figure { median: format::ratio(speedup.median), interval }
}

pub fn costs(report: &Report) -> Vec<Costs> {
    report.runs.iter().map(costs_of).collect()
}

fn costs_of(run: &Run) -> Costs {
    let rounds = run.elapsed_s.samples.len() as f64;
    let elapsed_s: f64 = run.elapsed_s.samples.iter().sum();
    let lock = run.lock.as_ref();
    let held = lock.and_then(|lock| lock.held_s).map(|held_s| held_s / elapsed_s);
    let waiting = lock.and_then(|lock| lock.waiting_s).map(|waiting_s| waiting_s / elapsed_s / f64::from(run.workers));
    let switches = lock.map(|lock| lock.forced_switches as f64 / rounds);
    let messages = run.channel.map(|channel| {
        let mean = format::mean_count(channel.messages as f64 / rounds);
        format!("{mean}, {}", format::bytes(channel.bytes as f64 / rounds))
    });
    Costs {
        model: run.model.to_string(),
        workers: run.workers.to_string(),
        startup: format::seconds(run.startup_s.median),
        lock_held: held.map(format::share).unwrap_or_default(),
        lock_waiting: waiting.map(format::share).unwrap_or_default(),
        forced_switches: switches.map(format::mean_count).unwrap_or_default(),
        messages: messages.unwrap_or_default(),
    }
}
