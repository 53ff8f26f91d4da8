//! `convoy`: a thread that waits for I/O has to wait for the lock, too, when another one computes.

use super::finding::{Part, Quantity};
use super::words::{count, percent, seconds};
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{Report, Run, Verdict};
use crate::stats::{Estimate, share};
use crate::trace::turns::Next;

/// The wait of a request, in microseconds.
const WAIT_US: u32 = 1_000;
/// A request waits this long beside one thread that computes, at least, in switch intervals.
const MOST_OF_ONE: f64 = 0.6;
/// And so long beside two, at least.
const MORE_THAN_ONE: f64 = 1.5;
/// How many compute beside it.
const BESIDE: [u32; 4] = [0, 1, 2, 4];
/// The switch intervals of the slider, in milliseconds; 5 is Python's.
const INTERVALS_MS: [u32; 4] = [1, 5, 20, 50];
const PYTHONS_MS: u32 = 5;

pub static LAB: Lab = Lab {
    id: "convoy",
    question: "Does my I/O thread starve?",
    watch: "One worker that only waits for I/O, alone, then beside workers that compute. Watch its hatched \
            stretches: after each wait it must also wait for the lock, and beside two others pass it again and again.",
    claim: "one CPU-bound thread makes an I/O-bound thread wait about one switch interval per request, two make it wait for \
            several, and a CPU-bound process does not",
    article: "",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let at = |background: u32, ms: u32| point(&[("background", background), ("switch-interval", ms)]);
    let beside = BESIDE.map(|background| at(background, PYTHONS_MS));
    let slider = INTERVALS_MS.into_iter().filter(|ms| *ms != PYTHONS_MS).map(|ms| at(1, ms));
    Experiment {
        workload: "io-wait".into(),
        size: WAIT_US,
        tasks: setting.size(40, 10),
        models: vec![Model::Threads, Model::Processes],
        workers: vec![1],
        runs: setting.size(3, 1),
        warmup: 0,
        sweep: beside.into_iter().chain(slider).collect(),
        ..Experiment::default()
    }
}

fn of(report: &Report, model: Model, background: u32, interval_ms: u32) -> Option<&Run> {
    report.runs.iter().find(|run| {
        let experiment = report.experiment_of(run);
        let interval = (experiment.switch_interval_s * 1e3 - f64::from(interval_ms)).abs() < 1e-6;
        run.model == model && experiment.background == background && interval
    })
}

/// How much longer a request took than its wait, at the middle.
fn delay(report: &Report, run: &Run) -> Option<Estimate> {
    let requests = run.task_s?;
    let longer = |took_s: f64| (took_s - f64::from(report.experiment_of(run).size) / 1e6).max(0.0);
    Some(Estimate { value: longer(requests.p50), ci95: requests.p50_ci95.map(|ends| ends.map(longer)) })
}

fn a_second(run: &Run, requests: u32) -> f64 {
    f64::from(requests) / run.elapsed_s.median
}

