//! The report itself, as JSON: the contract of `gilscope schema report`.

use gilscope::report::Report;

use super::Exporter;

pub struct JsonExporter;

impl Exporter for JsonExporter {
    fn render(&self, report: &Report) -> anyhow::Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(report)?;
        json.push(b'\n');
        Ok(json)
    }
}
