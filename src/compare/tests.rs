use super::*;
use crate::experiment::Experiment;
use crate::report::{HostKind, LockFigures, Run};
use crate::stats::{Percentiles, Summary};

/// Threads that are this fast and whose lock switches this often, beside processes.
fn race(name: &str, threads: f64, switches_per_s: f64) -> Named {
    let mut report = crate::labs::race::tests::report(threads, 1.9, 1.95);
    let around = |middle: f64| Summary::of([0.995, 1.0, 1.005].map(|part| part * middle).into());
    report.runs[0].speedup = around(threads);
    report.runs[0].lock = Some(LockFigures {
        policy: report.experiment.lock_policy,
        switch_interval_s: 0.005,
        acquisitions: 0,
        forced_switches: 1,
        forced_switches_per_s: around(switches_per_s),
        signals: 0,
        found_taken: 0,
        held_s: None,
        waiting_s: None,
    });
    Named { name: name.into(), report }
}

/// A convoy at two switch intervals, whose requests wait for one of them.
fn convoy(name: &str, factor: f64) -> Named {
    let Named { name, mut report } = race(name, 1.0, 190.0);
    report.experiment.workload = "io-wait".into();
    report.experiment.set("sweep", "background=1 switch-interval=5; background=1 switch-interval=50").unwrap();
    let request = |point: u32, interval_s: f64| Run {
        point: Some(point),
        speedup: None,
        lock: None,
        task_s: Percentiles::of(&(0..100).map(|i| interval_s * factor + f64::from(i) * 1e-6).collect::<Vec<_>>()),
        ..report.runs[0].clone()
    };
    report.runs = vec![request(0, 0.005), request(1, 0.05)];
    Named { name, report }
}

fn of(reports: Vec<Named>) -> Comparison {
    compare(reports).unwrap()
}

#[test]
fn locks_that_do_the_same_agree_in_words() {
    let comparison = of(vec![race("A", 0.97, 196.0), race("B", 0.98, 190.0)]);
    let texts: Vec<_> = comparison.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "threads/serial (2 workers): 0.97 in A and 0.98 in B (+1 points, 95 % +0 to +2); they agree within 5 points.",
            "forced switches a second (2 workers): 196 in A and 190 in B (-3 %, 95 % -4 to -2); they agree within 10 %."
        ]
    );
    assert!(comparison.sentences.iter().all(|sentence| sentence.agreement == Agreement::Agree && sentence.sure));
    assert_eq!(comparison.notes, [] as [&str; 0]);
}

#[test]
fn locks_that_do_not_are_told_apart() {
    let comparison = of(vec![race("A", 0.97, 196.0), race("B", 1.8, 150.0)]);
    let found: Vec<_> = comparison.sentences.iter().map(|sentence| (sentence.agreement, sentence.sure)).collect();
    assert_eq!(found, [(Agreement::Differ, true), (Agreement::Differ, true)]);
}

#[test]
fn an_interval_that_reaches_across_the_tolerance_leaves_it_open() {
    let mut wide = race("B", 0.98, 190.0);
    wide.report.runs[0].speedup = Summary::of(vec![0.8, 0.98, 1.2]);
    let comparison = of(vec![race("A", 0.97, 196.0), wide]);
    let sentence = &comparison.sentences[0];
    assert!(!sentence.sure && sentence.text.ends_with("though more rounds may tell them apart."), "{}", sentence.text);
}

#[test]
fn a_figure_without_an_interval_leaves_it_open() {
    let mut few = race("B", 0.98, 190.0);
    few.report.runs[0].speedup = Summary::of(vec![0.98]);
    let comparison = of(vec![race("A", 0.97, 196.0), few]);
    let Sentence { agreement, sure, text, .. } = &comparison.sentences[0];
    assert_eq!((*agreement, *sure), (Agreement::Agree, false));
    assert!(text.ends_with("points, but no interval tells how sure that is; measure more rounds."), "{text}");
}

#[test]
fn a_convoy_is_judged_by_its_latency_at_every_switch_interval() {
    let same = of(vec![convoy("A", 1.0), convoy("B", 1.1)]);
    // 100 requests bound their 99 % by nothing.
    assert_eq!(same.sentences.len(), 4, "{:?}", same.sentences);
    assert!(same.sentences.iter().all(|sentence| sentence.agreement == Agreement::Agree));
    assert!(same.sentences[1].text.contains("(2 workers, background 1, switch-interval 50)"));
    let other = of(vec![convoy("A", 1.0), convoy("B", 1.6)]);
    assert!(other.sentences.iter().all(|sentence| sentence.agreement == Agreement::Differ));
}

#[test]
fn what_is_asked_of_another_lock_is_not_judged_and_the_reader_is_told() {
    let mut other = race("B", 0.98, 20.0);
    other.report.experiment.switch_interval_s = 0.05;
    let comparison = of(vec![race("A", 0.97, 196.0), other]);
    assert_eq!(comparison.sentences, []);
    assert_eq!(comparison.notes, ["B ran with switch-interval 50 and not 5, as A did."]);
}

