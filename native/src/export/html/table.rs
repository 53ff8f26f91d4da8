//! A table of text as one of HTML.

use comfy_table::CellAlignment;
use maud::{Markup, html};

use crate::print::Column;

/// Columns side by side; those with nothing in them are left out.
pub fn table(mut columns: Vec<Column>) -> Markup {
    columns.retain(|column| column.cells.iter().any(|cell| !cell.is_empty()));
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let class = |column: &Column| if column.side == CellAlignment::Right { "number" } else { "" };
    html! {
        div class="box" {
            table {
                thead { tr { @for column in &columns { th scope="col" class=(class(column)) { (column.heading) } } } }
                tbody {
                    @for row in 0..rows {
                        tr { @for column in &columns { td class=(class(column)) { (column.cells[row]) } } }
                    }
                }
            }
        }
    }
}
