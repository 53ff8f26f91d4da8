//! A report as text: a pure renderer. Styles are always in it; whoever writes it drops them.

mod chart;
mod comparison;
pub mod figures;
pub mod table;

use std::iter;

use anstyle::{AnsiColor, Style};
use gilscope::experiment::Dispatch;
use gilscope::report::{HostFacts, Outcome, Report, Run};
use gilscope::{labs, workload};

use crate::format;
use crate::plan::Detail;

pub use chart::{columns, number, sourced};
pub use comparison::{comparison, quantity_columns, report_lines};
pub use table::{Column, costs_columns, times_columns};

pub const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const CAUTION: Style = AnsiColor::Yellow.on_default().bold();

const RACE: &str = "race";

/// Everything that a reader at a terminal of this width sees of a report.
pub fn page(report: &Report, detail: Detail, width: u16) -> String {
    let swept = !report.experiment.sweep.is_empty();
    // The tables of a race say what its chart would.
    let charts = if report.experiment.lab == RACE && !swept { Vec::new() } else { chart::charts(report, width) };
    // A lab's charts tell of its points, and the time of requests one by one is no race.
    let is_told = (swept && report.experiment.lab != RACE) || report.experiment.dispatch != Dispatch::Batch;
    let times = if is_told && !charts.is_empty() { String::new() } else { table::times(report, width) };
    let mut parts = Vec::new();
    if detail == Detail::Full {
        parts.push(head(report, width));
    }
    parts.push(times.clone());
    if detail == Detail::Full && !times.is_empty() && !swept {
        parts.extend([table::costs(report), explanations(report, width), answer(report, width)]);
    }
    parts.extend(charts);
    parts.extend([warnings(report, width), verdict(report, width)]);
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Where standard output belongs to an export, warnings are still worth a line on standard error.
pub fn warnings_aside(report: &Report, detail: Detail) {
    if detail == Detail::Full {
        anstream::eprint!("{}", warnings(report, u16::MAX));
    }
}

/// `text` in lines of `width`, the first and the following ones indented.
pub fn wrapped(text: &str, indent: &str, width: u16) -> String {
    let options =
        textwrap::Options::new(width.into()).initial_indent(indent).subsequent_indent(indent).break_words(false);
    textwrap::fill(text, options) + "\n"
}

fn head(report: &Report, width: u16) -> String {
    let experiment = &report.experiment;
    let question = labs::find(&experiment.lab).map_or("", |lab| lab.question);
    let unit = workload::find(&experiment.workload).map_or("", |workload| workload.size_unit);
    let tasks = if experiment.sweep.is_empty() {
        let tasks = format::plural(experiment.tasks.into(), "task", "tasks");
        format!("{}: {tasks}, {} {unit}", experiment.workload, format::count(experiment.size.into()))
    } else {
        format!("{} points", experiment.sweep.len())
    };
    let what = format!(
        "{tasks}; {} after {}",
        format::plural(experiment.runs.into(), "round", "rounds"),
        format::plural(experiment.warmup.into(), "warm-up round", "warm-up rounds"),
    );
    let machine = machine(&report.host, experiment.cores);
    format!("{BOLD}{question}{BOLD:#}\n{}{}", wrapped(&what, "", width), wrapped(&machine, "", width))
}

/// Where it was measured, in few words.
fn machine(host: &HostFacts, pinned: Option<u32>) -> String {
    let facts = &host.machine;
    let cores = format::plural(host.logical_cores.into(), "logical core", "logical cores");
    let physical = facts.physical_cores.map(|cores| format!(" of {cores} physical")).unwrap_or_default();
    let parts = [
        Some(host.engine.clone()),
        Some(host.os.clone()),
        facts.cpu.clone(),
        Some(cores + &physical),
        pinned.map(|cores| format!("pinned to {cores}")),
        facts.memory_bytes.map(format::memory),
        facts.power.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn explanations(report: &Report, width: u16) -> String {
    let mut ceilings: Vec<_> = report.host.ceiling.iter().collect();
    // Their keys are text: 16 would come before 2.
    ceilings.sort_by_key(|(workers, _)| workers.parse::<u32>().ok());
    let ceilings = ceilings.into_iter().map(|(workers, speedup)| format!("{} for {workers}", format::ratio(*speedup)));
    let ceilings: Vec<_> = ceilings.collect();
    let mut lines = Vec::new();
    if report.runs.iter().any(|run| run.speedup.is_some()) {
        lines.push("vs serial: serial's time over this one's, round by round; the median of those ratios".to_owned());
    }
    if !ceilings.is_empty() {
        lines.push(format!(
            "ceiling: the speed-up that bare workers had here, with no harness at all: {}",
            ceilings.join(", ")
        ));
        lines.push("efficiency: the speed-up as a share of that ceiling".to_owned());
    }
    lines.iter().map(|line| format!("{DIM}{}{DIM:#}\n", wrapped(line, "", width).trim_end())).collect()
}

fn answer(report: &Report, width: u16) -> String {
    report.runs.first().map_or_else(String::new, |run| wrapped(&format!("Answer: {}", run.answer), "", width))
}

fn warnings(report: &Report, width: u16) -> String {
    warning_texts(report).iter().map(|text| labelled("Warning:", CAUTION, text, width)).collect()
}

/// Everything that a reader should be warned of, each thing once.
pub fn warning_texts(report: &Report) -> Vec<String> {
    let whole = report.warnings.iter().map(|warning| warning.text.clone());
    whole.chain(warnings_of_runs(&report.runs)).collect()
}

/// Most runs that a warning names.
const NAMED: usize = 4;

/// What several runs are warned of is said once, with all their names.
fn warnings_of_runs(runs: &[Run]) -> Vec<String> {
    let mut grouped: Vec<(&str, Vec<String>)> = Vec::new();
    for (run, warning) in runs.iter().flat_map(|run| run.warnings.iter().map(move |warning| (run, warning))) {
        let workers = format::plural(run.workers.into(), "worker", "workers");
        let point = run.point.map(|point| format!(", point {}", point + 1)).unwrap_or_default();
        let name = format!("{} ({workers}{point})", run.model);
        match grouped.iter_mut().find(|(text, _)| *text == warning.text) {
            Some((_, names)) => names.push(name),
            None => grouped.push((&warning.text, vec![name])),
        }
    }
    let names = |names: Vec<String>| {
        let more = names.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ") + &rest
    };
    grouped.into_iter().map(|(text, of)| format!("{}: {text}", names(of))).collect()
}

fn verdict(report: &Report, width: u16) -> String {
    report.verdict.as_ref().map_or_else(String::new, |verdict| {
        let style = match verdict.outcome {
            Outcome::Confirmed => GOOD,
            Outcome::Refuted => CAUTION,
            Outcome::CouldNotTell => BOLD,
        };
        let parts = verdict.parts.iter().map(|part| wrapped(&part.text, "", width));
        iter::once(labelled("Verdict:", style, &verdict.text, width)).chain(parts).collect()
    })
}

/// A coloured label before text that is wrapped with it.
fn labelled(label: &str, style: Style, text: &str, width: u16) -> String {
    let plain = wrapped(&format!("{label} {text}"), "", width);
    format!("{style}{label}{style:#}{}", &plain[label.len()..])
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A report with one of everything.
    pub fn report() -> Report {
        serde_json::from_str(include_str!("report.json")).unwrap()
    }

    fn plain(detail: Detail, width: u16) -> String {
        anstream::adapter::strip_str(&page(&report(), detail, width)).to_string()
    }

    #[test]
    fn the_page_has_every_figure_with_its_unit() {
        insta::assert_snapshot!(plain(Detail::Full, 100), @r"
        Do my threads take turns?
        sum-of-squares: 4 tasks, 40,000,000 numbers a task; 3 rounds after 1 warm-up round
        gilscope 0.1.0, Linux 6.1, Example CPU, 2 logical cores of 1 physical, 16.0 GiB of memory, on
        battery

        model      workers     time  95 %            vs serial  95 %          efficiency
        serial           1  1.260 s  [1.200, 1.300]      1.00x
        threads          2  1.310 s  [1.300, 1.350]      0.96x  [0.92, 0.96]        49 %
        processes        2  0.650 s  [0.640, 0.660]      1.94x  [1.90, 1.95]        99 %

        model      workers  start-up  lock  waiting    forced    messages
                            a worker  held   for it  switches     a round
                                                      a round
        serial           1   80.0 µs
        threads          2   0.15 ms  99 %     49 %       260
        processes        2   2.20 ms                           8, 1.2 KiB

        vs serial: serial's time over this one's, round by round; the median of those ratios
        ceiling: the speed-up that bare workers had here, with no harness at all: 1.96x for 2, 1.97x for 16
        efficiency: the speed-up as a share of that ceiling

        Answer: 42

        Warning: Something else used the machine: close it and run again.
        Warning: threads (2 workers): 1 of 3 samples lies far from the others.

        Verdict: Confirmed: threads took turns and gained nothing, processes ran in parallel.
        2 threads ran 0.96x (0.92-0.96) as fast as one task after another.
        2 processes ran 1.94x (1.90-1.95) as fast, of the 1.96x that this machine can do.
        ");
    }

    #[test]
    fn quiet_leaves_the_table_the_warnings_and_the_verdict() {
        insta::assert_snapshot!(plain(Detail::Quiet, 100), @r"
        model      workers     time  95 %            vs serial  95 %          efficiency
        serial           1  1.260 s  [1.200, 1.300]      1.00x
        threads          2  1.310 s  [1.300, 1.350]      0.96x  [0.92, 0.96]        49 %
        processes        2  0.650 s  [0.640, 0.660]      1.94x  [1.90, 1.95]        99 %

        Warning: Something else used the machine: close it and run again.
        Warning: threads (2 workers): 1 of 3 samples lies far from the others.

        Verdict: Confirmed: threads took turns and gained nothing, processes ran in parallel.
        2 threads ran 0.96x (0.92-0.96) as fast as one task after another.
        2 processes ran 1.94x (1.90-1.95) as fast, of the 1.96x that this machine can do.
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [70, 80, 100] {
            let page = plain(Detail::Full, width);
            let widest = page.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width.into(), "{widest} > {width}:\n{page}");
        }
    }
}
