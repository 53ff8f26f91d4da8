//! What holds of a host, shown on the native one; no browser is needed.

#[cfg(target_os = "linux")]
mod deaths;

use gilscope::experiment::{Experiment, Library, Model};
use gilscope::report::{HostKind, Report};
use gilscope::trace::{State, Window};
use gilscope::workload;

use gilscope_tests::invariants;
use gilscope_tests::reports::{closed_form, native, small};

#[test]
fn every_workload_holds_the_invariants() {
    for workload in workload::ALL {
        let experiment = small(workload.id);
        let report = native(&experiment);
        assert_eq!(report.host.kind, HostKind::Native);
        assert_eq!(report.experiment, experiment);
        let runs = |model: &Model| if model.is_alone() { 1 } else { experiment.workers.len() };
        assert_eq!(report.runs.len(), experiment.models.iter().map(runs).sum::<usize>());
        invariants::hold(&report);
    }
}

#[test]
fn the_sum_of_squares_is_its_closed_form() {
    let experiment = small("sum-of-squares");
    let report = native(&experiment);
    assert!(report.runs.iter().all(|run| run.answer == closed_form(&experiment)), "{:?}", report.runs);
}

#[test]
fn answers_depend_on_neither_workers_nor_chunks() {
    // Tasks that meet have as many workers as they are.
    for workload in workload::ALL.iter().filter(|workload| workload.meeting.is_none()) {
        let size = match workload.id {
            "mandelbrot" | "image-resize" => 64,
            "matrix-multiply" => 12,
            "matrix-kernel" => 40,
            "io-wait" | "io-mixed" => 1_000,
            _ => 40_000,
        };
        let variant = |(workers, chunk)| {
            [("workers", workers), ("chunk", chunk)]
                .map(|(name, value): (&str, u32)| (name.into(), value.to_string()))
                .into()
        };
        let sweep = [(1, 1), (3, 3), (8, 100), (5, 10)].map(variant).into();
        let report = native(&Experiment { size, tasks: 10, runs: 1, trace: false, sweep, ..small(workload.id) });
        assert_eq!(report.runs.len(), 4 * report.experiment.models.len(), "{}: {:?}", workload.id, report.warnings);
        assert_eq!(invariants::answers([&report]), Vec::<String>::new(), "{}", workload.id);
    }
}

#[test]
fn more_workers_than_tasks_all_live_and_the_tasks_count_once() {
    let report = native(&Experiment { tasks: 3, workers: vec![16], ..small("sum-of-squares") });
    invariants::hold(&report);
}

#[test]
fn no_model_runs_by_a_library_of_python() {
    let report = native(&Experiment { library: Library::Futures, trace: false, ..small("sum-of-squares") });
    assert!(report.runs.is_empty());
    let said = |model: &Model| {
        let text =
            format!("{model} did not run: library futures is of Python; use gilscope python or library standard");
        report.warnings.iter().any(|warning| warning.text == text)
    };
    assert!(report.experiment.models.iter().all(said), "{:?}", report.warnings);
}

#[test]
fn under_the_lock_two_workers_take_turns() {
    let one = Experiment { size: 20_000_000, tasks: 2, workers: vec![2], runs: 1, ..small("sum-of-squares") };
    let report = native(&Experiment { models: vec![Model::Threads], switch_interval_s: 0.001, ..one });
    invariants::hold(&report);
    let run = &report.runs[0];
    assert!(run.lock.as_ref().is_some_and(|lock| lock.forced_switches > 0), "{:?}", run.lock);
    assert!(run.per_worker.iter().all(|worker| worker.waiting_s > 0.0 && worker.tasks == 1), "{:?}", run.per_worker);
}

/// A report that holds every invariant, to be broken.
fn sound() -> Report {
    let report = native(&Experiment { workers: vec![2], ..small("sum-of-squares") });
    invariants::hold(&report);
    report
}

/// Break the trace of `threads`.
fn broken(sound: &Report, how: impl FnOnce(&mut gilscope::trace::RunTrace)) -> Vec<String> {
    let mut report = sound.clone();
    let traces = report.trace.as_mut().expect("a trace");
    how(traces.iter_mut().find(|trace| trace.model == Model::Threads).expect("threads"));
    invariants::violations(&report)
}

#[test]
fn the_checker_complains_of_every_broken_invariant() {
    let sound = sound();
    let says = |wrong: Vec<String>, what: &str| {
        assert!(wrong.iter().any(|text| text.contains(what)), "{what}: {wrong:?}");
    };
    let two_at_once = broken(&sound, |trace| {
        let spans = trace.tracks[0].spans.clone();
        trace.tracks[1].spans = spans;
    });
    says(two_at_once, "ran from");
    says(broken(&sound, |trace| trace.tracks[0].spans[1].start_us += 5.0), "the next begins");
    says(broken(&sound, |trace| _ = trace.tracks[0].spans.remove(2)), "the next begins");
    says(broken(&sound, |trace| _ = trace.tracks.pop()), "1 tracks of 2 workers");
    let working_waiter = broken(&sound, |trace| {
        let mut spans = trace.tracks.iter_mut().flat_map(|track| &mut track.spans);
        spans.find(|span| span.state == State::Waiting).expect("a waiter").work = 1;
    });
    says(working_waiter, "quanta while waiting");
    let never_started = broken(&sound, |trace| {
        let spans = trace.tracks.iter_mut().flat_map(|track| &mut track.spans);
        spans.filter(|span| span.task == Some(3)).for_each(|span| span.task = None);
    });
    says(never_started, "task 3 never ran in sample 1");
    let shorter = |trace: &mut gilscope::trace::RunTrace| {
        let Window { start_us, end_us } = trace.samples[0];
        trace.samples[0].end_us = f64::midpoint(start_us, end_us);
    };
    says(broken(&sound, shorter), "the trace's samples last");

    let mut counted_twice = sound.clone();
    counted_twice.runs[1].per_worker[0].tasks += 1;
    says(invariants::violations(&counted_twice), "tasks counted of");
    let mut longer = sound.clone();
    longer.runs[1].per_worker[0].running_s += 0.001;
    says(invariants::violations(&longer), "its states add up to");
    let mut kernels = sound.clone();
    kernels.runs[1].per_worker[0].unlocked_s += 0.001;
    says(invariants::violations(&kernels), "s without the lock");
    let mut other_answer = sound.clone();
    other_answer.runs[2].answer.push('0');
    says(invariants::violations(&other_answer), "answers");
    says(invariants::violations(&Report { trace: None, ..sound }), "no trace");
}