#[test]
fn every_figure_stands_beside_the_reference_with_its_distance() {
    let comparison = of(vec![race("A", 1.0, 200.0), race("B", 0.9, 100.0), race("C", 1.0, 200.0)]);
    let table = comparison.tables.iter().find(|table| table.quantity == Quantity::ForcedSwitches).unwrap();
    let cells = &table.rows[0].cells;
    assert_eq!(cells.len(), 3);
    assert_eq!(cells[0].against, None);
    let half = cells[1].against.unwrap();
    assert!((half.value - 0.5).abs() < 1e-9 && half.ci95.is_some(), "{half:?}");
    let speedups = &comparison.tables[0].rows[0].cells;
    assert!((speedups[1].against.unwrap().value + 0.1).abs() < 1e-9);
    let names: Vec<_> = comparison.charts[0].series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "C"]);
}

#[test]
fn a_sweep_is_drawn_over_what_it_varies() {
    let comparison = of(vec![convoy("A", 1.0), convoy("B", 1.1)]);
    let chart = &comparison.charts[0];
    assert_eq!(chart.x.label, "switch-interval");
    assert_eq!(chart.series.iter().map(|series| series.marks.len()).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn points_of_a_python_have_other_sizes_and_the_same_order() {
    let sized = |name: &str, kind: HostKind, sweep: &str| {
        let Named { name, mut report } = convoy(name, 1.0);
        report.host.kind = kind;
        report.experiment.set("sweep", sweep).unwrap();
        Named { name, report }
    };
    let native = || sized("A", HostKind::Native, "size=2000 background=1; size=20000 background=1");
    let python = sized("B", HostKind::Cpython, "size=200 background=1; size=2000 background=1");
    let comparison = of(vec![native(), python]);
    assert_eq!(comparison.charts[0].series.iter().map(|series| series.marks.len()).collect::<Vec<_>>(), [2, 2]);
    let note = "B had tasks of other sizes than A at the same points. Compare ratios, not times.";
    assert!(comparison.notes.contains(&note.into()), "{:?}", comparison.notes);
    // Sizes of a reader's own are what they are.
    let other = sized("B", HostKind::Native, "size=20000 background=1; size=200000 background=1");
    let comparison = of(vec![native(), other]);
    assert_eq!(comparison.charts[0].series.iter().map(|series| series.marks.len()).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn other_machines_and_missing_runs_are_told() {
    let mut other = race("B", 0.98, 190.0);
    other.report.host.logical_cores = 8;
    other.report.runs.pop();
    let notes = of(vec![race("A", 0.97, 196.0), other]).notes;
    assert!(notes[0].starts_with("The machines differ: ") && notes[0].ends_with("Compare ratios, not times."));
    assert_eq!(notes[1], "A run of A has no counterpart in B.");
}

#[test]
fn of_three_reports_a_note_says_which_two_it_is_about() {
    let mut second = race("B", 0.98, 190.0);
    let lost = second.report.runs.pop().unwrap();
    let notes = of(vec![race("A", 0.97, 196.0), second, race("C", 0.97, 196.0)]).notes;
    assert_eq!(notes, ["A run of A has no counterpart in B."], "C has {lost:?}");
}

#[test]
fn whether_a_run_can_be_compared_is_foreseen() {
    let saved = race("A", 1.0, 1.0);
    let error = |experiment: &Experiment| foresee(&saved, "this run", experiment).map_err(|error| error.to_string());
    let same = saved.report.experiment.clone();
    assert_eq!(error(&same), Ok(()));
    let hashing = Experiment { workload: "sha256".into(), ..same.clone() };
    let told =
        "A has no run in common with this run: it ran sum-of-squares, not sha256; give reports of the same experiment";
    assert_eq!(error(&hashing).unwrap_err(), told);
    let wide = Experiment { models: vec![Model::Threads], workers: vec![64], ..same };
    assert!(error(&wide).unwrap_err().contains("they have other points, models or numbers of workers"));
}

#[test]
fn reports_that_cannot_be_compared_say_why() {
    let error = |reports| compare(reports).unwrap_err().to_string();
    let [a, b] = [race("A", 1.0, 1.0), race("B", 1.0, 1.0)];
    assert_eq!(error(vec![a.clone()]), "there is nothing to compare with: give two reports or more");
    let mut hashing = b.clone();
    hashing.report.experiment.workload = "sha256".into();
    let apart = "B has no run in common with A: it ran sha256, not sum-of-squares; give reports of the same experiment";
    assert_eq!(error(vec![a.clone(), hashing]), apart);
    let mut empty = b;
    empty.report.runs.clear();
    assert!(error(vec![a, empty]).starts_with("B has no runs"));
}

#[test]
fn two_files_of_one_name_are_told_apart() {
    let comparison = of(vec![race("A", 1.0, 1.0), race("A", 1.0, 1.0), race("A", 1.0, 1.0)]);
    let names: Vec<_> = comparison.reports.iter().map(|report| report.name.as_str()).collect();
    assert_eq!(names, ["A", "A (2)", "A (3)"]);
}
