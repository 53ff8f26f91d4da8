//! The axes of a chart: numbers, numbers on a logarithmic scale, or names.

use std::ops::Range;

use gilscope::chart::{Across, Axis, Chart, Form, Position, Series};
use plotters::coord::combinators::{IntoLogRange, LogCoord};
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::coord::types::RangedCoordf64;

use crate::print::number;

/// One axis, as plotters takes it.
pub enum Scale {
    Linear(RangedCoordf64),
    Log(LogCoord<f64>),
    /// The middle of each name is a whole number.
    Names(RangedCoordf64, Vec<String>),
}

impl Scale {
    pub fn x(chart: &Chart) -> Self {
        let names = names(chart);
        if chart.form != Form::Lines || names.iter().any(|x| matches!(x, Position::Name(_))) {
            let last = names.len() as f64 - 0.5;
            let texts = names.iter().map(|x| match x {
                Position::Name(name) => name.clone(),
                Position::Number(x) => number(*x, chart.x.unit),
            });
            return Self::Names((-0.5..last).into(), texts.collect());
        }
        let marks = chart.series.iter().flat_map(|series| &series.marks);
        let numbers = marks.filter_map(|mark| if let Position::Number(x) = mark.x { Some(x) } else { None });
        Self::of(&chart.x, numbers.chain(across(chart, Across::X)), false)
    }

    pub fn y(chart: &Chart) -> Self {
        let marks = chart.series.iter().flat_map(|series| &series.marks);
        let ends = marks.flat_map(|mark| [mark.y].into_iter().chain(mark.interval.into_iter().flatten()));
        let totals = totals(chart);
        Self::of(&chart.y, ends.chain(totals).chain(across(chart, Across::Y)), true)
    }

    fn of(axis: &Axis, values: impl Iterator<Item = f64>, from_zero: bool) -> Self {
        let values: Vec<f64> = values.filter(|value| value.is_finite() && (!axis.log || *value > 0.0)).collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        match () {
            () if values.is_empty() => Self::Linear((0.0..1.0).into()),
            () if axis.log => Self::Log((least / 1.3..most * 1.3).log_scale().into()),
            () => {
                let least = if from_zero { least.min(0.0) } else { least };
                let room = if most > least { (most - least) * 0.06 } else { most.abs().max(1.0) * 0.06 };
                let low = if from_zero && least >= 0.0 { 0.0 } else { least - room };
                Self::Linear((low..most + room).into())
            }
        }
    }

    /// Where a mark stands on it, if it does.
    pub fn place(&self, x: &Position, chart: &Chart) -> Option<f64> {
        match (self, x) {
            (Self::Names(..), x) => names(chart).iter().position(|name| *name == x).map(|index| index as f64),
            (_, Position::Number(x)) => Some(*x),
            (_, Position::Name(_)) => None,
        }
    }

    pub fn label(&self, value: f64, axis: &Axis) -> String {
        match self {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small index, or none")]
            Self::Names(_, names) => names.get(value.round() as usize).cloned().unwrap_or_default(),
            _ => number(value, axis.unit),
        }
    }
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        match self {
            Self::Linear(scale) | Self::Names(scale, _) => scale.map(value, limit),
            Self::Log(scale) => scale.map(value, limit),
        }
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match self {
            Self::Linear(scale) => scale.key_points(hint),
            Self::Log(scale) => scale.key_points(hint),
            Self::Names(_, names) => (0..names.len()).map(|index| index as f64).collect(),
        }
    }

    fn range(&self) -> Range<f64> {
        match self {
            Self::Linear(scale) | Self::Names(scale, _) => scale.range(),
            Self::Log(scale) => scale.range(),
        }
    }
}

/// Every x once, in the order of the series.
fn names(chart: &Chart) -> Vec<&Position> {
    let mut names: Vec<&Position> = Vec::new();
    for mark in chart.series.iter().flat_map(|series| &series.marks) {
        if !names.contains(&&mark.x) {
            names.push(&mark.x);
        }
    }
    names
}

/// How high the bars of a stack are.
fn totals(chart: &Chart) -> Vec<f64> {
    if chart.form != Form::Stack {
        return Vec::new();
    }
    let at = |x: &Position| {
        let of = |series: &Series| series.marks.iter().find(|mark| mark.x == *x).map(|mark| mark.y);
        chart.series.iter().filter_map(of).sum()
    };
    names(chart).into_iter().map(at).collect()
}

fn across(chart: &Chart, across: Across) -> impl Iterator<Item = f64> {
    chart.references.iter().filter(move |line| line.across == across).map(|line| line.at)
}
