//! `gilscope lab`: every lab runs, judges and teaches.

use gilscope::experiment::Experiment;
use gilscope::labs::{self, Lab, Setting};
use gilscope::report::{HostKind, Outcome, Report};

use gilscope_tests::binary::{output, stderr, stdout, succeeds};

/// They ask what was counted and who died, not how long anything took: their claims hold at any speed.
const HOLD_AT_ANY_SPEED: [&str; 3] = ["worker-death", "shared-state", "primitives"];

/// Flags that make a lab smaller: a tenth of its size, or a quarter of the size that a point's workload brings.
fn smaller(lab: &Lab) -> Vec<String> {
    let whole = (lab.experiment)(&Setting { host: HostKind::Native, logical_cores: 2, quick: true });
    let mut small = Experiment { runs: 1, warmup: 0, ..whole.clone() };
    if !whole.sweep.iter().any(|point| point.contains_key("size")) {
        small.size /= 10;
        for point in &mut small.sweep {
            if let Some(workload) = point.get("workload") {
                let size = Experiment::of(workload).expect("a workload").size / 4;
                point.insert("size".into(), size.to_string());
            }
        }
    }
    let changed = small.fields().into_iter().zip(whole.fields()).filter(|(small, whole)| small != whole);
    changed.map(|((name, text), _)| format!("--{name}={text}")).collect()
}

#[test]
fn every_lab_runs_and_ends_with_its_own_verdict() {
    for lab in labs::ALL {
        let smaller = smaller(lab);
        let flags: Vec<_> = smaller.iter().map(String::as_str).collect();
        let json = succeeds(&[&["lab", lab.id, "--quick", "--export-json", "-"], &flags[..]].concat());
        let report = Report::from_json(&json).expect("a report");
        assert_eq!(report.experiment.lab, lab.id);
        let verdict = report.verdict.as_ref().unwrap_or_else(|| panic!("{}: no verdict", lab.id));
        assert_eq!(Some(verdict), lab.analysis.judge(&report).as_ref(), "{}: its figures say something else", lab.id);
        assert_eq!(verdict.lab, lab.id);
        let starts = match verdict.outcome {
            Outcome::Confirmed => "Confirmed: ",
            Outcome::Refuted => "Refuted here: ",
            Outcome::CouldNotTell => "Could not tell",
        };
        assert!(verdict.text.starts_with(starts) && verdict.text.ends_with('.'), "{}: {}", lab.id, verdict.text);
        let is_confirmed = verdict.outcome == Outcome::Confirmed;
        assert!(is_confirmed || !HOLD_AT_ANY_SPEED.contains(&lab.id), "{}: {}", lab.id, verdict.text);
        assert!(!verdict.parts.is_empty(), "{}: no figures", lab.id);
        assert!(!report.charts.is_empty(), "{}", lab.id);
        for chart in &report.charts {
            assert!(!chart.series.is_empty() && !chart.title.is_empty(), "{}: {chart:?}", lab.id);
            let marks = chart.series.iter().flat_map(|series| &series.marks);
            assert!(marks.into_iter().all(|mark| mark.y.is_finite()), "{}: {chart:?}", lab.id);
        }
    }
}

#[test]
fn a_lab_prints_its_charts_its_verdict_why_and_what_comes_next() {
    let page = succeeds(&["lab", "pool-or-executor", "--quick", "--runs", "1"]);
    for part in [
        "When do I get the first result?",
        "as they complete: the first",
        "Verdict: ",
        "Why\n",
        "The same in Python: gilscope lab pool-or-executor --python",
        "Next: A new worker for every request? (gilscope lab latency)",
    ] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
}

#[test]
fn the_page_has_the_first_lab_s_words_before_it_can_ask_for_them() {
    let page = include_str!("../../../www/index.html").split_whitespace().collect::<Vec<_>>().join(" ");
    let lab = &labs::ALL[0];
    let claim = format!("<b>The claim:</b> {}.", lab.claim);
    for words in [&format!("question 1 of {}", labs::ALL.len()), lab.question, lab.watch, &claim, lab.article] {
        assert!(page.contains(words), "index.html lacks “{words}”");
    }
}

#[test]
fn the_python_of_a_lab_is_printed_whole() {
    let python = succeeds(&["lab", "race", "--python"]);
    assert!(python.contains("# race/threads.py\n") && python.contains("ThreadPoolExecutor"), "{python}");
    assert!(python.starts_with("# race/serial.py\n"), "serial comes first: {python}");
    assert!(python.contains("if __name__ == \"__main__\":"), "{python}");
}

#[test]
fn a_flag_changes_the_experiment_of_a_lab() {
    let report = succeeds(&["lab", "io", "--quick", "--runs", "1", "--model", "serial,threads", "--export-json", "-"]);
    let report = Report::from_json(&report).expect("a report");
    assert!(report.runs.iter().all(|run| ["serial", "threads"].contains(&run.model.name())));
    assert_eq!(report.experiment.sweep.len(), 2, "what is not named is the lab's");
}

#[test]
fn a_lab_or_a_workload_that_is_none_is_wrong_usage() {
    let wrong = output(&["lab", "io", "--workload", "fizz"]);
    assert!(stderr(&wrong).starts_with("error: --workload cannot be 'fizz': use one of "), "{}", stderr(&wrong));
    let output = output(&["lab", "fizz"]);
    assert!(
        stderr(&output).starts_with("error: LAB cannot be 'fizz': use one of race, scaling, "),
        "{}",
        stderr(&output)
    );
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
}
