//! `scaling`: the speed-up by number of workers, up to twice the cores.

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
    let fits = fits(report);
    let (amdahls, universal) =
        (|n| amdahl_speedup(fits.serial_part, n), |n| usl_speedup(fits.contention, fits.crosstalk, n));
    vec![
        chart
            .with_from(Source::Theory, "ideal", at(&|workers| workers, f64::INFINITY))
            .with_from(Source::Theory, "Amdahl's law", at(&amdahls, cores))
            .with_from(Source::Theory, "Universal Scalability Law", at(&universal, cores)),
    ]
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

fn fits(report: &Report) -> Fits {
    let within = speedups(report, Model::Processes).into_iter().filter(|(workers, _)| *workers <= cores(report));
    let measured: Vec<(f64, f64)> = within.map(|(workers, run)| (workers.into(), median(run))).collect();
    let (contention, crosstalk) = usl(&measured);
    Fits { serial_part: amdahl(&measured), contention, crosstalk }
}

fn judge(report: &Report) -> Option<Verdict> {
    let cores = cores(report);
    let processes = speedups(report, Model::Processes);
    let (full, at_cores) = *processes.iter().filter(|(workers, _)| *workers <= cores).max_by_key(|(w, _)| *w)?;
    let (most, at_most) = *processes.last()?;
    if full < 2 {
        return Some(
            LAB.verdict_of(false, format!("with {} there is nothing to scale to", plural(cores, "core", "cores"))),
        );
    }
    let share = at_cores.efficiency?;
    let gain = median(at_most) / median(at_cores);
    let Fits { serial_part, contention, crosstalk } = fits(report);
    let law = format!(
        "Up to the cores, Amdahl's law fits with {:.1} % of the work serial, the Universal Scalability Law with {:.1} % \
         contention (waiting for each other) and {:.2} % crosstalk (agreeing with each other)",
        serial_part * 100.0,
        contention * 100.0,
        crosstalk * 100.0
    );
    let figures = format!(
        "{} reached {}, {} of the ceiling",
        plural(full, "process", "processes"),
        times(at_cores.speedup.as_ref()?),
        percent(share)
    );
    let beyond = format!("{} {}", plural(most, "process", "processes"), times(at_most.speedup.as_ref()?));
    Some(if share < FOLLOWS {
        LAB.verdict_of(false, format!("{figures} only; short tasks or a busy machine do that. {law}"))
    } else if most > cores && gain >= STOPPED {
        LAB.verdict_of(false, format!("{figures}, and {beyond}: more workers than logical cores still gained. {law}"))
    } else if most > cores {
        LAB.verdict_of(
            true,
            format!("{figures}, and {beyond}: beyond the {cores} logical cores there is nothing to gain. {law}"),
        )
    } else {
        LAB.verdict_of(true, format!("{figures}. {law}"))
    })
}

#[cfg(test)]
mod tests;
