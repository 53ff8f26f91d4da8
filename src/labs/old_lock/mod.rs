//! `old-lock`: the lock before Python 3.2 against today's.

use super::finding::{Finding, Part, Quantity};
use super::words::count;
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::{Experiment, Model};
use crate::lock::Policy;
use crate::report::{LockFigures, Report, Run, Verdict};
use crate::stats::share;

/// The old lock signals so many times as often as today's, at least.
const MUCH: f64 = 5.0;
/// Share of those woken who find the lock taken, at least.
const OFTEN: f64 = 0.2;
const THREADS: [u32; 3] = [1, 2, 4];

pub static LAB: Lab = Lab {
    id: "old-lock",
    question: "How did Python 2 hand over the lock?",
    watch: "The lock as it was before Python 3.2, and as it is today. Watch how often each is handed over, and how \
            often for nothing.",
    claim: "the lock before Python 3.2 (a check every 100 bytecodes) signals far more often than today's 5 ms switch interval, \
            often for nothing: whoever wakes up for it finds it taken",
    article: "",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let at = |policy: Policy, threads: u32| {
        point(&[("lock-policy", policy.name().to_owned()), ("workers", threads.to_string())])
    };
    Experiment {
        size: setting.size(20_000_000, 5_000_000),
        models: vec![Model::Serial, Model::Threads],
        runs: setting.size(5, 3),
        sweep: Policy::ALL.into_iter().flat_map(|policy| THREADS.map(|threads| at(policy, threads))).collect(),
        ..Experiment::default()
    }
}

fn of(report: &Report, policy: Policy) -> Vec<(&Run, &LockFigures)> {
    let runs = report.runs.iter().filter_map(|run| Some((run, run.lock.as_ref()?)));
    runs.filter(|(_, lock)| lock.policy == policy).collect()
}

fn a_second(run: &Run, times: u64) -> f64 {
    times as f64 / run.elapsed_s.samples.iter().sum::<f64>()
}

fn name(policy: Policy) -> &'static str {
    match policy {
        Policy::SwitchInterval => "today's lock",
        Policy::Ticks => "the old lock",
    }
}

fn charts(report: &Report) -> Vec<Chart> {
    let threads = || Axis::new("threads", Unit::None);
    let mut time = Chart::new(
        "The time with the lock, against serial",
        Form::Bars,
        threads(),
        Axis::new("times as long as serial", Unit::Ratio),
    );
    let mut rates =
        Chart::new("What happens at the lock", Form::Bars, threads(), Axis::new("a second", Unit::PerSecond));
    for policy in Policy::ALL {
        let runs = of(report, policy);
        let slower = runs
            .iter()
            .filter_map(|(run, _)| Some(Mark::at(run.workers.to_string(), 1.0 / run.speedup.as_ref()?.median)));
        time = time.with(name(policy), slower.collect::<Vec<_>>());
        let rate = |of: fn(&LockFigures) -> u64| {
            runs.iter()
                .map(|(run, lock)| Mark::at(run.workers.to_string(), a_second(run, of(lock))))
                .collect::<Vec<_>>()
        };
        rates = rates
            .with(format!("{}: a waiter is woken", name(policy)), rate(|lock| lock.signals))
            .with(format!("{}: and finds it taken", name(policy)), rate(|lock| lock.found_taken));
    }
    vec![time, rates]
}

fn judge(report: &Report) -> Option<Verdict> {
    let two = |policy| of(report, policy).into_iter().find(|(run, _)| run.workers == 2);
    let ((old, old_lock), (new, new_lock)) = (two(Policy::Ticks)?, two(Policy::SwitchInterval)?);
    let (old_signals, new_signals) = (a_second(old, old_lock.signals), a_second(new, new_lock.signals));
    let missed = old_lock.found_taken as f64 / old_lock.signals.max(1) as f64;
    let slower = |run: &Run| {
        run.speedup
            .as_ref()
            .map_or(String::new(), |speedup| format!(", {:.2}x the time of serial", 1.0 / speedup.median))
    };
    let figures = format!(
        "with 2 threads the old lock woke a waiter {} times a second, of which {:.0} % found it taken{}; today's {} times{}",
        count(old_signals),
        missed * 100.0,
        slower(old),
        count(new_signals),
        slower(new)
    );
    let often = share(old_lock.found_taken, old_lock.signals).map(Quantity::from);
    let often = often.map_or(Finding::No, |share| share.at_least(OFTEN));
    let finding = if old_signals >= MUCH * new_signals { often } else { Finding::No };
    let against = "the old lock signalled little more often, or hardly ever in vain";
    let part = Part::new("the old lock", finding, figures, against);
    Some(LAB.verdict(report, "the old lock wakes waiters far more often, and often for nothing", &[part]))
}

#[cfg(test)]
mod tests;
