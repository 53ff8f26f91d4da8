//! A lab's charts as tables: what the site draws.

use comfy_table::CellAlignment::{Left, Right};
use gilscope::chart::{Axis, Chart, Mark, Position, Series, Source, Unit};
use gilscope::report::Report;

use super::table::{Column, INTERVAL, fits, table};
use super::{BOLD, DIM, wrapped};
use crate::format;

pub fn charts(report: &Report, width: u16) -> Vec<String> {
    report.charts.iter().filter(|chart| !chart.series.is_empty()).map(|chart| text(chart, width)).collect()
}

/// The numbers of a chart: one row an x, one column a series, and one of its intervals.
pub fn columns(chart: &Chart) -> Vec<Column> {
    let mut positions: Vec<&Position> = Vec::new();
    for mark in chart.series.iter().flat_map(|series| &series.marks) {
        if !positions.contains(&&mark.x) {
            positions.push(&mark.x);
        }
    }
    let side = if chart.x.unit == Unit::None { Left } else { Right };
    let x = positions.iter().map(|x| position(x, &chart.x)).collect();
    let mut columns = vec![Column { heading: chart.x.label.clone(), side, cells: x }];
    for series in &chart.series {
        let cell = |x: &&Position| {
            let mark = series.marks.iter().find(|mark| mark.x == **x);
            mark.map(|mark| (number(mark.y, chart.y.unit), interval(mark, chart.y.unit))).unwrap_or_default()
        };
        let (numbers, intervals) = positions.iter().map(cell).unzip();
        columns.push(Column { heading: sourced(series), side: Right, cells: numbers });
        columns.push(Column { heading: INTERVAL.into(), side: Left, cells: intervals });
    }
    columns
}

/// A series' name, with where its numbers come from, unless they were measured.
pub fn sourced(series: &Series) -> String {
    match series.source {
        Source::Measured => series.name.clone(),
        Source::Theory => format!("{} (theory)", series.name),
        Source::Article => format!("{} (article)", series.name),
    }
}

fn text(chart: &Chart, width: u16) -> String {
    let mut columns = columns(chart);
    let mut rows = table(columns.clone());
    if !fits(&rows, width) {
        columns.retain(|column| column.heading != INTERVAL);
        rows = table(columns);
    }
    let references = chart.references.iter().map(|line| {
        let unit = if line.across == gilscope::chart::Across::Y { chart.y.unit } else { chart.x.unit };
        let text = wrapped(&format!("{}: {}", line.label, number(line.at, unit)), "", width);
        format!("{DIM}{}{DIM:#}\n", text.trim_end())
    });
    let unit = if chart.y.label.is_empty() { String::new() } else { format!(" ({})", chart.y.label) };
    let title = wrapped(&format!("{}{unit}", chart.title), "", width);
    format!("{BOLD}{}{BOLD:#}\n{rows}{}", title.trim_end(), references.collect::<String>())
}

fn position(x: &Position, axis: &Axis) -> String {
    match x {
        Position::Number(x) => number(*x, axis.unit),
        Position::Name(name) => name.clone(),
    }
}

/// `[0.95, 1.05]`, in the unit of the number beside it.
fn interval(mark: &Mark, unit: Unit) -> String {
    let ends = mark.interval.map(|ends| ends.map(|end| number(end, unit)));
    ends.map(|[low, high]| format!("[{low}, {high}]")).unwrap_or_default()
}

pub fn number(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Seconds => format::seconds(value),
        Unit::Bytes => format::bytes(value),
        Unit::BytesPerSecond => format!("{}/s", format::bytes(value)),
        Unit::PerSecond => format!("{}/s", counted(value)),
        Unit::Ratio => format::ratio(value),
        Unit::Share => format::share(value),
        Unit::Count | Unit::None => counted(value),
    }
}

/// `12`, `2.4`, `-195`, `40,000,000`
fn counted(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number above 1000")]
    let text = if size >= 1e3 { format::count(size.round() as u64) } else { format::mean_count(size) };
    format!("{sign}{text}")
}
