//! `gilscope compare` and `--reference`: saved reports side by side.

use std::fs;

use gilscope::compare::Comparison;
use tempfile::TempDir;

use gilscope_tests::binary::{output, run, stderr, stdout, succeeds};

/// Files of a folder that goes with them.
struct Saved {
    folder: TempDir,
}

impl Saved {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("text").to_owned()
    }

    /// A small run, its report saved.
    fn run(&self, name: &str, args: &[&str]) -> String {
        let path = self.path(name);
        let flag = if name.ends_with(".html") { "--export-html" } else { "--export-json" };
        let output = run(&[&["--model", "serial,threads", flag, &path], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        path
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("written");
        path
    }
}

#[test]
fn two_reports_are_compared_whether_json_or_page() {
    let saved = Saved::new();
    let (a, b) = (saved.run("a.json", &[]), saved.run("b.html", &[]));
    let page = succeeds(&["compare", &a, &b]);
    for part in
        ["Reports\n", "; the reference", "speed-up over serial\n", "elapsed time\n", "threads/serial (2 workers): "]
    {
        assert!(page.contains(part), "{part}:\n{page}");
    }
    let comparison: Comparison = serde_json::from_str(&succeeds(&["compare", &a, &b, "--json"])).expect("a comparison");
    assert_eq!(comparison.reports.iter().map(|report| &report.name).collect::<Vec<_>>(), ["a.json", "b.html"]);
    assert!(!comparison.charts.is_empty() && !comparison.sentences.is_empty());
}

#[test]
fn a_comparison_is_a_page_that_stands_alone() {
    let saved = Saved::new();
    let (a, b, page) = (saved.run("a.json", &[]), saved.run("b.json", &[]), saved.path("both.html"));
    succeeds(&["compare", &a, &b, "--export-html", &page]);
    let page = fs::read_to_string(page).expect("written");
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("<svg class=\"drawing\"") && !page.contains("<script")
    );
}

#[test]
fn a_run_is_held_against_a_saved_one() {
    let saved = Saved::new();
    let before = saved.run("before.json", &[]);
    let page = stdout(&run(&["--model", "serial,threads", "--reference", &before]));
    assert!(page.contains("this run: gilscope ") && page.contains("threads/serial (2 workers): "), "{page}");
}

#[test]
fn a_file_that_cannot_be_compared_is_named_with_the_remedy() {
    let saved = Saved::new();
    let right = saved.run("right.json", &[]);
    let later = fs::read_to_string(&right).expect("written").replace("gilscope.report/1", "gilscope.report/2");
    let (missing, other) = (saved.path("missing.json"), saved.run("other.json", &["sha256"]));
    let wrong = [
        (missing.clone(), format!("error: FILE cannot be '{missing}': ")),
        (saved.write("text.json", "{}"), "this is not a gilscope report: missing field `schema`".into()),
        (saved.write("page.html", "<html></html>"), "this page carries no gilscope report".into()),
        (saved.write("later.json", &later), "the report's schema cannot be 'gilscope.report/2'".into()),
        (other, "it ran sha256, not sum-of-squares; give reports of the same experiment".into()),
    ];
    for (path, told) in wrong {
        let output = output(&["compare", &right, &path]);
        assert!(stderr(&output).contains(&told), "{path}: {}", stderr(&output));
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{path}");
    }
    let alone = output(&["compare", &right]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(stderr(&alone).contains("give two reports or more"), "{}", stderr(&alone));
}

#[test]
fn standard_output_takes_one_document() {
    let output = output(&["compare", "a.json", "b.json", "--json", "--export-html", "-"]);
    let told = "error: --export-html cannot be '-': --json takes standard output; give a file\n";
    assert_eq!((stderr(&output).as_str(), stdout(&output).as_str()), (told, ""));
    assert_eq!(output.status.code(), Some(2));
}

/// Were anything measured first, this test would never end.
#[test]
fn a_reference_of_another_experiment_is_found_out_before_measuring() {
    let saved = Saved::new();
    let hashing = saved.run("hashing.json", &["sha256"]);
    let output = output(&["run", "--size", "1000000000", "--runs", "1000", "--reference", &hashing]);
    let told = "error: hashing.json has no run in common with this run: it ran sha256, not sum-of-squares";
    assert!(stderr(&output).starts_with(told), "{}", stderr(&output));
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
}

/// Were anything measured first, this test would never end.
#[test]
fn a_reference_that_cannot_be_read_is_found_out_before_measuring() {
    let output = output(&["run", "--size", "1000000000", "--runs", "1000", "--reference", "/missing.json"]);
    assert!(stderr(&output).starts_with("error: --reference cannot be '/missing.json': "), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(2));
}
