//! A report small enough to be part of a link: what is shown of it, without what stands behind.

use serde_json::Value;

use crate::report::Report;

/// What no figure is shown of: samples stand behind a median, times of workers behind a chart.
const LEFT_OUT: [&str; 2] = ["samples", "per_worker"];
/// Digits of a figure, more than any face shows.
const DIGITS: usize = 4;

/// The report as JSON, without samples, trace and times by worker, with figures of four digits.
/// [`Report::from_json`] reads it.
///
/// # Errors
/// Never: a report is plain data.
pub fn to_json(report: &Report) -> serde_json::Result<String> {
    let mut json = serde_json::to_value(Report { trace: None, ..report.clone() })?;
    for (name, value) in json.as_object_mut().into_iter().flatten() {
        // What was asked for stays as it was.
        if name != "experiment" {
            shorten(value);
        }
    }
    serde_json::to_string(&json)
}

fn shorten(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Array(items) if LEFT_OUT.contains(&name.as_str()) => items.clear(),
                    _ => shorten(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().map(rounded).and_then(serde_json::Number::from_f64);
            *number = rounded.unwrap_or_else(|| number.clone());
        }
        _ => {}
    }
}

/// To so many digits, whatever the size.
fn rounded(value: f64) -> f64 {
    if value == 0.0 {
        return value;
    }
    // By text, because a power of ten is not exact.
    let digits = DIGITS - 1;
    format!("{value:.digits$e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::race::tests::report;

    #[test]
    fn what_is_shown_stays_and_what_stands_behind_goes() {
        let mut whole = report(1.0, 1.9, 1.95);
        whole.experiment.switch_interval_s = 0.001_234_5;
        whole.runs[0].elapsed_s.median = 0.123_456_78;
        whole.host.machine.memory_bytes = Some(25_241_513_984);
        let compact = Report::from_json(&to_json(&whole).unwrap()).unwrap();
        assert_eq!(compact.experiment, whole.experiment);
        assert_eq!(compact.verdict, whole.verdict);
        assert_eq!(compact.host.machine, whole.host.machine, "a whole number is exact");
        assert_eq!(compact.runs[0].elapsed_s.median, 0.1235);
        assert!(compact.runs.iter().all(|run| run.elapsed_s.samples.is_empty() && run.per_worker.is_empty()));
        assert_eq!(compact.runs[0].answer, whole.runs[0].answer);
    }

    #[test]
    fn a_figure_has_four_digits_whatever_its_size() {
        assert_eq!(
            [1.0 / 3.0, 123_456.7, 1e-7 / 3.0, 0.0, -2.5].map(rounded),
            [0.3333, 123_500.0, 3.333e-8, 0.0, -2.5]
        );
    }
}
