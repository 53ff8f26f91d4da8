//! A comparison as text: a table for each quantity, then what agrees.

use comfy_table::CellAlignment::{Left, Right};
use gilscope::chart::Unit;
use gilscope::compare::{Agreement, Cell, Comparison, Distance, Row, Table};
use gilscope::stats::Estimate;

use super::chart::number;
use super::table::{Column, INTERVAL, fits, table};
use super::{BOLD, CAUTION, GOOD, labelled, wrapped};
use crate::format;

pub fn comparison(comparison: &Comparison, width: u16) -> String {
    let mut parts = vec![reports(comparison, width)];
    parts.extend(comparison.tables.iter().map(|table| quantity(comparison, table, width)));
    parts.push(sentences(comparison, width));
    let notes = comparison.notes.iter().map(|note| labelled("Note:", CAUTION, note, width));
    parts.push(notes.collect());
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn reports(comparison: &Comparison, width: u16) -> String {
    let lines = report_lines(comparison).map(|line| wrapped(&line, "", width));
    format!("{BOLD}Reports{BOLD:#}\n{}", lines.collect::<String>())
}

/// What each report is, and where it was measured.
pub fn report_lines(comparison: &Comparison) -> impl Iterator<Item = String> {
    comparison.reports.iter().zip(0..).map(|(report, i)| {
        let host = &report.host;
        let cores = format::plural(host.logical_cores.into(), "logical core", "logical cores");
        let role = if i == 0 { "; the reference" } else { "" };
        format!("{}: {}, {}, {cores}{role}", report.name, host.engine, host.os)
    })
}

fn quantity(comparison: &Comparison, of: &Table, width: u16) -> String {
    let mut columns = quantity_columns(comparison, of);
    let mut rows = table(columns.clone());
    if !fits(&rows, width) {
        columns.retain(|column| column.heading != INTERVAL);
        rows = table(columns);
    }
    format!("{BOLD}{}{BOLD:#}\n{rows}", of.title)
}

/// One row a run; the figure of each report, and how far it is from the first.
pub fn quantity_columns(comparison: &Comparison, of: &Table) -> Vec<Column> {
    let left = |heading: &str, cell: fn(&Row) -> String| Column {
        heading: heading.into(),
        side: Left,
        cells: of.rows.iter().map(cell).collect(),
    };
    let mut columns = vec![
        left("at", |row| row.setting.clone()),
        left("model", |row| row.model.to_string()),
        Column { side: Right, ..left("workers", |row| row.workers.to_string()) },
    ];
    for (i, report) in comparison.reports.iter().enumerate() {
        let cells = || of.rows.iter().map(move |row| &row.cells[i]);
        columns.extend(figures(&report.name, cells().map(|cell| cell.figure), |value| number(value, of.unit)));
        if i > 0 {
            let against = cells().map(|cell: &Cell| cell.against);
            columns.extend(figures("against\nthe first", against, |value| distance(value, of)));
        }
    }
    columns
}

/// A column of figures, and one of their intervals.
fn figures(
    heading: &str,
    figures: impl Iterator<Item = Option<Estimate>>,
    number: impl Fn(f64) -> String,
) -> [Column; 2] {
    let interval = |[low, high]: [f64; 2]| format!("[{}, {}]", number(low), number(high));
    let cells = figures.map(|figure| {
        let ends = figure.and_then(|figure| figure.ci95);
        (figure.map(|figure| number(figure.value)).unwrap_or_default(), ends.map(interval).unwrap_or_default())
    });
    let (values, intervals) = cells.unzip();
    [
        Column { heading: heading.into(), side: Right, cells: values },
        Column { heading: INTERVAL.into(), side: Left, cells: intervals },
    ]
}

fn distance(value: f64, of: &Table) -> String {
    match (of.distance, of.unit) {
        (Distance::Ratio, _) => format::ratio(value),
        (Distance::Difference, Unit::Share) => format::signed_points(value),
        (Distance::Difference, _) => format::signed(value),
    }
}

fn sentences(comparison: &Comparison, width: u16) -> String {
    let lines = comparison.sentences.iter().map(|sentence| {
        let (label, style) = match (sentence.sure, sentence.agreement) {
            (false, _) => ("Open:", BOLD),
            (true, Agreement::Agree) => ("Agree:", GOOD),
            (true, Agreement::Differ) => ("Differ:", CAUTION),
        };
        labelled(label, style, &sentence.text, width)
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::tests::report;
    use gilscope::compare::{Named, compare};
    use gilscope::stats::Summary;

    fn page(width: u16) -> String {
        let mut other = report();
        other.host.engine = "CPython 3.13".into();
        other.runs[1].speedup = Summary::of(vec![0.97, 0.98, 0.98]);
        let named = |name: &str, report| Named { name: name.into(), report };
        let compared = compare(vec![named("cpython.json", other), named("native.json", report())]).unwrap();
        anstream::adapter::strip_str(&comparison(&compared, width)).to_string()
    }

    #[test]
    fn every_quantity_is_a_table_and_what_agrees_a_sentence() {
        insta::assert_snapshot!(page(100), @r"
        Reports
        cpython.json: CPython 3.13, Linux 6.1, 2 logical cores; the reference
        native.json: gilscope 0.1.0, Linux 6.1, 2 logical cores

        speed-up over serial
        model      workers  cpython.json  native.json    against
                                                       the first
        threads          2         0.98x        0.96x      -0.02
        processes        2         1.94x        1.94x      +0.00

        efficiency, the share of the ceiling
        model      workers  cpython.json  native.json    against
                                                       the first
        threads          2          49 %         49 %  +0 points
        processes        2          99 %         99 %  +0 points

        forced switches a second
        model    workers  cpython.json  native.json    against
                                                     the first
        threads        2         197/s        197/s      1.00x

        elapsed time
        model      workers  cpython.json  native.json    against
                                                       the first
        serial           1       1.260 s      1.260 s      1.00x
        threads          2       1.310 s      1.310 s      1.00x
        processes        2       0.650 s      0.650 s      1.00x

        start-up of a worker
        model      workers  cpython.json  native.json    against
                                                       the first
        serial           1       80.0 µs      80.0 µs      1.00x
        threads          2       0.15 ms      0.15 ms      1.00x
        processes        2       2.20 ms      2.20 ms      1.00x

        Open: threads/serial (2 workers): 0.98 in cpython.json and 0.96 in native.json (-2 points, 95 % -6
        to -1); they agree within 5 points, though more rounds may tell them apart.
        Open: forced switches a second (2 workers): 197 in cpython.json and 197 in native.json (+0 %); they
        agree within 10 %, but no interval tells how sure that is; measure more rounds.

        Note: cpython.json: Something else used the machine: close it and run again.
        Note: native.json: Something else used the machine: close it and run again.
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [80, 100] {
            let page = page(width);
            let widest = page.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width.into(), "{widest} > {width}:\n{page}");
        }
    }
}
