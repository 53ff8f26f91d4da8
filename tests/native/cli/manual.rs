//! Help, lists, schemas, completions, manual pages.

use serde_json::Value;

use gilscope_tests::binary::{output, stderr, succeeds};

#[test]
fn on_its_own_it_says_how_to_begin() {
    let help = succeeds(&[]);
    assert!(help.contains("Usage: gilscope") && help.contains("gilscope run  "), "{help}");
    assert_eq!(help, succeeds(&["--help"]));
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
}

#[test]
fn the_hidden_worker_is_in_no_list() {
    assert!(!succeeds(&["--help"]).contains("worker "));
}

#[test]
fn the_version_is_the_package_s() {
    assert_eq!(succeeds(&["--version"]), concat!("gilscope ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_verbose_version_tells_how_the_binary_was_built() {
    let facts = succeeds(&["--version", "--verbose"]);
    for fact in
        ["gilscope ", "commit ", "target ", "profile ", "compiler  rustc ", "report    gilscope.report/", "site "]
    {
        assert!(facts.lines().any(|line| line.starts_with(fact)), "{fact}: {facts}");
    }
    let alone = output(&["--verbose"]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(stderr(&alone).contains("--version"), "{}", stderr(&alone));
}

#[test]
fn help_knows_every_flag_and_the_exit_codes() {
    let help = succeeds(&["run", "--help"]);
    for flag in "size tasks chunk workers model runs warmup switch-interval cores seed export-json export-markdown \
                 export-csv export-trace quiet"
        .split_whitespace()
    {
        assert!(help.contains(&format!("--{flag} ")), "{flag}");
    }
    assert!(help.contains("130 cancelled"));
}

#[test]
fn lists_are_for_people_and_for_programs() {
    for (list, ids) in [
        ("workloads", gilscope::workload::ALL.iter().map(|workload| workload.id).collect::<Vec<_>>()),
        ("labs", gilscope::labs::ALL.iter().map(|lab| lab.id).collect::<Vec<_>>()),
    ] {
        let text = succeeds(&[list]);
        let json: Vec<Value> = serde_json::from_str(&succeeds(&[list, "--json"])).expect("JSON");
        assert_eq!(json.iter().map(|item| item["id"].as_str().expect("text")).collect::<Vec<_>>(), ids);
        assert!(ids.iter().all(|id| text.lines().any(|line| line == *id)), "{text}");
    }
}

#[test]
fn schemas_describe_the_fields_that_reports_have() {
    let schema = |args: &[&str]| -> Value { serde_json::from_str(&succeeds(args)).expect("JSON") };
    let report = schema(&["schema"]);
    assert_eq!(report, schema(&["schema", "report"]));
    for field in ["schema", "host", "experiment", "runs", "warnings"] {
        assert!(report["properties"][field].is_object(), "{field}");
    }
    let experiment = schema(&["schema", "experiment"]);
    assert!(experiment["properties"]["switch_interval_s"].is_object());
    assert!(schema(&["schema", "comparison"])["properties"]["sentences"].is_object());
}

#[test]
fn completions_and_manual_pages_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = succeeds(&["completions", shell]);
        assert!(script.contains("switch-interval") && script.contains("workloads"), "{shell}");
    }
    assert!(succeeds(&["man"]).contains(".TH gilscope"));
    assert!(succeeds(&["man", "run"]).contains("switch\\-interval"));
    let output = output(&["man", "walk"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).starts_with("error: COMMAND cannot be 'walk': use one of run, lab, python, sweep, compare, ")
    );
}
