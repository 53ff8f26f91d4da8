//! Recorded reports, edited and judged: what a lab makes of every outcome, without a measurement.
//!
//! Each lab's folder has a report that `cargo xtask record` measured: `recorded.json`. A test takes it as it is, or
//! changes the figures that the lab's rule reads, and says which outcome that must give.

use std::fs;

use crate::chart::{Chart, Position, Unit};
use crate::experiment::Model;
use crate::report::{HostKind, Outcome, Report, Run, Verdict, Warning, WarningCode};
use crate::stats::Summary;

/// A report to edit and to judge. An edit that would change nothing is a mistake of the test, and panics.
pub struct Recorded(pub Report);

/// The recorded report of this lab, without what disturbed the machine then.
#[track_caller]
pub fn recorded(lab: &str) -> Recorded {
    as_measured(lab).undisturbed()
}

#[track_caller]
fn as_measured(lab: &str) -> Recorded {
    let report = Report::from_json(&json(lab)).unwrap_or_else(|error| panic!("{lab}: {error}"));
    assert_eq!(report.experiment.lab, lab);
    Recorded(report)
}

/// That report as it is in its file.
#[track_caller]
pub fn json(lab: &str) -> String {
    let path = format!("{}/src/labs/{}/recorded.json", env!("CARGO_MANIFEST_DIR"), lab.replace('-', "_"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}. `cargo xtask record {lab}` writes it"))
}

/// A quantity that was the same in every round, of which there were enough to refute a claim.
pub fn steady(value: f64) -> Summary {
    Summary::of(vec![value; 5]).expect("five samples")
}

/// The longest sentence of a verdict, in letters: one that a reader can quote.
const LONGEST: usize = 160;

/// Edits. `at` selects points of the sweep by their fields, as in `workload=io-wait size=5000`; empty, it selects all.
impl Recorded {
    /// Change every run of `model` at these points.
    #[track_caller]
    pub fn each(mut self, model: Model, at: &str, mut edit: impl FnMut(&mut Run)) -> Self {
        let selected: Vec<bool> = self.0.runs.iter().map(|run| run.model == model && self.is_at(run, at)).collect();
        assert!(selected.contains(&true), "no run of {model} at '{at}' to edit");
        let runs = self.0.runs.iter_mut().zip(selected);
        runs.filter(|(_, selected)| *selected).for_each(|(run, _)| edit(run));
        self
    }

    /// Drop the runs of `model` at these points.
    #[track_caller]
    pub fn without(mut self, model: Model, at: &str) -> Self {
        let all = std::mem::take(&mut self.0.runs);
        let (dropped, kept) = all.into_iter().partition::<Vec<_>, _>(|run| run.model == model && self.is_at(run, at));
        assert!(!dropped.is_empty(), "no run of {model} at '{at}' to drop");
        self.0.runs = kept;
        self
    }

    /// Whether a run was at one of these points.
    pub fn is_at(&self, run: &Run, at: &str) -> bool {
        let point = run.point.and_then(|point| self.0.experiment.sweep.get(point as usize));
        at.split_whitespace().all(|field| {
            let (name, value) = field.split_once('=').expect("name=value");
            point.and_then(|point| point.get(name)).is_some_and(|is| is == value)
        })
    }

    /// Every round so long that one task took this long.
    #[track_caller]
    pub fn task_s(self, model: Model, at: &str, task_s: f64) -> Self {
        let report = self.0.clone();
        self.each(model, at, |run| run.elapsed_s = steady(task_s * f64::from(report.experiment_of(run).tasks)))
    }

    /// Change anything else.
    pub fn report(mut self, edit: impl FnOnce(&mut Report)) -> Self {
        edit(&mut self.0);
        self
    }

    /// Something else used the machine.
    pub fn disturbed(self) -> Self {
        let code = WarningCode::BusyMachine;
        self.report(|report| report.warnings.push(Warning { code, text: "Something else used the machine.".into() }))
    }

    /// As it would have been on a machine that nothing else used.
    pub fn undisturbed(self) -> Self {
        self.report(|report| {
            report.warnings.clear();
            report.runs.iter_mut().for_each(|run| run.warnings.clear());
        })
    }

    /// The same figures from another host.
    pub fn on(self, host: HostKind) -> Self {
        self.report(|report| report.host.kind = host)
    }

    /// In every round this many times as fast as `serial`.
    #[track_caller]
    pub fn speedup(self, model: Model, at: &str, speedup: f64) -> Self {
        let ceiling = self.0.host.ceiling.clone();
        self.each(model, at, |run| {
            run.speedup = Some(steady(speedup));
            run.efficiency = ceiling.get(&run.workers.to_string()).map(|ceiling| speedup / ceiling);
        })
    }

    /// Every round this long.
    #[track_caller]
    pub fn elapsed_s(self, model: Model, at: &str, elapsed_s: f64) -> Self {
        self.each(model, at, |run| run.elapsed_s = steady(elapsed_s))
    }

    /// A machine that gives this much to any number of bare workers.
    pub fn ceiling(self, ceiling: f64) -> Self {
        self.report(|report| {
            report.host.ceiling.values_mut().for_each(|value| *value = ceiling);
            for run in report.runs.iter_mut().filter(|run| run.efficiency.is_some()) {
                run.efficiency = run.speedup.as_ref().map(|speedup| speedup.median / ceiling);
            }
        })
    }
}

/// What the lab makes of it.
impl Recorded {
    pub fn judge(&self) -> Option<Verdict> {
        self.lab().analysis.judge(&self.0)
    }

    /// The claim is confirmed, and the verdict has all of these in it.
    #[track_caller]
    pub fn confirmed(&self, parts: &[&str]) -> &Self {
        self.says(Outcome::Confirmed, parts)
    }

    /// The claim is refuted, and the verdict has all of these in it.
    #[track_caller]
    pub fn refuted(&self, parts: &[&str]) -> &Self {
        self.says(Outcome::Refuted, parts)
    }

    /// One cannot tell, and the verdict has all of these in it.
    #[track_caller]
    pub fn could_not_tell(&self, parts: &[&str]) -> &Self {
        self.says(Outcome::CouldNotTell, parts)
    }

    /// The report lacks what the rule needs.
    #[track_caller]
    pub fn has_no_verdict(&self) {
        assert_eq!(self.judge(), None);
    }

    #[track_caller]
    fn says(&self, outcome: Outcome, parts: &[&str]) -> &Self {
        let verdict = self.judge().expect("a verdict");
        assert_eq!(verdict.outcome, outcome, "{verdict:?}");
        assert!(
            verdict.parts.is_empty() || verdict.text.chars().count() < LONGEST,
            "too long to quote: {}",
            verdict.text
        );
        let whole = whole(&verdict);
        for part in parts {
            assert!(whole.contains(part), "'{part}' is not in: {whole}");
        }
        self
    }

    /// The verdict has none of these in it.
    #[track_caller]
    pub fn but_not(&self, parts: &[&str]) {
        let whole = whole(&self.judge().expect("a verdict"));
        for part in parts {
            assert!(!whole.contains(part), "'{part}' is in: {whole}");
        }
    }

    pub fn charts(&self) -> Vec<Chart> {
        self.lab().analysis.charts(&self.0)
    }

    /// Every chart in one line: its series with the number of their marks, then the lines across it.
    pub fn drawn(&self) -> Vec<String> {
        self.charts().iter().map(drawn).collect()
    }

    /// The height of this series at this place, in one of the charts.
    #[track_caller]
    pub fn mark(&self, chart: usize, series: &str, x: impl Into<Position>) -> f64 {
        let (charts, x) = (self.charts(), x.into());
        let of_series = charts[chart].series.iter().find(|s| s.name == series);
        let marks = &of_series.unwrap_or_else(|| panic!("no series '{series}' in {:?}", charts[chart])).marks;
        marks.iter().find(|mark| mark.x == x).unwrap_or_else(|| panic!("no mark at {x:?} in {marks:?}")).y
    }

    fn lab(&self) -> &'static super::Lab {
        super::find(&self.0.experiment.lab).expect("a lab")
    }
}

