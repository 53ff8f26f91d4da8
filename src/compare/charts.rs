//! Charts that put the reports side by side: bars for the runs of one setting, lines over what a sweep varies.

use super::Named;
use super::quantity::Quantity;
use super::shared::Shared;
use crate::chart::{Axis, Chart, Form, Mark, Unit};
use crate::experiment::Model;
use crate::points::{self, Line};
use crate::stats::Estimate;

/// Most lines of a sweep that are drawn: the longest ones.
const LINES: usize = 2;
/// Figures further apart than this need a logarithmic axis.
const FAR: f64 = 50.0;

pub fn charts(reports: &[Named], shared: &[Shared]) -> Vec<Chart> {
    let drawn = Quantity::ALL.into_iter().filter(|quantity| quantity.is_drawn());
    let lines = points::lines(&reports[0].report.experiment.sweep);
    let charts = drawn.flat_map(|quantity| match shared.iter().all(|run| run.key.point.is_empty()) {
        true => vec![bars(quantity, reports, shared)],
        false => lines.iter().take(LINES).map(|line| over(quantity, line, reports, shared)).collect(),
    });
    charts.filter(|chart| chart.series.len() > 1).collect()
}

fn axis(quantity: Quantity, shared: &[Shared]) -> Axis {
    let figures = shared.iter().flat_map(|run| run.runs.iter().flatten()).filter_map(|of| quantity.of(of.run));
    let (least, most) = figures
        .fold((f64::INFINITY, 0.0_f64), |(least, most), Estimate { value, .. }| (least.min(value), most.max(value)));
    Axis { label: quantity.title().into(), unit: quantity.unit(), log: least > 0.0 && most / least > FAR }
}

fn title(quantity: Quantity) -> String {
    let title = quantity.title();
    title[..1].to_uppercase() + &title[1..]
}

fn bars(quantity: Quantity, reports: &[Named], shared: &[Shared]) -> Chart {
    let y = axis(quantity, shared);
    let chart =
        Chart::new(title(quantity), Form::Bars, Axis::new("model, workers", Unit::None), Axis { log: false, ..y });
    reports.iter().enumerate().fold(chart, |chart, (i, named)| {
        let marks = shared.iter().filter_map(|run| {
            let figure = quantity.of(run.runs[i].as_ref()?.run)?;
            Some(mark(format!("{}, {}", run.key.model, run.key.workers), figure))
        });
        chart.with(&named.name, marks.collect::<Vec<_>>())
    })
}

fn over(quantity: Quantity, line: &Line, reports: &[Named], shared: &[Shared]) -> Chart {
    let setting = line.setting();
    let title = if setting.is_empty() { title(quantity) } else { format!("{}, at {setting}", title(quantity)) };
    let mut chart = Chart::new(title, Form::Lines, line.axis(), axis(quantity, shared));
    for model in Model::ALL {
        for (i, named) in reports.iter().enumerate() {
            let at = |(value, index): &(f64, u32)| {
                let point = reports[0].report.experiment.sweep.get(*index as usize)?;
                let same = shared.iter().filter(|run| run.key.model == model && run.key.point == *point);
                // The widest stands for all: a line has one mark an x.
                let run = same.max_by_key(|run| run.key.workers)?;
                Some(mark(line.x(*value), quantity.of(run.runs[i].as_ref()?.run)?))
            };
            chart = chart.with(format!("{model}, {}", named.name), line.at.iter().filter_map(at).collect::<Vec<_>>());
        }
    }
    chart
}

fn mark(x: impl Into<crate::chart::Position>, figure: Estimate) -> Mark {
    Mark { interval: figure.ci95, ..Mark::at(x, figure.value) }
}
