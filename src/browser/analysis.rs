//! What the page calls once something was measured: labs analyse reports, and reports become comparisons, advice and
//! files. Its types are generated from the Rust ones.

use js_sys::Error;
use tsify::Ts;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use super::convert::{conversion_error, to_ts};
use super::environment;
use crate::compare::{self, Comparison, Named};
use crate::decide::probe::{self, CostExperiment};
use crate::decide::{self, Case, Costs, Decision};
use crate::report::Report;
use crate::trace::{RunTrace, perfetto};
use crate::{compact, embed, labs};

/// The report with what its lab makes of it.
///
/// # Errors
/// When `report` is none.
#[wasm_bindgen]
pub fn analyse(report: Ts<Report>) -> Result<Ts<Report>, JsValue> {
    let mut report = report.to_rust().map_err(conversion_error)?;
    labs::analyse(&mut report);
    to_ts(report)
}

/// What to run, in this order, to learn what workers, messages and waits cost on this machine.
///
/// # Errors
/// Never: experiments are plain data.
#[wasm_bindgen(js_name = costExperiments)]
pub fn cost_experiments() -> Result<Vec<Ts<CostExperiment>>, JsValue> {
    probe::experiments(environment::logical_cores()).into_iter().map(to_ts).collect()
}

/// What the reports of all [`cost_experiments`], in their order, tell of costs.
///
/// # Errors
/// When one of `reports` is none.
#[wasm_bindgen(js_name = costsOf)]
pub fn costs_of(reports: Vec<Ts<Report>>) -> Result<Ts<Costs>, JsValue> {
    let reports: Vec<Report> = reports.iter().map(Ts::to_rust).collect::<Result<_, _>>().map_err(conversion_error)?;
    to_ts(probe::costs(&reports))
}

/// The model that suits a case by these costs.
///
/// # Errors
/// When `case` or `costs` is none.
#[wasm_bindgen]
pub fn decide(case: Ts<Case>, costs: Ts<Costs>) -> Result<Ts<Decision>, JsValue> {
    let case = case.to_rust().map_err(conversion_error)?;
    let costs = costs.to_rust().map_err(conversion_error)?;
    to_ts(decide::decide(&case, &costs))
}

/// A report's trace as Trace Event JSON, for ui.perfetto.dev.
///
/// # Errors
/// When `trace` is none.
#[wasm_bindgen]
pub fn perfetto(trace: Vec<Ts<RunTrace>>) -> Result<String, JsValue> {
    let runs: Vec<RunTrace> = trace.iter().map(Ts::to_rust).collect::<Result<_, _>>().map_err(conversion_error)?;
    Ok(perfetto::export(&runs).to_string())
}

/// A report as JSON that is small enough for a link.
///
/// # Errors
/// When `report` is none.
#[wasm_bindgen(js_name = compactReport)]
pub fn compact_report(report: Ts<Report>) -> Result<String, JsValue> {
    let report = report.to_rust().map_err(conversion_error)?;
    Ok(compact::to_json(&report).map_err(JsError::from)?)
}

/// Read a report that was recorded, compact or whole.
///
/// # Errors
/// An `Error` that says why it is none.
#[wasm_bindgen(js_name = readReport)]
pub fn read_report(text: &str) -> Result<Ts<Report>, JsValue> {
    to_ts(compact::read(text).map_err(JsError::from)?)
}

/// Compare reports with the first of them. `names` are those of the files, `texts` what is in them: JSON, or an
/// exported page.
///
/// # Errors
/// An `Error` that names the file that is no report, or that has nothing in common with the first.
#[wasm_bindgen(js_name = compareReports)]
pub fn compare_reports(names: Vec<String>, texts: Vec<String>) -> Result<Ts<Comparison>, JsValue> {
    let read = |(name, text): (String, String)| {
        let report = embed::read(&text).map_err(|error| Error::new(&format!("{name} cannot be compared: {error}")))?;
        Ok(Named { name, report })
    };
    let reports = names.into_iter().zip(texts).map(read).collect::<Result<Vec<_>, JsValue>>()?;
    to_ts(compare::compare(reports).map_err(|error| Error::new(&error.to_string()))?)
}
