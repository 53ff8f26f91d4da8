//! Exports: every format parses, and none is left half-way.

use std::fs;
use std::path::Path;

use gilscope::report::Report;
use serde_json::Value;

use gilscope_tests::binary::{output, run, stderr, stdout};

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("text").to_owned()
}

#[test]
fn every_format_is_written_and_can_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let [json, markdown, csv, trace, html] =
        ["r.json", "r.md", "r.csv", "t.json", "r.html"].map(|name| path(folder.path(), name));
    fs::write(&json, "what was there before").expect("written");
    let flags = ["--export-json", &json, "--export-markdown", &markdown, "--export-csv", &csv];
    let output = run(&[&flags[..], &["--export-trace", &trace, "--export-html", &html]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("Verdict: "));
    let read = |path: &str| fs::read_to_string(path).expect("written");

    let report = Report::from_json(&read(&json)).expect("a report");
    assert!(read(&markdown).starts_with("| Model | Workers | Time |"));
    let mut lines = csv::Reader::from_path(&csv).expect("a table");
    let models: Vec<_> = lines.records().map(|line| line.expect("a line")[1].to_owned()).collect();
    assert_eq!(models, report.runs.iter().map(|run| run.model.to_string()).collect::<Vec<_>>());
    // The page carries the report, but for its trace.
    let carried = gilscope::embed::read(&read(&html)).expect("a report");
    assert_eq!(carried, Report { trace: None, ..report });
    let trace: Value = serde_json::from_str(&read(&trace)).expect("JSON");
    let events = trace["traceEvents"].as_array().expect("events");
    assert!(events.iter().any(|event| event["args"]["name"] == "lock"));
    assert!(events.iter().any(|event| event["ph"] == "X" && event["name"] == "running"));

    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 5, "nothing is left beside them");
}

#[test]
fn on_standard_output_an_export_stands_alone() {
    let output = run(&["--export-csv", "-", "--model", "serial"]);
    let text = stdout(&output);
    assert!(text.starts_with("point,model,workers,rounds,median_s") && text.lines().count() == 2, "{text}");
}

#[test]
fn without_a_trace_export_the_report_has_no_trace() {
    let report = Report::from_json(&stdout(&run(&["--export-json", "-", "--model", "serial"]))).expect("a report");
    assert!(report.trace.is_none() && !report.experiment.trace);
}

/// Were anything measured first, this test would never end.
#[test]
fn a_file_that_cannot_be_written_is_found_out_before_measuring() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = path(folder.path(), "missing/r.json");
    let cases = [
        ("--export-json", missing.as_str(), "No such file or directory"),
        ("--export-trace", folder.path().to_str().expect("text"), "is a directory"),
    ];
    for (flag, path, cause) in cases {
        let output = output(&["run", "--size", "1000000000", "--runs", "1000", flag, path]);
        let error = stderr(&output);
        assert!(error.starts_with(&format!("error: {flag} cannot write to '{path}': ")), "{error}");
        assert!(error.to_lowercase().contains(&cause.to_lowercase()) || !cfg!(unix), "{error}");
        assert_eq!(output.status.code(), Some(1));
    }
}
