//! Charts as data: what a lab shows of a report, and part of it. A face draws them, tabulates them and saves
//! them; it computes nothing.

use serde::{Deserialize, Serialize};

use crate::stats::Summary;

/// One chart.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Chart {
    /// A sentence that says what is to be seen.
    pub title: String,
    pub form: Form,
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    pub references: Vec<Reference>,
}

/// How marks are drawn.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A line a series, with a dot for each mark.
    Lines,
    /// A group of bars for each x, one a series.
    Bars,
    /// One bar for each x, the series on top of each other.
    Stack,
}

/// What an axis measures.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Axis {
    pub label: String,
    pub unit: Unit,
    pub log: bool,
}

impl Axis {
    pub fn new(label: &str, unit: Unit) -> Self {
        Self { label: label.into(), unit, log: false }
    }

    pub fn log(label: &str, unit: Unit) -> Self {
        Self { log: true, ..Self::new(label, unit) }
    }
}

/// The unit of a number; whoever shows it scales it (milli, mega) and rounds it.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Seconds,
    Bytes,
    BytesPerSecond,
    /// Events a second.
    PerSecond,
    /// So many times.
    Ratio,
    /// A part of one.
    Share,
    Count,
    /// The axis has names.
    None,
}

/// Marks that belong together.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Series {
    pub name: String,
    pub source: Source,
    pub marks: Vec<Mark>,
}

/// Where a number comes from. Only what was measured in this run is shown without a label.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    Measured,
    /// What a law or a fit through the measured marks says.
    Theory,
    Article,
}

/// One number of a series.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Mark {
    pub x: Position,
    pub y: f64,
    /// The 95 % interval of `y`, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub interval: Option<[f64; 2]>,
}

/// A place on the x axis.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(untagged)]
pub enum Position {
    Number(f64),
    Name(String),
}

impl From<f64> for Position {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Position {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Position {
    fn from(name: &str) -> Self {
        Self::Name(name.into())
    }
}

impl From<String> for Position {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl Mark {
    /// A number without an interval.
    pub fn at(x: impl Into<Position>, y: f64) -> Self {
        Self { x: x.into(), y, interval: None }
    }

    /// A median with its interval.
    pub fn of(x: impl Into<Position>, summary: &Summary) -> Self {
        Self { x: x.into(), y: summary.median, interval: summary.ci95 }
    }

    /// The same mark in another unit: everything times `factor`.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { y: self.y * factor, interval: self.interval.map(|ends| ends.map(|end| end * factor)), ..self }
    }
}

/// A line across the chart.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Reference {
    pub label: String,
    pub source: Source,
    /// Which axis it crosses.
    pub across: Across,
    pub at: f64,
}

/// The axis that a line across the chart stands on.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Across {
    X,
    Y,
}

impl Chart {
    pub fn new(title: impl Into<String>, form: Form, x: Axis, y: Axis) -> Self {
        Self { title: title.into(), form, x, y, series: Vec::new(), references: Vec::new() }
    }

    /// Add measured marks; nothing, if there are none.
    #[must_use]
    pub fn with(self, name: impl Into<String>, marks: impl IntoIterator<Item = Mark>) -> Self {
        self.with_from(Source::Measured, name, marks)
    }

    /// Add marks from another source.
    #[must_use]
    pub fn with_from(mut self, source: Source, name: impl Into<String>, marks: impl IntoIterator<Item = Mark>) -> Self {
        let series = Series { name: name.into(), source, marks: marks.into_iter().collect() };
        if !series.marks.is_empty() {
            self.series.push(series);
        }
        self
    }

    /// Add a line across, at this height or place.
    #[must_use]
    pub fn line(mut self, source: Source, across: Across, label: impl Into<String>, at: f64) -> Self {
        self.references.push(Reference { label: label.into(), source, across, at });
        self
    }
}
