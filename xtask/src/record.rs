//! `cargo xtask record`: the reports that the labs' tests judge, measured anew on this machine.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::{Number, Value};

use crate::build::{self, native::Profile};
use crate::house::House;

/// Digits that are kept of a measured figure: more than any verdict shows.
const DIGITS: usize = 6;
const CORES: u32 = 2;

#[derive(Args)]
pub struct Options {
    /// Labs to record [default: all]
    labs: Vec<String>,
}

/// Runs each lab, one after another, and writes its report to `src/labs/<lab>/recorded.json`.
pub fn run(house: &House, options: &Options) -> Result<()> {
    build::site(house)?;
    build::native::build(house, Profile::Ci)?;
    let labs = labs(house)?;
    if let Some(unknown) = options.labs.iter().find(|lab| !labs.contains(lab)) {
        bail!("there is no lab `{unknown}`. Use one of {}", labs.join(", "));
    }
    for lab in labs.iter().filter(|lab| options.labs.is_empty() || options.labs.contains(lab)) {
        let mut report = gilscope(house, &["lab", lab, "--quick", "--quiet", "--export-json", "-"])?;
        // The tests know how many workers a lab has on so many cores.
        ensure!(
            report["host"]["logical_cores"] == CORES,
            "record on {CORES} cores: `taskset -c 0,1 cargo xtask record`"
        );
        strip(&mut report);
        let json = format!("{report}\n");
        let path = house.root.join("src/labs").join(lab.replace('-', "_")).join("recorded.json");
        fs::write(&path, &json).with_context(|| format!("writing {}", path.display()))?;
        println!("{}", line(lab, &report, json.len()));
    }
    Ok(())
}

fn labs(house: &House) -> Result<Vec<String>> {
    let listed = gilscope(house, &["labs", "--json"])?;
    let ids = listed.as_array().into_iter().flatten().filter_map(|lab| Some(lab["id"].as_str()?.to_owned()));
    Ok(ids.collect())
}

/// What the binary that the tests run prints as JSON.
fn gilscope(house: &House, args: &[&str]) -> Result<Value> {
    let mut command = Command::new(house.gilscope(Profile::Ci));
    let output = command.args(args).stderr(Stdio::inherit()).output().context("gilscope did not start")?;
    ensure!(output.status.success(), "`gilscope {}` failed ({})", args.join(" "), output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Without charts, which are drawn again from the rest, and with figures of a few digits.
fn strip(report: &mut Value) {
    report["charts"] = Value::Array(Vec::new());
    report["runs"].as_array_mut().into_iter().flatten().for_each(round);
    round(&mut report["host"]);
}

fn round(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(round),
        Value::Array(items) => items.iter_mut().for_each(round),
        // Whole numbers are counts and bytes: they stay exact.
        Value::Number(number) => {
            let fraction = number.as_f64().filter(|value| number.is_f64() && value.fract() != 0.0);
            let short = fraction.and_then(|value| format!("{value:.0$e}", DIGITS - 1).parse().ok());
            *number = short.and_then(Number::from_f64).unwrap_or_else(|| number.clone());
        }
        _ => {}
    }
}

/// One line, to judge by whether the machine was quiet enough.
fn line(lab: &str, report: &Value, bytes: usize) -> String {
    let runs = report["runs"].as_array().into_iter().flatten();
    let warnings = std::iter::once(report).chain(runs).filter_map(|part| part["warnings"].as_array()).flatten();
    let mut codes: Vec<_> = warnings.filter_map(|warning| warning["code"].as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let verdict = report["verdict"]["text"].as_str().unwrap_or("No verdict.");
    format!("{lab} ({:.0} KiB; warnings: {}): {verdict}", bytes as f64 / 1024.0, codes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_recorded_report_has_no_charts_and_short_figures_and_exact_counts() {
        let mut report = json!({
            "charts": [{"title": "x"}],
            "experiment": {"switch_interval_s": 0.123_456_789},
            "host": {"ceiling": {"2": 1.970_070_641}},
            "runs": [{"elapsed_s": {"median": 0.000_123_456_789, "samples": [16_000_001.0]}, "workers": 2}],
        });
        strip(&mut report);
        assert_eq!(
            report,
            json!({
                "charts": [],
                "experiment": {"switch_interval_s": 0.123_456_789},
                "host": {"ceiling": {"2": 1.970_07}},
                "runs": [{"elapsed_s": {"median": 0.000_123_457, "samples": [16_000_001.0]}, "workers": 2}],
            })
        );
    }
}
