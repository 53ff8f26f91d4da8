//! The tables of a report.

use comfy_table::CellAlignment::{self, Left, Right};
use comfy_table::{Attribute, Cell, Table, presets};
use gilscope::report::Report;

use super::figures::{self, Costs, Times};

pub const INTERVAL: &str = "95 %";

#[derive(Clone)]
pub struct Column {
    pub heading: String,
    pub side: CellAlignment,
    pub cells: Vec<String>,
}

pub fn times(report: &Report, width: u16) -> String {
    let mut columns = times_columns(report);
    let wide = table(columns.clone());
    if fits(&wide, width) {
        return wide;
    }
    columns.retain(|column| column.heading != INTERVAL);
    table(columns)
}

pub fn times_columns(report: &Report) -> Vec<Column> {
    let rows = figures::times(report);
    let column = |heading, side, cell: fn(&Times) -> &str| column(&rows, heading, side, cell);
    vec![
        column("at", Left, |row| &row.setting),
        column("model", Left, |row| &row.model),
        column("workers", Right, |row| &row.workers),
        column("time", Right, |row| &row.time.median),
        column(INTERVAL, Left, |row| &row.time.interval),
        column("vs serial", Right, |row| &row.speedup.median),
        column(INTERVAL, Left, |row| &row.speedup.interval),
        column("efficiency", Right, |row| &row.efficiency),
    ]
}

pub fn costs(report: &Report) -> String {
    table(costs_columns(report))
}

pub fn costs_columns(report: &Report) -> Vec<Column> {
    let rows = figures::costs(report);
    let column = |heading, side, cell: fn(&Costs) -> &str| column(&rows, heading, side, cell);
    vec![
        column("model", Left, |row| &row.model),
        column("workers", Right, |row| &row.workers),
        column("start-up\na worker", Right, |row| &row.startup),
        column("lock\nheld", Right, |row| &row.lock_held),
        column("waiting\nfor it", Right, |row| &row.lock_waiting),
        column("forced\nswitches\na round", Right, |row| &row.forced_switches),
        column("messages\na round", Right, |row| &row.messages),
    ]
}

fn column<Row>(rows: &[Row], heading: &str, side: CellAlignment, cell: fn(&Row) -> &str) -> Column {
    Column { heading: heading.into(), side, cells: rows.iter().map(|row| cell(row).to_owned()).collect() }
}

/// Whether every line of `text` fits a terminal of this width.
pub fn fits(text: &str, width: u16) -> bool {
    text.lines().all(|line| console::measure_text_width(line) <= width.into())
}

/// Columns side by side; those with nothing in them are left out.
pub fn table(mut columns: Vec<Column>) -> String {
    columns.retain(|column| column.cells.iter().any(|cell| !cell.is_empty()));
    let mut table = Table::new();
    table.load_style(presets::NOTHING).enforce_styling();
    table.set_header(columns.iter().map(|column| Cell::new(&column.heading).add_attribute(Attribute::Bold)));
    let rows = columns.first().map_or(0, |column| column.cells.len());
    table.add_rows((0..rows).map(|row| columns.iter().map(move |column| &column.cells[row])));
    let mut padding = (0, 0);
    for (shown, column) in table.column_iter_mut().zip(&columns) {
        shown.set_cell_alignment(column.side);
        shown.set_padding(padding);
        padding = (2, 0);
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
