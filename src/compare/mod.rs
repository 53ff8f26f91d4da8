//! Reports side by side: how far apart the figures of the runs are that they share, and whether the lock does the
//! same in all of them.
//!
//! Times differ between hosts, because a Python is slower than compiled code; so times are shown, and only what
//! the lock does is judged ([`judge`]).

mod charts;
mod judge;
mod notes;
mod quantity;
mod shared;

use serde::{Deserialize, Serialize};

use crate::chart::{Chart, Unit};
use crate::experiment::Model;
use crate::report::{HostFacts, Report};
use crate::stats::Estimate;

pub use judge::{Agreement, LATENCY_P50, LATENCY_P90, NEXT, SWITCHES, Sentence};
pub use quantity::{Distance, Quantity};
use shared::Shared;
pub use shared::foresee;

/// The schema that this version writes.
pub const SCHEMA: &str = "gilscope.comparison/1";

/// A report, and what it is called.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub report: Report,
}

/// What reports have in common, and in what they differ. The first one is the reference of all others.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct Comparison {
    /// Always [`SCHEMA`].
    pub schema: String,
    pub reports: Vec<Compared>,
    /// One a quantity that two reports or more have.
    pub tables: Vec<Table>,
    /// What agrees, and what does not.
    pub sentences: Vec<Sentence>,
    /// What else to know of these reports: other machines, other settings, runs that only one has.
    pub notes: Vec<String>,
    pub charts: Vec<Chart>,
}

/// One of the reports.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct Compared {
    pub name: String,
    pub host: HostFacts,
}

/// One quantity, run by run.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Table {
    pub quantity: Quantity,
    pub title: String,
    pub unit: Unit,
    /// What `Cell::against` is.
    pub distance: Distance,
    pub rows: Vec<Row>,
}

/// The same run in every report.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Row {
    /// The point of the sweep, as `background 1, switch-interval 5`; empty without a sweep.
    pub setting: String,
    pub model: Model,
    pub workers: u32,
    /// One a report, in their order.
    pub cells: Vec<Cell>,
}

/// What one report says.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cell {
    /// Absent where it was not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub figure: Option<Estimate>,
    /// How far it is from the reference; absent in the reference itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub against: Option<Estimate>,
}

/// Reports that cannot be compared.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
pub enum CompareError {
    #[error("there is nothing to compare with: give two reports or more")]
    TooFew,
    #[error("{name} has no runs: give a report of a run that was not cancelled before its first round")]
    NoRuns { name: String },
    #[error("{name} has no run in common with {reference}: {reason}; give reports of the same experiment")]
    NothingShared { name: String, reference: String, reason: String },
}

/// Compare `reports` with the first of them.
///
/// # Errors
/// [`CompareError`], when there are not two, or one shares nothing with the first.
pub fn compare(mut reports: Vec<Named>) -> Result<Comparison, CompareError> {
    name_apart(&mut reports);
    let shared = shared::runs(&reports)?;
    Ok(Comparison {
        schema: SCHEMA.into(),
        tables: Quantity::ALL.into_iter().filter_map(|quantity| table(quantity, &shared)).collect(),
        sentences: judge::sentences(&reports, &shared),
        notes: notes::notes(&reports, &shared),
        charts: charts::charts(&reports, &shared),
        reports: reports.into_iter().map(|Named { name, report }| Compared { name, host: report.host }).collect(),
    })
}

/// Two files of one name are still two reports.
fn name_apart(reports: &mut [Named]) {
    for i in 1..reports.len() {
        let (before, after) = reports.split_at_mut(i);
        let name = after[0].name.clone();
        let taken = |name: &str| before.iter().any(|other| other.name == name);
        let numbered = (2..).map(|n| format!("{name} ({n})"));
        if let Some(free) = std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)) {
            after[0].name = free;
        }
    }
}

/// The rows that two reports or more have a figure for.
fn table(quantity: Quantity, shared: &[Shared]) -> Option<Table> {
    let rows: Vec<Row> = shared.iter().filter_map(|run| row(quantity, run)).collect();
    let (title, unit, distance) = (quantity.title().into(), quantity.unit(), quantity.distance());
    (!rows.is_empty()).then_some(Table { quantity, title, unit, distance, rows })
}

fn row(quantity: Quantity, shared: &Shared) -> Option<Row> {
    let figures: Vec<Option<Estimate>> = shared.runs.iter().map(|run| quantity.of(run.as_ref()?.run)).collect();
    if figures.iter().flatten().count() < 2 {
        return None;
    }
    let cell = |(i, figure): (usize, &Option<Estimate>)| Cell {
        figure: *figure,
        against: figure.zip(figures[0]).filter(|_| i > 0).and_then(|(own, first)| quantity.distance().of(own, first)),
    };
    let cells = figures.iter().enumerate().map(cell).collect();
    Some(Row { setting: shared.key.setting(), model: shared.key.model, workers: shared.key.workers, cells })
}

#[cfg(test)]
mod tests;