/// The verdict with its figures, as a face shows it.
fn whole(verdict: &Verdict) -> String {
    let parts = verdict.parts.iter().map(|part| part.text.as_str());
    std::iter::once(verdict.text.as_str()).chain(parts).collect::<Vec<_>>().join(" ")
}

fn drawn(chart: &Chart) -> String {
    let series = chart.series.iter().map(|series| format!("{} {}", series.name, series.marks.len()));
    let lines = chart.references.iter().map(|line| line.label.clone());
    format!("{:?}: {}", chart.form, series.chain(lines).collect::<Vec<_>>().join("; "))
}

/// `value` to within a millionth, as sums of binary fractions are.
#[track_caller]
pub fn assert_near(value: f64, expected: f64) {
    assert!((value - expected).abs() <= 1e-6 * expected.abs(), "{value} instead of {expected}");
}

mod tests {
    use super::*;
    use crate::{compact, labs};

    /// What a verdict says in figures: its wording may change without a new measurement.
    fn figures(text: &str) -> Vec<&str> {
        let words = text.split(|c: char| !c.is_ascii_digit() && !".,".contains(c));
        words.map(|word| word.trim_matches(['.', ','])).filter(|word| !word.is_empty()).collect()
    }

    #[test]
    fn every_lab_has_a_recorded_report_and_judges_it_as_when_it_was_measured() {
        for lab in labs::ALL {
            let Recorded(mut report) = as_measured(lab.id);
            let then = report.verdict.take().unwrap_or_else(|| panic!("{}: record it again", lab.id));
            labs::analyse(&mut report);
            let now = report.verdict.unwrap();
            assert_eq!((now.lab.as_str(), now.outcome), (lab.id, then.outcome), "{}", now.text);
            assert_eq!(figures(&whole(&now)), figures(&whole(&then)), "{}", lab.id);
        }
    }

