//! `scaling`: the speed-up by number of workers, up to twice the cores.

use super::finding::{Doubt, Finding, Part, Quantity, low_ceiling, no_room};
use super::words::{percent, plural, times};
use super::{Analysis, Lab, Setting, point};
use crate::chart::{Axis, Chart, Form, Mark, Source, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{HostKind, Report, Run, Verdict};
use crate::stats::{amdahl, amdahl_speedup, usl, usl_speedup};

/// From this share of the ceiling on processes follow it.
const FOLLOWS: f64 = 0.85;
/// Twice as many workers as cores that gain less than this over as many as cores have stopped.
const STOPPED: f64 = 1.15;
/// A law with as many parameters as points fits any. It is drawn through this many at least,
const ENOUGH: usize = 3;
/// and misses each by less than this share.
const NEAR: f64 = 0.15;
/// Most workers that are tried.
const MOST: u32 = 32;

pub static LAB: Lab = Lab {
    id: "scaling",
    question: "How far do processes scale?",
    watch: "The same tasks again and again, each time with one worker more. Watch where processes stop gaining, and \
            that threads stay where they are.",
    claim: "process speed-up is nearly linear up to the physical cores, then stops",
    article: "2x-8x on 4-8 cores",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let cores = setting.logical_cores;
    let most = if setting.host == HostKind::Browser { MOST } else { 2 * MOST }.min((2 * cores).max(4));
    let counts = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 48, 64].into_iter();
    let tried = counts.filter(|&workers| workers <= most);
    Experiment {
        size: setting.size(4_000_000, 2_000_000),
        // Enough for every number of workers to share evenly.
        tasks: 24.max(4 * cores).min(96),
        runs: setting.size(5, 3),
        sweep: tried.map(|workers| point(&[("workers", workers)])).collect(),
        ..Experiment::default()
    }
}

fn speedups(report: &Report, model: Model) -> Vec<(u32, &Run)> {
    report.runs.iter().filter(|run| run.model == model && run.speedup.is_some()).map(|run| (run.workers, run)).collect()
}

fn median(run: &Run) -> f64 {
    run.speedup.as_ref().map_or(f64::NAN, |speedup| speedup.median)
}

fn charts(report: &Report) -> Vec<Chart> {
    let mut chart = Chart::new(
        "The speed-up by number of workers",
        Form::Lines,
        Axis::new("workers", Unit::Count),
        Axis::new("speed-up over serial", Unit::Ratio),
    );
    for model in [Model::Processes, Model::Threads, Model::FreeThreads] {
        let marks = speedups(report, model);
        let marks = marks.into_iter().filter_map(|(workers, run)| Some(Mark::of(workers, run.speedup.as_ref()?)));
        chart = chart.with(model.name(), marks.collect::<Vec<_>>());
    }
    let mut ceilings: Vec<(f64, f64)> =
        report.host.ceiling.iter().filter_map(|(w, c)| Some((w.parse().ok()?, *c))).collect();
    ceilings.sort_by(|a, b| a.0.total_cmp(&b.0));
    chart = chart
        .with("ceiling", ceilings.iter().map(|(workers, ceiling)| Mark::at(*workers, *ceiling)).collect::<Vec<_>>());
    let counts: Vec<f64> = speedups(report, Model::Processes).iter().map(|(workers, _)| (*workers).into()).collect();
    let cores = f64::from(cores(report));
    let at = |law: &dyn Fn(f64) -> f64, most: f64| {
        counts
            .iter()
            .filter(|&&workers| workers <= most)
            .map(|&workers| Mark::at(workers, law(workers)))
            .collect::<Vec<_>>()
    };
    let mut chart = chart.with_from(Source::Theory, "ideal", at(&|workers| workers, f64::INFINITY));
    if let Some(Fits { serial_part, contention, crosstalk }) = fits(report) {
        chart =
            chart.with_from(Source::Theory, "Amdahl's law", at(&|n| amdahl_speedup(serial_part, n), cores)).with_from(
                Source::Theory,
                "Universal Scalability Law",
                at(&|n| usl_speedup(contention, crosstalk, n), cores),
            );
    }
    vec![chart]
}

fn cores(report: &Report) -> u32 {
    report.experiment.cores.unwrap_or(report.host.logical_cores)
}

/// The laws that fit `processes` best. Beyond the cores it is not the program that limits them.
struct Fits {
    serial_part: f64,
    contention: f64,
    crosstalk: f64,
}

/// `None` where the points do not carry a curve: too few, or far from it.
fn fits(report: &Report) -> Option<Fits> {
    let within = speedups(report, Model::Processes).into_iter().filter(|(workers, _)| *workers <= cores(report));
    let measured: Vec<(f64, f64)> = within.map(|(workers, run)| (workers.into(), median(run))).collect();
    let serial_part = amdahl(&measured);
    let is_near =
        |&(workers, speedup): &(f64, f64)| (amdahl_speedup(serial_part, workers) / speedup - 1.0).abs() < NEAR;
    let (contention, crosstalk) = usl(&measured);
    let carries = measured.len() >= ENOUGH && measured.iter().all(is_near);
    carries.then_some(Fits { serial_part, contention, crosstalk })
}

fn judge(report: &Report) -> Option<Verdict> {
    let cores = cores(report);
    let processes = speedups(report, Model::Processes);
    let (full, at_cores) = *processes.iter().filter(|(workers, _)| *workers <= cores).max_by_key(|(w, _)| *w)?;
    let (most, at_most) = *processes.last()?;
    let reached = at_cores.speedup.as_ref()?;
    let told = |workers: u32| plural(workers, "process", "processes");
    if full < 2 {
        let alone = Doubt::because("there is only one core to scale to", "Try it where there are more.");
        let figures = format!("{} reached {}", told(full), times(reached));
        return Some(LAB.verdict(report, "", &[Part::new("processes", Finding::Unsure(alone), figures, "")]));
    }
    let share = at_cores.efficiency?;
    let ceiling = reached.median / share;
    let law = fits(report).map(|Fits { serial_part, contention, crosstalk }| {
        format!(
            ". Up to the cores, Amdahl's law fits with {:.1} % of the work serial, the Universal Scalability Law with \
             {:.1} % contention (waiting for each other) and {:.2} % crosstalk (agreeing with each other)",
            serial_part * 100.0,
            contention * 100.0,
            crosstalk * 100.0
        )
    });
    let mut parts = vec![Part::new(
        "processes up to the cores",
        Quantity::from(reached).at_least(FOLLOWS * ceiling).unless(no_room(report, ceiling).or(low_ceiling(share))),
        format!(
            "{} reached {}, {} of the ceiling{}",
            told(full),
            times(reached),
            percent(share),
            law.unwrap_or_default()
        ),
        format!("{} reached only {} of what this machine can do", told(full), percent(share)),
    )];
    if most > cores {
        let beyond = at_most.speedup.as_ref()?;
        parts.push(Part::new(
            "more processes than cores",
            Quantity::ratio(beyond, reached).at_most(STOPPED),
            format!("{} reached {}", told(most), times(beyond)),
            format!("{} still gained, with only {cores} logical cores", told(most)),
        ));
    }
    let confirmed = if most > cores {
        format!("processes gained almost all that {cores} cores can do, and nothing beyond")
    } else {
        format!("processes gained almost all that {full} cores can do")
    };
    Some(LAB.verdict(report, confirmed, &parts))
}

#[cfg(test)]
mod tests;
