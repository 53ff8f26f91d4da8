//! Labs: named experiments with a claim, a rule that judges the claim by what was measured, and charts.
//!
//! To add one: a folder beside this file with its `LAB` in `mod.rs`, its explanation in `text.md`, the
//! same thing in Python in `*.py`, and a line in [`ALL`].

mod race;

use serde::Serialize;

use crate::chart::Chart;
use crate::experiment::Experiment;
use crate::report::{HostKind, Report, Verdict};

/// A lab, as a value.
pub struct Lab {
    /// Its name in every spelling of an experiment.
    pub id: &'static str,
    /// Its title: the question that it answers.
    pub question: &'static str,
    pub claim: &'static str,
    /// The article's own figure, to be shown as such; empty where the article has none.
    pub article: &'static str,
    /// What it runs.
    pub experiment: fn(&Setting) -> Experiment,
    pub charts: fn(&Report) -> Vec<Chart>,
    /// Whether the claim holds by this report; `None` when the report lacks what the rule needs.
    pub judge: fn(&Report) -> Option<Verdict>,
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
    pub claim: String,
    /// The article's own figure; empty where it has none.
    pub article: String,
}

impl Lab {
    pub fn info(&self) -> LabInfo {
        LabInfo {
            id: self.id.into(),
            question: self.question.into(),
            claim: self.claim.into(),
            article: self.article.into(),
        }
    }

    /// The verdict of this lab, with `why` after the fixed words.
    fn verdict(&self, holds: bool, why: impl AsRef<str>) -> Verdict {
        let start = if holds { "Holds here: " } else { "Does not hold here, because " };
        Verdict { lab: self.id.into(), holds, text: format!("{start}{}.", why.as_ref()) }
    }
}

/// Every lab, in the order of the guided path.
pub static ALL: &[&Lab] = &[&race::LAB];

/// The lab of this name.
pub fn find(id: &str) -> Option<&'static Lab> {
    ALL.iter().copied().find(|lab| lab.id == id)
}

/// The remedy for a name that is none.
pub fn known() -> String {
    format!("use one of {}", ALL.iter().map(|lab| lab.id).collect::<Vec<_>>().join(", "))
}