    #[test]
    fn the_charts_of_every_recorded_report_can_be_drawn() {
        for lab in labs::ALL {
            let charts = recorded(lab.id).charts();
            assert!(!charts.is_empty(), "{}", lab.id);
            for chart in &charts {
                assert!(!chart.title.is_empty() && !chart.series.is_empty(), "{}: {chart:?}", lab.id);
                for mark in chart.series.iter().flat_map(|series| &series.marks) {
                    let x = if let Position::Number(x) = mark.x { x } else { 1.0 };
                    let drawn = |at: f64, log: bool| at.is_finite() && (at > 0.0 || !log);
                    assert!(drawn(x, chart.x.log) && drawn(mark.y, chart.y.log), "{}: {mark:?}", lab.id);
                    assert_eq!(matches!(mark.x, Position::Name(_)), chart.x.unit == Unit::None, "{}: {mark:?}", lab.id);
                    let [low, high] = mark.interval.unwrap_or([mark.y; 2]);
                    assert!(low <= mark.y && mark.y <= high, "{}: {mark:?}", lab.id);
                }
                assert!(chart.references.iter().all(|line| line.at.is_finite()), "{}: {chart:?}", lab.id);
            }
        }
    }

    #[test]
    fn a_saved_report_shows_the_same_charts_when_it_is_opened_again() {
        for lab in labs::ALL {
            let json = json(lab.id);
            let opened = compact::read(&json).unwrap();
            assert_eq!(opened.charts, as_measured(lab.id).charts(), "{}", lab.id);
            assert_eq!(opened.verdict, as_measured(lab.id).0.verdict, "{}", lab.id);
        }
    }

    #[test]
    fn there_is_no_recorded_report_without_a_lab() {
        let folder = format!("{}/src/labs", env!("CARGO_MANIFEST_DIR"));
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("recorded.json"));
        assert_eq!(files.filter(|file| file.exists()).count(), labs::ALL.len());
    }

    #[test]
    #[should_panic(expected = "no run of threads at 'workload=fizz' to edit")]
    fn an_edit_that_would_change_nothing_is_a_mistake() {
        let _ = recorded("io").speedup(Model::Threads, "workload=fizz", 1.0);
    }
}
