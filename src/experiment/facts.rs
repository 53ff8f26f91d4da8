//! What there is to know of each field of an experiment.

use serde::Serialize;

use super::{Bounds, Experiment, FIELDS};
use crate::report::HostKind;

/// A field within one experiment.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FieldFacts {
    /// The field's name, as flags and links spell it.
    pub field: String,
    /// For a field with a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub bounds: Option<Bounds>,
    /// Why it changes nothing here, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub idle: Option<String>,
}

impl Experiment {
    /// Those of all fields, in [`FIELDS`] order, on this host with at most `max_workers`.
    pub fn facts(&self, host: HostKind, max_workers: u32) -> Vec<FieldFacts> {
        let bounds = self.bounds(max_workers);
        let facts = |field: &str| FieldFacts {
            field: field.into(),
            bounds: bounds.iter().find(|bounds| bounds.field == field).cloned(),
            idle: self.idle(field, host),
        };
        FIELDS.map(facts).into()
    }
}
