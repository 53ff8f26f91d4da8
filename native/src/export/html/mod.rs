//! A page that stands alone: one file that opens anywhere, asks the network for nothing and runs no script. It
//! carries the report, so that gilscope can read it again.

mod chart;
mod comparison;
mod frame;
mod look;
mod repeat;
mod report;
mod scale;
mod table;

use gilscope::report::Report;

use super::Exporter;

pub use comparison::comparison;

pub struct HtmlExporter;

impl Exporter for HtmlExporter {
    fn render(&self, report: &Report) -> anyhow::Result<Vec<u8>> {
        Ok(report::page(report)?.into_bytes())
    }
}
