//! `why-a-lock`: what happens to reference counts without it, and what counting without it costs.

use super::finding::{Doubt, Finding, Part};
use super::words::count;
use super::{Analysis, Lab, Setting, point, run_of};
use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::{Experiment, Model};
use crate::report::{HostKind, Report, Run, Verdict};

const PLAIN: &str = "refcounts";
const ATOMIC: &str = "atomic-refcounts";

pub static LAB: Lab = Lab {
    id: "why-a-lock",
    question: "What is the lock good for?",
    watch: "Objects whose users are counted, as Python counts them, with the lock and without. Watch whether the \
            counts are right at the end, and what it costs to keep them right without a lock.",
    claim: "the lock protects reference counts; without it, plain counts are lost",
    article: "",
    experiment,
    analysis: Analysis::new(charts, judge),
};

fn experiment(setting: &Setting) -> Experiment {
    let size = setting.size(2_000_000, 1_000_000).to_string();
    let at =
        |workload: &str, models: &str| point(&[("workload", workload), ("model", models), ("size", size.as_str())]);
    Experiment {
        workload: PLAIN.into(),
        tasks: 8,
        workers: vec![setting.workers()],
        runs: setting.size(5, 3),
        sweep: vec![at(PLAIN, "serial,threads,free-threads"), at(ATOMIC, "serial,free-threads")],
        ..Experiment::default()
    }
}

/// The ways to count, as a reader knows them.
const WAYS: [(&str, &str, Model); 5] = [
    ("plain, one worker", PLAIN, Model::Serial),
    ("plain, threads under the lock", PLAIN, Model::Threads),
    ("plain, threads without it", PLAIN, Model::FreeThreads),
    ("atomic, one worker", ATOMIC, Model::Serial),
    ("atomic, threads without it", ATOMIC, Model::FreeThreads),
];

fn ways(report: &Report) -> impl Iterator<Item = (&'static str, &Run)> {
    WAYS.into_iter().filter_map(|(name, workload, model)| Some((name, run_of(report, workload, model)?)))
}

fn charts(report: &Report) -> Vec<Chart> {
    let wrong = ways(report).filter_map(|(name, run)| Some(Mark::of(name, &run.counted.as_ref()?.found)));
    let a_reference = |run: &Run| {
        let experiment = report.experiment_of(run);
        1.0 / (f64::from(experiment.tasks) * f64::from(experiment.size))
    };
    let price = ways(report).map(|(name, run)| Mark::of(name, &run.elapsed_s).times(a_reference(run)));
    vec![
        Chart::new(
            "References still counted when all were given back: above 0 the object leaks, below it is freed while in use",
            Form::Bars,
            Axis::new("", Unit::None),
            Axis::new("references", Unit::Count),
        )
        .with("the count", wrong.collect::<Vec<_>>()),
        Chart::new("What taking and giving back a reference costs", Form::Bars, Axis::new("", Unit::None), Axis::new("a reference", Unit::Seconds))
            .with("this machine", price.collect::<Vec<_>>()),
    ]
}

fn judge(report: &Report) -> Option<Verdict> {
    let free = run_of(report, PLAIN, Model::FreeThreads)?.counted.as_ref()?;
    let off = free.found.samples.iter().filter(|&&found| found != 0.0).count();
    let rounds = free.found.samples.len();
    let worst = if free.found.max > -free.found.min { free.found.max } else { free.found.min };
    let fate = if worst > 0.0 { "a leak" } else { "an object freed while in use, so a crash" };
    let under_lock =
        run_of(report, PLAIN, Model::Threads)?.counted.as_ref()?.found.samples.iter().all(|&found| found == 0.0);
    let time = |workload| run_of(report, workload, Model::Serial).map(|run| run.elapsed_s.median);
    let price = time(ATOMIC).zip(time(PLAIN)).map(|(atomic, plain)| match report.host.kind {
        // WebAssembly has no unordered access: what two threads share is read and written in order.
        HostKind::Browser => "; atomic counts need no lock, and their price shows natively alone, because in \
                              WebAssembly plain counts that threads share are atomic, too"
            .to_owned(),
        _ => format!("; atomic counts need no lock, and one worker pays {:.1}x the time for them", atomic / plain),
    });
    let figures = format!(
        "without the lock the count was wrong after {off} of {rounds} rounds, at worst by {}{}; under the lock it was {} right{}",
        count(worst),
        if worst == 0.0 { String::new() } else { format!(" ({fate})") },
        if under_lock { "always" } else { "not always" },
        price.unwrap_or_default()
    );
    let part = if report.host.kind == HostKind::Cpython && off == 0 {
        let against = "a Python without the lock counts in another way (PEP 703), so no count is lost";
        Part::new("without the lock", Finding::Wrong, figures, against)
    } else if off == 0 && under_lock {
        let lucky = Doubt::because("no count went wrong this time", "Run it again, with longer tasks.");
        Part::new("without the lock", Finding::Unsure(lucky), figures, "")
    } else {
        Part::new("the lock", Finding::counted(under_lock), figures, "counts were wrong under the lock, too")
    };
    Some(LAB.verdict(report, "reference counts are right under the lock, and wrong without it", &[part]))
}

#[cfg(test)]
mod tests;
