//! What a lab finds in a report: a claim is confirmed or refuted, or one cannot tell.
//!
//! A claim is refuted only by an interval that excludes it, in rounds that nothing disturbed. Noise refutes nothing.

use crate::report::{Outcome, Report, VerdictPart, WarningCode};
use crate::stats::{Estimate, Summary};

/// From so many rounds on an interval can exclude a claim: five all fall on one side of the median by chance in one run
/// of sixteen.
const ENOUGH: usize = 5;
/// A machine whose bare workers gain less than this cannot show what a model gains.
const LEAST_CEILING: f64 = 1.5;
/// A share of the ceiling above this is no noise.
const MOST_OF_CEILING: f64 = 1.1;

/// Why one cannot tell.
#[derive(Clone, Debug, PartialEq)]
pub enum Doubt {
    TooFew,
    /// Its rounds differ too much, and nothing says why.
    Noise,
    /// A clause, and what to do about it as a sentence.
    Because {
        reason: String,
        remedy: &'static str,
    },
}

impl Doubt {
    pub fn because(reason: impl Into<String>, remedy: &'static str) -> Self {
        Self::Because { reason: reason.into(), remedy }
    }

    fn told(&self) -> (&str, &str) {
        match self {
            Self::TooFew => ("there were too few rounds", "Run it with at least 5 rounds."),
            Self::Noise => ("what was measured varies too much", "Run it again, with more rounds."),
            Self::Because { reason, remedy } => (reason, remedy),
        }
    }
}

/// Whether something that was measured is as the claim says.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    Yes,
    /// By an interval that excludes it.
    No,
    /// By what was counted exactly: no disturbance excuses it.
    Wrong,
    Unsure(Doubt),
}

impl Finding {
    /// What was counted exactly, and needs no interval.
    pub fn counted(is_so: bool) -> Self {
        if is_so { Self::Yes } else { Self::Wrong }
    }

    /// One cannot tell, if there is a doubt.
    pub fn unless(self, doubt: Option<Doubt>) -> Self {
        doubt.map_or(self, Self::Unsure)
    }
}

/// A quantity that was measured: what it was, and whether it was measured often enough to refute anything.
#[derive(Clone, Copy)]
pub struct Quantity {
    estimate: Estimate,
    is_enough: bool,
}

impl Quantity {
    /// `of` in terms of `to`, which were measured apart; each must be above 0.
    pub fn ratio(of: &Summary, to: &Summary) -> Self {
        let unknown = Estimate { value: of.median / to.median, ci95: None };
        let estimate = Estimate::from(of).over(to.into()).unwrap_or(unknown);
        Self::of(estimate, of.samples.len().min(to.samples.len()))
    }

    /// Of so many rounds.
    pub fn of(estimate: Estimate, rounds: usize) -> Self {
        Self { estimate, is_enough: rounds >= ENOUGH }
    }

    pub fn at_most(self, limit: f64) -> Finding {
        let Estimate { value, ci95 } = self.estimate;
        self.compared(value <= limit, ci95.map(|[low, high]| (low <= limit, high <= limit)))
    }

    pub fn at_least(self, limit: f64) -> Finding {
        let Estimate { value, ci95 } = self.estimate;
        self.compared(value >= limit, ci95.map(|[low, high]| (high >= limit, low >= limit)))
    }

    /// `is_so` of the value; of the interval, whether its kinder and its harder end are so.
    fn compared(self, is_so: bool, ends: Option<(bool, bool)>) -> Finding {
        match (is_so, ends) {
            (true, None | Some((_, true))) => Finding::Yes,
            (false, Some((false, _))) if self.is_enough => Finding::No,
            (false, _) if !self.is_enough => Finding::Unsure(Doubt::TooFew),
            _ => Finding::Unsure(Doubt::Noise),
        }
    }
}

impl From<&Summary> for Quantity {
    fn from(summary: &Summary) -> Self {
        Self::of(summary.into(), summary.samples.len())
    }
}

/// Of many measurements, as of requests; without an interval it can refute nothing.
impl From<Estimate> for Quantity {
    fn from(estimate: Estimate) -> Self {
        Self { estimate, is_enough: estimate.ci95.is_some() }
    }
}

/// One part of a lab's claim, judged by itself.
pub struct Part {
    about: &'static str,
    finding: Finding,
    /// The figures, as a sentence without its full stop.
    figures: String,
    /// What is said where it is refuted, as a clause.
    against: String,
}

impl Part {
    pub fn new(about: &'static str, finding: Finding, figures: impl Into<String>, against: impl Into<String>) -> Self {
        Self { about, finding, figures: figures.into(), against: against.into() }
    }

    /// As the report has it. What was disturbed refutes nothing.
    fn judged(&self, disturbance: Option<&Doubt>) -> (Outcome, Option<Doubt>) {
        match (&self.finding, disturbance) {
            (Finding::Yes, _) => (Outcome::Confirmed, None),
            (Finding::Wrong, _) | (Finding::No, None) => (Outcome::Refuted, None),
            (Finding::No | Finding::Unsure(Doubt::Noise | Doubt::TooFew), Some(disturbance)) => {
                (Outcome::CouldNotTell, Some(disturbance.clone()))
            }
            (Finding::Unsure(doubt), _) => (Outcome::CouldNotTell, Some(doubt.clone())),
        }
    }
}