fn charts(report: &Report) -> Vec<Chart> {
    let latency = Axis::log("from request to answer", Unit::Seconds);
    let mut beside = Chart::new(
        "How long a request of 1 ms takes beside workers that compute",
        Form::Lines,
        Axis::new("workers that compute", Unit::Count),
        latency,
    );
    let mut rate = Chart::new(
        "Requests a second",
        Form::Bars,
        Axis::new("workers that compute", Unit::None),
        Axis::new("requests", Unit::PerSecond),
    );
    let mut slider = Chart::new(
        "How long a request waits beside one worker that computes",
        Form::Lines,
        Axis::log("switch interval", Unit::Seconds),
        Axis::log("longer than its own wait", Unit::Seconds),
    );
    for model in [Model::Threads, Model::Processes] {
        let runs: Vec<(u32, &Run)> =
            BESIDE.into_iter().filter_map(|n| Some((n, of(report, model, n, PYTHONS_MS)?))).collect();
        for (name, at) in [("50 %", 0.5), ("99 %", 0.99)] {
            let marks = runs.iter().filter_map(|(n, run)| {
                let requests = run.task_s?;
                Some(Mark::at(*n, if at < 0.9 { requests.p50 } else { requests.p99 }))
            });
            beside = beside.with(format!("{model}, {name} of the requests"), marks.collect::<Vec<_>>());
        }
        let marks = runs.iter().map(|(n, run)| Mark::at(n.to_string(), a_second(run, report.experiment.tasks)));
        rate = rate.with(model.name(), marks.collect::<Vec<_>>());
        let marks = INTERVALS_MS.into_iter().filter_map(|ms| {
            let waited = delay(report, of(report, model, 1, ms)?)?;
            // A logarithmic axis has no zero.
            Some(Mark::at(f64::from(ms) / 1e3, waited.value.max(1e-6)))
        });
        slider = slider.with(model.name(), marks.collect::<Vec<_>>());
    }
    let one = BESIDE.into_iter().filter(|n| *n > 0).map(|n| Mark::at(n, f64::from(WAIT_US + PYTHONS_MS * 1_000) / 1e6));
    let theory = INTERVALS_MS.map(|ms| Mark::at(f64::from(ms) / 1e3, f64::from(ms) / 1e3));
    let mut charts = vec![
        beside.with_from(Source::Theory, "its own wait and one switch interval", one),
        rate,
        slider.with_from(Source::Theory, "one interval a request", theory),
    ];
    // Reports of earlier versions do not tell.
    charts.extend(Some(next(report)).filter(|next| !next.series.is_empty()));
    charts
}

fn next(report: &Report) -> Chart {
    type Counted = fn(&Next) -> u64;

    let mut chart = Chart::new(
        "Who gets the lock next, where two or more wait",
        Form::Bars,
        Axis::new("threads that compute", Unit::None),
        Axis::new("of all hand-overs", Unit::Share),
    );
    let (longest, latest, another): (Counted, Counted, Counted) =
        (|next| next.longest, |next| next.latest, |next| next.others);
    let who = [("the one who waited longest", longest), ("the one who came last", latest), ("another one", another)];
    for (name, counted) in who {
        let marks = BESIDE.into_iter().filter_map(|n| {
            let next = of(report, Model::Threads, n, PYTHONS_MS)?.lock.as_ref()?.next?;
            Some(Mark::at(n.to_string(), share(counted(&next), next.total())?.value))
        });
        chart = chart.with(name, marks.collect::<Vec<_>>());
    }
    chart
}

fn judge(report: &Report) -> Option<Verdict> {
    let threads = of(report, Model::Threads, 1, PYTHONS_MS)?;
    let waited = delay(report, threads)?;
    let interval = report.experiment_of(threads).switch_interval_s;
    let several = of(report, Model::Threads, 2, PYTHONS_MS).and_then(|run| delay(report, run));
    let processes = of(report, Model::Processes, 1, PYTHONS_MS).and_then(|run| delay(report, run));
    let requests = report.experiment.tasks;
    let fell = of(report, Model::Threads, 0, PYTHONS_MS).map(|alone| {
        format!(
            ", from {} to {} requests a second",
            count(a_second(alone, requests)),
            count(a_second(threads, requests))
        )
    });
    let longer = |waited: Estimate| format!("a request waited {} longer", seconds(waited.value));
    let mut parts = vec![Part::new(
        "one thread beside it",
        Quantity::from(waited).at_least(MOST_OF_ONE * interval),
        format!(
            "beside one thread that computes, {}, {} of the switch interval{}",
            longer(waited),
            percent(waited.value / interval),
            fell.unwrap_or_default()
        ),
        "a request waited much less than one switch interval",
    )];
    parts.extend(several.map(|several| {
        Part::new(
            "two threads beside it",
            Quantity::from(several).at_least(MORE_THAN_ONE * interval),
            format!("beside two, {}", longer(several)),
            "beside two threads a request waited less than 1.5 switch intervals",
        )
    }));
    parts.extend(processes.map(|processes| {
        Part::new(
            "a process beside it",
            Quantity::from(processes).at_most(waited.value / 2.0),
            format!("beside a process, {}", longer(processes)),
            "beside a process a request waited nearly as long",
        )
    }));
    let confirmed = "beside threads that compute, each request waits for the lock; beside a process it does not";
    Some(LAB.verdict(report, confirmed, &parts))
}

#[cfg(test)]
mod tests;
