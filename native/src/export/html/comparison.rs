//! The page of a comparison.

use gilscope::compare::{Agreement, Comparison, Sentence, Table};
use maud::{Markup, html};

use super::chart;
use super::frame::{notice, page};
use super::table::table;
use crate::print::{quantity_columns, report_lines};

pub fn comparison(comparison: &Comparison) -> anyhow::Result<String> {
    let charts = comparison.charts.iter().map(chart::figure).collect::<anyhow::Result<Vec<_>>>()?;
    let body = html! {
        h1 { "Reports side by side" }
        ul { @for line in report_lines(comparison) { li { (line) } } }
        @for sentence in &comparison.sentences {
            (notice(sign(sentence), &sentence.text))
        }
        @for note in &comparison.notes { (notice("", note)) }
        h2 { "Figures" }
        @for of in &comparison.tables { (quantity(comparison, of)) }
        @if !charts.is_empty() { h2 { "Charts" } @for chart in &charts { (chart) } }
    };
    Ok(page("Reports side by side", &body))
}

/// The kind of notice; none for what more rounds may turn.
fn sign(sentence: &Sentence) -> &'static str {
    match (sentence.sure, sentence.agreement) {
        (false, _) => "",
        (true, Agreement::Agree) => "good",
        (true, Agreement::Differ) => "caution",
    }
}

fn quantity(comparison: &Comparison, of: &Table) -> Markup {
    html! { h3 { (of.title) } (table(quantity_columns(comparison, of))) }
}
