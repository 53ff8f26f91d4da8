use super::*;
use crate::chart::Position;
use crate::experiment::{Dispatch, Experiment};
use crate::lock::Policy;
use crate::report::{HostKind, LockFigures, Run, Warning, WarningCode};
use crate::stats::{Percentiles, Summary};
use crate::trace::turns::Next;

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
        next: None,
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
fn figures_exactly_a_tolerance_apart_agree() {
    for (first, other) in [(0.90, 0.95), (1.90, 1.95), (0.95, 0.90)] {
        let sentence = of(vec![race("A", first, 196.0), race("B", other, 196.0)]).sentences.remove(0);
        assert_eq!(sentence.agreement, Agreement::Agree, "{}", sentence.text);
    }
}

#[test]
fn a_difference_is_sure_where_all_of_its_interval_is_on_one_side() {
    let beside = |samples: &[f64]| {
        let mut other = race("B", 1.0, 190.0);
        other.report.runs[0].speedup = Summary::of(samples.to_vec());
        let sentence = of(vec![race("A", 1.0, 196.0), other]).sentences.remove(0);
        assert_eq!(sentence.agreement, Agreement::Differ, "{}", sentence.text);
        (sentence.sure, sentence.text.ends_with("more rounds may bring them together."))
    };
    assert_eq!(beside(&[0.5, 0.5, 0.5]), (true, false), "slower");
    assert_eq!(beside(&[1.5, 1.5, 1.5]), (true, false), "faster");
    assert_eq!(beside(&[1.0, 1.5, 1.5]), (false, true), "perhaps the same");
    assert_eq!(beside(&[0.5, 0.5, 1.0]), (false, true), "perhaps the same");
    assert_eq!(beside(&[0.5, 1.5, 1.5]), (false, true), "slower or faster");
}

#[test]
fn who_gets_the_lock_next_is_judged_within_ten_points() {
    let handed = |name: &str, longest: u64, latest: u64| {
        let mut named = race(name, 0.97, 196.0);
        let lock = named.report.runs[0].lock.as_mut().unwrap();
        lock.next = Some(Next { longest, latest, others: 10_000 - longest - latest });
        named
    };
    let judged = |other: Named| {
        let sentences = of(vec![handed("A", 2_000, 5_000), other]).sentences;
        sentences[2..]
            .iter()
            .map(|sentence| (sentence.text.clone(), sentence.agreement, sentence.sure))
            .collect::<Vec<_>>()
    };
    let near = judged(handed("B", 2_500, 4_500));
    assert!(near.iter().all(|(_, agreement, sure)| *agreement == Agreement::Agree && *sure), "{near:?}");
    assert!(
        near[0]
            .0
            .starts_with("the lock goes to the one who waited longest (2 workers): 20 % in A and 25 % in B (+5 points"),
        "{}",
        near[0].0
    );
    let far = judged(handed("B", 2_000, 7_000));
    assert_eq!([(far[0].1, far[0].2), (far[1].1, far[1].2)], [(Agreement::Agree, true), (Agreement::Differ, true)]);
    assert_eq!(judged(race("B", 0.97, 196.0)), [], "an earlier version did not count them");
    assert_eq!(judged(handed("B", 0, 0)).len(), 2);
}

#[test]
fn half_of_the_requests_are_held_to_more_than_the_slowest_tenth() {
    let sentences = of(vec![convoy("A", 1.0), convoy("B", 1.4)]).sentences;
    let found: Vec<_> = sentences.iter().map(|sentence| (sentence.quantity, sentence.agreement)).collect();
    let differ_and_agree = [(Quantity::TaskP50, Agreement::Differ), (Quantity::TaskP90, Agreement::Agree)];
    assert_eq!(found[..1], differ_and_agree[..1]);
    assert!(found.contains(&differ_and_agree[1]), "{found:?}");
}

