//! What each worker did when, as Trace Event JSON.

use gilscope::report::Report;
use gilscope::trace::perfetto;

use super::Exporter;

pub struct TraceExporter;

impl Exporter for TraceExporter {
    fn render(&self, report: &Report) -> anyhow::Result<Vec<u8>> {
        let runs = report.trace.as_deref().unwrap_or_default();
        Ok(serde_json::to_vec(&perfetto::export(runs))?)
    }
}
