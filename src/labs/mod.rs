//! Labs: named experiments with a claim, a rule that judges the claim by what was measured, and charts.
//!
//! To add one: a folder beside this file with its `LAB` in `mod.rs`, its explanation in `text.md`, the
//! same thing in Python in `*.py`, a recorded report with tests of what the lab makes of it, and a line in [`ALL`].

mod analysis;
mod capacity;
mod channels;
mod convoy;
mod data;
mod finding;
mod free_threading;
mod io;
mod latency;
mod memory;
mod native_code;
mod old_lock;
mod pool_or_executor;
mod primitives;
pub(crate) mod race;
#[cfg(test)]
mod recorded;
mod scaling;
mod shared_state;
mod single_core;
mod startup;
mod tiny_tasks;
mod why_a_lock;
pub(crate) mod words;
mod worker_death;

use serde::Serialize;

pub use analysis::Analysis;
use finding::Part;

use crate::chart::Mark;
use crate::experiment::{Experiment, Library, Model, Point, StartMethod};
use crate::report::{HostKind, Outcome, Report, Run, Verdict};
use crate::stats::Percentiles;

/// A lab, as a value.
pub struct Lab {
    /// Its name in every spelling of an experiment.
    pub id: &'static str,
    /// Its title: the question that it answers.
    pub question: &'static str,
    /// What runs and what to look at, for someone who knows none of the words yet.
    pub watch: &'static str,
    pub claim: &'static str,
    /// The article's own figure, to be shown as such; empty where the article has none.
    pub article: &'static str,
    /// What it runs.
    pub experiment: fn(&Setting) -> Experiment,
    /// What it makes of a report.
    pub analysis: Analysis,
}

/// Where a lab is going to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub host: HostKind,
    pub logical_cores: u32,
    /// A few seconds rather than a good measurement.
    pub quick: bool,
}

impl Setting {
    /// `whole`, or `quick` where that is asked for.
    pub fn size(&self, whole: u32, quick: u32) -> u32 {
        if self.quick { quick } else { whole }
    }

    /// As many workers as the article has, or two on a machine with fewer than four cores.
    pub fn workers(&self) -> u32 {
        if self.logical_cores < 4 { 2 } else { 4 }
    }
}

/// What the faces show of a lab.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LabInfo {
    pub id: String,
    pub question: String,
    /// What runs and what to look at, for someone who knows none of the words yet.
    pub watch: String,
    pub claim: String,
    /// The article's own figure; empty where it has none.
    pub article: String,
}

impl Lab {
    pub fn info(&self) -> LabInfo {
        LabInfo {
            id: self.id.into(),
            question: self.question.into(),
            watch: self.watch.into(),
            claim: self.claim.into(),
            article: self.article.into(),
        }
    }

    /// The verdict of this lab: what was judged, and what is said where all of it was confirmed.
    fn verdict(&self, report: &Report, confirmed: impl AsRef<str>, parts: &[Part]) -> Verdict {
        let (outcome, text, parts) = finding::conclude(report, confirmed.as_ref(), parts);
        Verdict { lab: self.id.into(), outcome, holds: outcome == Outcome::Confirmed, text, parts }
    }
}

/// Every lab, in the order of the guided path.
pub static ALL: &[&Lab] = &[
    &race::LAB,
    &scaling::LAB,
    &single_core::LAB,
    &startup::LAB,
    &memory::LAB,
    &tiny_tasks::LAB,
    &pool_or_executor::LAB,
    &latency::LAB,
    &worker_death::LAB,
    &data::LAB,
    &io::LAB,
    &capacity::LAB,
    &convoy::LAB,
    &native_code::LAB,
    &shared_state::LAB,
    &channels::LAB,
    &primitives::LAB,
    &why_a_lock::LAB,
    &old_lock::LAB,
    &free_threading::LAB,
];

/// A point of a sweep: names and values of fields.
fn point<T: ToString>(fields: &[(&str, T)]) -> Point {
    fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect()
}

/// The run of this model on this workload, in a sweep over workloads.
fn run_of<'a>(report: &'a Report, workload: &str, model: Model) -> Option<&'a Run> {
    report.runs.iter().find(|run| run.model == model && report.experiment_of(run).workload == workload)
}

/// Every way to start a process, where there are several.
fn start_methods(host: HostKind) -> Vec<Point> {
    match host {
        HostKind::Browser => Vec::new(),
        HostKind::Native | HostKind::Cpython => {
            StartMethod::ALL.map(|method| point(&[("start-method", method.name())])).into()
        }
    }
}