#[test]
fn a_convoy_is_judged_by_its_latency_at_every_switch_interval() {
    let same = of(vec![convoy("A", 1.0), convoy("B", 1.1)]);
    // 100 requests bound their 99 % by nothing.
    assert_eq!(same.sentences.len(), 4, "{:?}", same.sentences);
    assert!(same.sentences.iter().all(|sentence| sentence.agreement == Agreement::Agree));
    assert!(same.sentences[1].text.contains("(2 workers, background 1, switch-interval 50)"));
    let starts = |i: usize, with: &str| assert!(same.sentences[i].text.starts_with(with), "{:?}", same.sentences[i]);
    starts(0, "convoy latency, 50 % of the requests (");
    starts(2, "convoy latency, 90 % of the requests (");
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
fn what_was_not_asked_the_same_is_not_judged() {
    let changes: [fn(&mut Experiment); 3] = [
        |experiment| experiment.lock_policy = Policy::Ticks,
        |experiment| experiment.dispatch = Dispatch::Warm,
        |experiment| experiment.background = 1,
    ];
    for change in changes {
        let mut other = race("B", 0.98, 190.0);
        change(&mut other.report.experiment);
        assert_eq!(of(vec![race("A", 0.97, 196.0), other]).sentences, []);
    }
}

#[test]
fn one_thread_alone_is_not_judged_by_its_speed() {
    let alone = |name| {
        let mut named = race(name, 1.0, 190.0);
        named.report.runs[0].workers = 1;
        named
    };
    let judged: Vec<_> = of(vec![alone("A"), alone("B")]).sentences.iter().map(|sentence| sentence.quantity).collect();
    assert_eq!(judged, [Quantity::ForcedSwitches]);
}

#[test]
fn latency_is_judged_beside_threads_that_compute_for_requests_of_one_size_in_both() {
    let with = |name, background: u32, size| {
        let mut named = convoy(name, 1.0);
        named.report.experiment.sweep.clear();
        named.report.experiment.background = background;
        named.report.experiment.size = size;
        named.report.runs.truncate(1);
        named.report.runs[0].point = None;
        named
    };
    let judged = |reports| of(reports).sentences.len();
    assert_eq!(judged(vec![with("A", 1, 100), with("B", 1, 100)]), 2);
    assert_eq!(judged(vec![with("A", 0, 100), with("B", 0, 100)]), 0, "nobody holds them up");
    assert_eq!(judged(vec![with("A", 1, 100), with("B", 1, 200)]), 0, "a request waits for as long as its size says");
    let mut few = with("B", 1, 100);
    few.report.runs[0].task_s = Percentiles::of(&[0.005, 0.005, 0.005]);
    assert_eq!(judged(vec![with("A", 1, 100), few]), 0, "no interval bounds it");
}

#[test]
fn a_quantity_that_one_report_has_is_in_no_table_and_no_chart() {
    let mut known = race("A", 1.0, 200.0);
    known.report.runs[0].memory_bytes = Summary::of(vec![1e6]);
    let comparison = of(vec![known.clone(), race("B", 1.0, 200.0)]);
    assert!(comparison.tables.iter().all(|table| table.quantity != Quantity::Memory));
    assert!(comparison.charts.iter().all(|chart| chart.title != "Memory of a worker"));
    let both = of(vec![known.clone(), known]);
    let table = both.tables.iter().find(|table| table.quantity == Quantity::Memory).unwrap();
    assert_eq!((table.rows.len(), table.rows[0].model), (1, Model::Threads));
    assert!(both.charts.iter().any(|chart| chart.title == "Memory of a worker"));
}

#[test]
fn efficiency_is_as_sure_as_the_speedup_that_it_is_made_of() {
    let mut named = race("A", 1.0, 200.0);
    named.report.runs[0].speedup = Some(Summary { ci95: Some([1.0, 4.0]), ..Summary::of(vec![2.0; 3]).unwrap() });
    named.report.runs[0].efficiency = Some(0.5);
    let of_run = |run: &Run| Quantity::Efficiency.of(run).unwrap();
    assert_eq!(of_run(&named.report.runs[0]), Estimate { value: 0.5, ci95: Some([0.25, 1.0]) });
    named.report.runs[0].speedup = Summary::of(vec![0.0; 3]);
    assert_eq!(of_run(&named.report.runs[0]), Estimate { value: 0.5, ci95: None });
}

#[test]
fn switches_of_earlier_reports_are_those_of_all_rounds_by_their_time() {
    let mut run = race("A", 1.0, 200.0).report.runs.remove(0);
    run.elapsed_s = Summary::of(vec![1.0, 2.0]).unwrap();
    let lock = run.lock.as_mut().unwrap();
    (lock.forced_switches, lock.forced_switches_per_s) = (6, None);
    assert_eq!(Quantity::ForcedSwitches.of(&run), Some(Estimate { value: 2.0, ci95: None }));
    run.elapsed_s = Summary::of(vec![0.0]).unwrap();
    assert_eq!(Quantity::ForcedSwitches.of(&run), None, "in no time");
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
fn a_line_shows_the_most_workers_and_needs_a_logarithmic_axis_for_figures_far_apart() {
    let wide = |name, elapsed_s: [f64; 2]| {
        let mut named = convoy(name, 1.0);
        let runs = &mut named.report.runs;
        runs.extend(runs.clone());
        for (i, run) in runs.iter_mut().enumerate() {
            let workers = if i < 2 { 4 } else { 2 };
            (run.workers, run.elapsed_s) = (workers, Summary::of(vec![elapsed_s[i % 2] * f64::from(workers)]).unwrap());
        }
        named
    };
    let elapsed = |other: [f64; 2]| {
        let charts = of(vec![wide("A", [1.0, 2.0]), wide("B", other)]).charts;
        charts.into_iter().find(|chart| chart.title == "Elapsed time, at background 1").unwrap()
    };
    let near = elapsed([3.0, 4.0]);
    let drawn: Vec<Vec<_>> =
        near.series.iter().map(|series| series.marks.iter().map(|mark| (mark.x.clone(), mark.y)).collect()).collect();
    let at = |short, long| vec![(Position::Number(0.005), short), (Position::Number(0.05), long)];
    assert_eq!(drawn, [at(4.0, 8.0), at(12.0, 16.0)], "4 workers");
    // From 2 s, which 2 workers take.
    assert_eq!([elapsed([3.0, 25.0]), elapsed([3.0, 25.1])].map(|chart| chart.y.log), [false, true]);
    assert!(!elapsed([0.0, 25.1]).y.log, "0 has no place there");
}

#[test]
fn bars_are_named_by_their_run_and_begin_at_0() {
    let [mut a, b] = [race("A", 1.0, 200.0), race("B", 1.0, 200.0)];
    a.report.runs[0].elapsed_s = Summary::of(vec![100.0]).unwrap();
    let charts = of(vec![a, b]).charts;
    let chart = charts.iter().find(|chart| chart.title == "Elapsed time").unwrap();
    let names: Vec<_> = chart.series[0].marks.iter().map(|mark| mark.x.clone()).collect();
    assert_eq!(names, ["threads, 2", "processes, 2"].map(Position::from));
    assert!(!chart.y.log);
    let titles: Vec<_> = charts.iter().map(|chart| chart.title.as_str()).collect();
    assert_eq!(titles, ["Speed-up over serial", "Forced switches a second", "Elapsed time", "Start-up of a worker"]);
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
fn machines_differ_by_what_both_can_tell_of_them() {
    let on = |name, kind, os: &str, cpu: Option<&str>| {
        let mut named = race(name, 0.97, 196.0);
        (named.report.host.kind, named.report.host.os) = (kind, os.into());
        named.report.host.machine.cpu = cpu.map(Into::into);
        named
    };
    let notes = |other| of(vec![on("A", HostKind::Native, "linux", Some("X")), other]).notes;
    assert_eq!(notes(on("B", HostKind::Native, "linux", Some("X"))), [] as [&str; 0]);
    let told = "The machines differ: X, linux, 2 logical cores in A, Y, linux, 2 logical cores in B. \
                Compare ratios, not times.";
    assert_eq!(notes(on("B", HostKind::Native, "linux", Some("Y"))), [told]);
    let told = told.replace("Y, linux", "macos");
    assert_eq!(notes(on("B", HostKind::Native, "macos", None)), [told]);
    let browser = on("B", HostKind::Browser, "Linux x86_64", None);
    assert_eq!(notes(browser), [] as [&str; 0], "a browser has other names, and knows no processor");
}

#[test]
fn what_disturbed_a_run_is_told_and_what_did_not_is_not() {
    let mut named = race("A", 0.97, 196.0);
    let warning = |code, text: &str| Warning { code, text: text.into() };
    named.report.warnings =
        vec![warning(WarningCode::Outliers, "one is far off"), warning(WarningCode::BusyMachine, "others computed")];
    assert_eq!(of(vec![named, race("B", 0.97, 196.0)]).notes, ["A: others computed"]);
}

#[test]
fn runs_without_a_counterpart_are_counted() {
    let mut fewer = race("B", 0.98, 190.0);
    let mut more = race("A", 0.97, 196.0);
    more.report.runs.extend_from_within(1..);
    more.report.runs[2].workers = 4;
    fewer.report.runs.pop();
    assert_eq!(of(vec![more, fewer]).notes, ["2 runs of A have no counterpart in B."]);
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
fn runs_of_a_sweep_are_foreseen_point_by_point() {
    let saved = convoy("A", 1.0);
    let fits = |sweep: &str| {
        let mut experiment =
            Experiment { models: vec![Model::Threads], workers: vec![2], ..saved.report.experiment.clone() };
        experiment.set("sweep", sweep).unwrap();
        foresee(&saved, "this run", &experiment)
    };
    assert_eq!(fits("background=1 switch-interval=5; background=1 switch-interval=500"), Ok(()));
    let told = fits("background=2 switch-interval=5; background=2 switch-interval=50").unwrap_err().to_string();
    assert!(told.contains("they have other points, models or numbers of workers"), "{told}");
    // A Python will run the same points with other sizes.
    assert_eq!(fits("background=1 switch-interval=5 size=7; background=1 switch-interval=50 size=7"), Ok(()));
    let told = fits("").unwrap_err().to_string();
    assert!(told.contains("one of them has a sweep, the other has none"), "{told}");
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
