//! Labs: named experiments with a claim, and a rule that judges the claim by what was measured.
//!
//! To add one: a file beside this one with its `LAB`, and a line in [`ALL`].

mod race;

use serde::Serialize;

use crate::report::{Report, Verdict};

/// A lab, as a value.
pub struct Lab {
    /// Its name in every spelling of an experiment.
    pub id: &'static str,
    /// Its title: the question that it answers.
    pub question: &'static str,
    pub claim: &'static str,
    /// The article's own figure, to be shown as such.
    pub article: &'static str,
    /// Whether the claim holds by this report; `None` when the report lacks what the rule needs.
    pub judge: fn(&Report) -> Option<Verdict>,
}

/// What the faces show of a lab.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LabInfo {
    pub id: String,
    pub question: String,
    pub claim: String,
    /// The article's own figure.
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
}

/// Every lab, in the order of the guided path.
pub static ALL: [&Lab; 1] = [&race::LAB];

/// The lab of this name.
pub fn find(id: &str) -> Option<&'static Lab> {
    ALL.into_iter().find(|lab| lab.id == id)
}

/// The remedy for a name that is none.
pub fn known() -> String {
    format!("use one of {}", ALL.map(|lab| lab.id).join(", "))
}
