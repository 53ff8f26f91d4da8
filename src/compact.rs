//! A report small enough to be part of a link: what is shown of it, without what stands behind.

use serde_json::Value;

use crate::labs;
use crate::report::{ReadError, Report, Run};

/// What no figure is shown of: samples stand behind a median, times of workers behind a chart.
const LEFT_OUT: [&str; 2] = ["samples", "per_worker"];
/// Digits of a figure, more than any face shows.
const DIGITS: usize = 4;

/// The report as JSON, without samples, trace, times by worker, and what only charts show, with figures of four digits.
/// Charts that its lab draws again from that are left out, too. [`read`] reads it.
///
/// # Errors
/// Never: a report is plain data.
pub fn to_json(report: &Report) -> serde_json::Result<String> {
    let runs = report.runs.iter().cloned().map(|run| Run { first_s: None, memory_bytes: None, rss_bytes: None, ..run });
    let bare = Report { trace: None, charts: Vec::new(), runs: runs.collect(), ..report.clone() };
    let mut json = serde_json::to_value(bare)?;
    for (name, value) in json.as_object_mut().into_iter().flatten() {
        // What was asked for stays as it was.
        if name != "experiment" {
            shorten(value);
        }
    }
    let mut charts = serde_json::to_value(&report.charts)?;
    let mut again = serde_json::to_value(drawn(serde_json::from_value(json.clone())?).charts)?;
    shorten(&mut charts);
    shorten(&mut again);
    if charts != again {
        json["charts"] = charts;
    }
    serde_json::to_string(&json)
}

/// Read a compact report.
///
/// # Errors
/// [`ReadError`], when `json` is no report of this major version.
pub fn read(json: &str) -> Result<Report, ReadError> {
    let report = Report::from_json(json)?;
    Ok(if report.charts.is_empty() { drawn(report) } else { report })
}

/// With the charts that its lab makes of it.
fn drawn(mut report: Report) -> Report {
    report.charts = labs::find(&report.experiment.lab).map(|lab| lab.analysis.charts(&report)).unwrap_or_default();
    report
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
            let short = number.as_f64().map(rounded).and_then(serde_json::Number::from_f64);
            *number = short.unwrap_or_else(|| number.clone());
        }
        _ => {}
    }
}

/// To so many digits, whatever the size. By text, because a power of ten is not exact.
fn rounded(value: f64) -> f64 {
    format!("{value:.0$e}", DIGITS - 1).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Experiment;
    use crate::labs::Setting;
    use crate::labs::race::tests::report;
    use crate::report::HostKind;
    use proptest::prelude::*;

    #[test]
    fn what_is_shown_stays_and_what_stands_behind_goes() {
        let mut whole = drawn(report(1.0, 1.9, 1.95));
        whole.experiment.switch_interval_s = 0.001_234_5;
        whole.runs[0].elapsed_s.median = 0.123_456_78;
        whole.host.machine.memory_bytes = Some(25_241_513_984);
        let json = to_json(&whole).unwrap();
        assert!(json.contains(r#""charts":[]"#), "the race draws them again: {json}");
        let compact = read(&json).unwrap();
        assert_eq!(compact.charts, whole.charts);
        assert_eq!(compact.experiment, whole.experiment);
        assert_eq!(compact.verdict, whole.verdict);
        assert_eq!(compact.host.machine, whole.host.machine, "a whole number is exact");
        assert_eq!(compact.runs[0].elapsed_s.median, 0.1235);
        assert!(compact.runs.iter().all(|run| run.elapsed_s.samples.is_empty() && run.per_worker.is_empty()));
        assert_eq!(compact.runs[0].answer, whole.runs[0].answer);
    }

    #[test]
    fn charts_that_need_what_was_left_out_are_kept() {
        let mut whole = report(1.0, 1.9, 1.95);
        whole.experiment.lab = "startup".into();
        whole.runs.iter_mut().for_each(|run| run.startup_s.samples = vec![0.001, 0.002, 0.003]);
        let whole = drawn(whole);
        assert_eq!(read(&to_json(&whole).unwrap()).unwrap().charts, whole.charts);
    }

    #[test]
    fn a_figure_has_four_digits_whatever_its_size() {
        let figures = [1.0 / 3.0, 123_456.7, 1e-7 / 3.0, 0.0, -2.5].map(rounded);
        assert_eq!(figures, [0.3333, 123_500.0, 3.333e-8, 0.0, -2.5]);
    }

    /// A report of this lab with everything in it that a report can have, of every point.
    fn full(lab: &labs::Lab) -> Report {
        let setting = Setting { host: HostKind::Browser, logical_cores: 4, quick: true };
        let one = report(1.0, 1.9, 1.95);
        let summary = one.runs[0].elapsed_s.clone();
        let percentiles = crate::stats::Percentiles::of(&[0.1, 0.2, 0.3]);
        let experiment = (lab.experiment)(&setting);
        let points = u32::try_from(experiment.sweep.len()).unwrap();
        let at = |point: Option<u32>| {
            one.runs.clone().into_iter().map(move |run| crate::report::Run { point, ..run }).collect::<Vec<_>>()
        };
        let mut runs: Vec<_> =
            if points == 0 { at(None) } else { (0..points).flat_map(|point| at(Some(point))).collect() };
        for run in &mut runs {
            run.first_s = Some(summary.clone());
            run.memory_bytes = Some(summary.clone());
            run.rss_bytes = Some(summary.clone());
            run.task_s = percentiles;
            run.channel = Some(crate::report::ChannelFigures::default());
            let counted = crate::report::CountedFigures { expected: 3, found: summary.clone(), by_worker: vec![1, 2] };
            run.counted = Some(counted);
        }
        Report { experiment: Experiment { lab: lab.id.into(), ..experiment }, runs, ..one }
    }

    /// Put these numbers in the place of all that are there, where they fit.
    fn garble(value: &mut Value, numbers: &mut impl Iterator<Item = f64>) {
        match value {
            Value::Object(fields) => fields.values_mut().for_each(|value| garble(value, numbers)),
            Value::Array(items) => items.iter_mut().for_each(|value| garble(value, numbers)),
            Value::Number(number) => {
                let new = numbers.next().unwrap_or_default();
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any number will do")]
                let whole = (new as u32).into();
                *number = serde_json::Number::from_f64(new).filter(|_| number.is_f64()).unwrap_or(whole);
            }
            _ => {}
        }
    }

    proptest! {
        /// A panic in a browser would end the whole page, and a link can hold anything.
        #[test]
        fn no_lab_panics_at_a_report_whatever_its_numbers(
            which in 0..labs::ALL.len(),
            numbers in proptest::collection::vec(
                prop_oneof![Just(0.0), Just(-1.0), Just(1.0), Just(1e308), Just(1e-308), Just(4e9), 0.0..10.0], 1..50
            ),
        ) {
            let mut json = serde_json::to_value(full(labs::ALL[which])).unwrap();
            for part in ["runs", "host"] {
                garble(&mut json[part], &mut numbers.iter().copied().cycle());
            }
            let report = read(&json.to_string()).unwrap();
            to_json(&report).unwrap();
        }
    }
}