/// What the parts come to: one sentence, and each part with its figures.
pub fn conclude(report: &Report, confirmed: &str, parts: &[Part]) -> (Outcome, String, Vec<VerdictPart>) {
    let disturbance = disturbance(report);
    let judged: Vec<_> = parts.iter().map(|part| (part, part.judged(disturbance.as_ref()))).collect();
    let of = |outcome: Outcome| judged.iter().filter(move |(_, (is, _))| *is == outcome);
    let (outcome, text) = if let Some((part, _)) = of(Outcome::Refuted).next() {
        (Outcome::Refuted, format!("Refuted here: {}.", part.against))
    } else if let Some((part, (_, Some(doubt)))) = of(Outcome::CouldNotTell).next() {
        let is_partly = of(Outcome::Confirmed).next().is_some();
        let about = if is_partly { format!(" about {}", part.about) } else { String::new() };
        let (reason, remedy) = doubt.told();
        (Outcome::CouldNotTell, format!("Could not tell{about}: {reason}. {remedy}"))
    } else {
        (Outcome::Confirmed, format!("Confirmed: {confirmed}."))
    };
    let told = judged.iter().map(|(part, (outcome, _))| VerdictPart {
        about: part.about.into(),
        outcome: *outcome,
        text: format!("{}.", capitalized(&part.figures)),
    });
    (outcome, text, told.collect())
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// What disturbed the measurement, the worst first.
fn disturbance(report: &Report) -> Option<Doubt> {
    const AGAIN: &str = "Run it again.";
    let known = [
        (WarningCode::HiddenTab, "the page was hidden while it measured", "Keep it in view and run it again."),
        (WarningCode::StoodStill, "the machine stood still in between", AGAIN),
        (WarningCode::BusyMachine, "something else used the machine", "Close other programs and run it again."),
        (WarningCode::Throttled, "the processor’s clock was held down", "Plug it in, let it cool, and run it again."),
        (WarningCode::Failed, "it failed part-way", AGAIN),
        (WarningCode::Cancelled, "it was cancelled", "Let it run to its end."),
        (WarningCode::LatePage, "the page was often late to pass on the lock", AGAIN),
        (WarningCode::NotStable, "the workers were still getting faster", "Run it again, with more warm-up."),
    ];
    let warnings = || report.warnings.iter().chain(report.runs.iter().flat_map(|run| &run.warnings));
    let (_, reason, remedy) = known.into_iter().find(|(code, ..)| warnings().any(|warning| warning.code == *code))?;
    Some(Doubt::because(reason, remedy))
}

/// Why this machine cannot show what several workers gain: not even those without a model around them gain much.
pub fn no_room(report: &Report, ceiling: f64) -> Option<Doubt> {
    if ceiling >= LEAST_CEILING {
        return None;
    }
    let cores = report.experiment.cores.unwrap_or(report.host.logical_cores);
    Some(if cores < 2 {
        Doubt::because("there is only one core", "Try it where there are more.")
    } else {
        let reason = format!("{cores} cores gave only {ceiling:.2}x to workers with nothing in their way");
        Doubt::because(reason, "Close other programs and run it again.")
    })
}

/// Why a share of the ceiling tells nothing: nothing is faster than workers without a model around them, unless those
/// were disturbed.
pub fn low_ceiling(share: f64) -> Option<Doubt> {
    let reason = "workers with nothing in their way were slower, so something disturbed them";
    (share > MOST_OF_CEILING).then(|| Doubt::because(reason, "Run it again."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(samples: &[f64]) -> Quantity {
        Quantity::from(&Summary::of(samples.to_vec()).unwrap())
    }

    #[test]
    fn only_an_interval_of_enough_rounds_refutes() {
        assert_eq!(summary(&[0.9, 1.0, 1.0, 1.0, 1.1]).at_most(1.15), Finding::Yes);
        assert_eq!(summary(&[1.8, 1.9, 1.9, 1.9, 2.0]).at_most(1.15), Finding::No);
        assert_eq!(summary(&[1.8, 1.9, 2.0]).at_most(1.15), Finding::Unsure(Doubt::TooFew));
        assert_eq!(summary(&[0.9, 0.9, 1.3, 1.3, 1.4]).at_most(1.15), Finding::Unsure(Doubt::Noise));
        assert_eq!(summary(&[0.9, 0.9, 1.0, 1.3, 1.4]).at_most(1.15), Finding::Unsure(Doubt::Noise));
        assert_eq!(summary(&[1.8, 1.9, 2.0]).at_least(1.7), Finding::Yes);
        assert_eq!(summary(&[1.2; 5]).at_least(1.7), Finding::No);
        assert_eq!(summary(&[1.8]).at_least(1.7), Finding::Yes);
        assert_eq!(summary(&[1.2]).at_least(1.7), Finding::Unsure(Doubt::TooFew));
    }

    #[test]
    fn a_doubt_counts_more_than_what_was_found() {
        assert_eq!(Finding::No.unless(Some(Doubt::TooFew)), Finding::Unsure(Doubt::TooFew));
        assert_eq!(Finding::No.unless(None), Finding::No);
    }
}