/// The runs of a sweep over start methods, with their names. It is the same to every other model, which is there
/// once.
fn by_start_method(report: &Report) -> impl Iterator<Item = (String, &Run)> {
    let is_one = |run: &&Run| run.model == Model::Processes || run.point.unwrap_or(0) == 0;
    report.runs.iter().filter(is_one).map(|run| {
        let swept = run.model == Model::Processes && run.point.is_some();
        let method = swept.then(|| report.experiment_of(run)).map(|experiment| match experiment.library {
            Library::Interpreters => " as interpreters".into(),
            _ => format!(" by {}", experiment.start_method.name()),
        });
        (format!("{}{}", run.model, method.unwrap_or_default()), run)
    })
}

/// The run of this model at the first point that has one.
fn first_of(report: &Report, model: Model) -> Option<&Run> {
    report.runs.iter().find(|run| run.model == model)
}

/// A distribution as marks, from its smallest to its largest.
fn percentiles(all: &Percentiles) -> Vec<Mark> {
    let named = [("least", all.min), ("50 %", all.p50), ("90 %", all.p90), ("99 %", all.p99), ("most", all.max)];
    named.map(|(name, value)| Mark::at(name, value)).into()
}

/// The lab of this name.
pub fn find(id: &str) -> Option<&'static Lab> {
    ALL.iter().copied().find(|lab| lab.id == id)
}

/// Add to a report what its lab makes of it. A build without the feature `analysis` leaves it as it is.
pub fn analyse(report: &mut Report) {
    if let Some(lab) = find(&report.experiment.lab) {
        lab.analysis.add_to(report);
    }
}

/// The remedy for a name that is none.
pub fn known() -> String {
    format!("use one of {}", ALL.iter().map(|lab| lab.id).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> impl Iterator<Item = Setting> {
        let hosts = [HostKind::Browser, HostKind::Native, HostKind::Cpython];
        let machines = hosts.into_iter().flat_map(|host| [1, 2, 4, 16, 64].map(|cores| (host, cores)));
        machines.flat_map(|(host, logical_cores)| [false, true].map(|quick| Setting { host, logical_cores, quick }))
    }

    #[test]
    fn every_lab_can_run_wherever_it_is_and_a_link_that_names_it_is_enough() {
        for lab in ALL {
            for setting in settings() {
                let experiment = Experiment::from_fields(&setting, [("lab", lab.id)]).unwrap();
                let most = if setting.host == HostKind::Browser { 32 } else { 256 };
                assert_eq!(experiment.validate(most), Ok(()), "{} {setting:?}", lab.id);
                let fields = experiment.fields_beside(&setting);
                let again = Experiment::from_fields(&setting, fields.iter().map(|(name, text)| (*name, text.as_str())));
                assert_eq!(again.as_ref(), Ok(&experiment), "{fields:?}");
                // A quick one is spelled out for whoever is not in a hurry.
                let fields = experiment.fields_beside(&Setting { quick: false, ..setting });
                let slow = Setting { quick: false, ..setting };
                let again = Experiment::from_fields(&slow, fields.iter().map(|(name, text)| (*name, text.as_str())));
                assert_eq!(again.as_ref(), Ok(&experiment), "{fields:?}");
            }
        }
    }

    #[test]
    fn every_lab_has_its_words_and_its_python() {
        for lab in ALL {
            assert!(lab.question.ends_with('?'), "{}", lab.id);
            assert!(lab.watch.ends_with('.'), "{}", lab.id);
            let folder = format!("{}/src/labs/{}", env!("CARGO_MANIFEST_DIR"), lab.id.replace('-', "_"));
            assert!(std::fs::read_to_string(format!("{folder}/text.md")).is_ok(), "{folder}/text.md");
            let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
            assert!(files.filter(|path| path.extension().is_some_and(|kind| kind == "py")).count() > 0, "{folder}");
        }
    }

    #[test]
    fn a_report_that_lacks_what_a_lab_needs_gives_no_verdict_and_no_panic() {
        for lab in ALL {
            for setting in settings() {
                let experiment = Experiment::from_fields(&setting, [("lab", lab.id)]).unwrap();
                let report = Report { experiment, ..race::tests::report(1.0, 1.9, 1.95) };
                lab.analysis.charts(&report);
                lab.analysis.judge(&report);
                let mut empty = Report { runs: vec![], ..report };
                empty.host.ceiling.clear();
                assert!(
                    lab.analysis
                        .charts(&empty)
                        .iter()
                        .all(|chart| chart.series.iter().all(|s| s.source != crate::chart::Source::Measured)),
                    "{}",
                    lab.id
                );
                assert_eq!(lab.analysis.judge(&empty), None, "{}", lab.id);
            }
        }
    }
}
