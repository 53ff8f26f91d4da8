//! The invariants of a trace, checked on any report that carries one, whichever host it came from.
//!
//! Every function gives what it found wrong, in words; nothing is what it should find.

use std::collections::BTreeSet;

use gilscope::experiment::Model;
use gilscope::report::{Report, Run, WorkerFigures};
use gilscope::trace::{RunTrace, Span, State, Track};

/// What adding up and converting a few thousand times may lose, in microseconds.
const ROUNDING_US: f64 = 1.0;

/// Everything below, for every run of `report`.
///
/// # Panics
/// With all that is wrong.
pub fn hold(report: &Report) {
    let wrong = violations(report);
    assert!(wrong.is_empty(), "{:?}, {}:\n{}", report.host.kind, report.host.engine, wrong.join("\n"));
}

pub fn violations(report: &Report) -> Vec<String> {
    let Some(traces) = &report.trace else { return vec!["the report has no trace".into()] };
    let mut wrong = Vec::new();
    if traces.len() != report.runs.len() {
        wrong.push(format!("{} traces of {} runs", traces.len(), report.runs.len()));
    }
    for (trace, run) in traces.iter().zip(&report.runs) {
        let found = [
            turns(trace),
            lives(trace, report.experiment_of(run).background),
            times(trace, run),
            rest(trace),
            tasks_started(trace, report.experiment_of(run).tasks),
            tasks_counted(trace, run, report.experiment_of(run).tasks),
        ];
        let named = |text| format!("{} with {} workers: {text}", trace.model, trace.workers);
        wrong.extend(found.into_iter().flatten().map(named));
    }
    let points: BTreeSet<_> = report.runs.iter().map(|run| run.point).collect();
    for point in points {
        let runs = report.runs.iter().filter(|run| run.point == point).cloned().collect();
        wrong.extend(answers([&Report { runs, trace: None, ..report.clone() }]));
    }
    wrong
}

/// 1. In `threads`, at no instant is more than one worker running, outside kernels that drop the lock.
fn turns(trace: &RunTrace) -> Vec<String> {
    if trace.model != Model::Threads {
        return Vec::new();
    }
    let running = |track: &Track| {
        let spans = track.spans.iter().filter(|span| span.state == State::Running && !span.unlocked);
        spans.map(|span| (span.start_us, span.end_us, track.worker)).collect::<Vec<_>>()
    };
    let mut spans: Vec<_> = trace.tracks.iter().flat_map(running).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let both = spans.windows(2).filter(|pair| pair[1].0 < pair[0].1);
    both.map(|pair| format!("worker {} ran from {} us and {} until {} us", pair[1].2, pair[1].0, pair[0].2, pair[0].1))
        .collect()
}

/// 2. A worker's spans touch, never overlap, and add up to its life. `background` workers may be beside.
fn lives(trace: &RunTrace, background: u32) -> Vec<String> {
    let mut wrong = Vec::new();
    let beside = if matches!(trace.model, Model::Threads | Model::Processes) { background } else { 0 };
    if trace.tracks.len() != (trace.workers + beside) as usize {
        wrong.push(format!("{} tracks of {} workers and {beside} beside", trace.tracks.len(), trace.workers));
    }
    for track in &trace.tracks {
        let mut say = |text: String| wrong.push(format!("worker {}: {text}", track.worker));
        let (Some(first), Some(last)) = (track.spans.first(), track.spans.last()) else {
            say("has no spans".into());
            continue;
        };
        if first.state != State::Starting && track.dropped_spans == 0 {
            say(format!("its life begins {}", first.state.name()));
        }
        for span in track.spans.iter().filter(|span| span.end_us <= span.start_us) {
            say(format!("is {} from {} to {} us", span.state.name(), span.start_us, span.end_us));
        }
        let nexts = track.spans.iter().skip(1).map(|next| Some(next.state)).chain([None]);
        for (dead, next) in track.spans.iter().zip(nexts).filter(|(span, _)| span.state == State::Dead) {
            if next != Some(State::Starting) {
                say(format!("is dead from {} us on, and then {next:?}", dead.start_us));
            }
        }
        for pair in track.spans.windows(2).filter(|pair| pair[0].end_us != pair[1].start_us) {
            say(format!("a span ends at {} us, the next begins at {} us", pair[0].end_us, pair[1].start_us));
        }
        let (life_us, lived_us) = (last.end_us - first.start_us, track.spans.iter().map(length_us).sum::<f64>());
        if (life_us - lived_us).abs() > ROUNDING_US {
            say(format!("lived {life_us} us, its spans add up to {lived_us} us"));
        }
    }
    wrong
}

/// 2. In the report's sums too: a worker's states add up to the elapsed times, and are those of its spans.
fn times(trace: &RunTrace, run: &Run) -> Vec<String> {
    let mut wrong = Vec::new();
    let measured_us: f64 = trace.samples.iter().map(|window| window.end_us - window.start_us).sum();
    let elapsed_us = run.elapsed_s.samples.iter().sum::<f64>() * 1e6;
    if trace.samples.len() != run.elapsed_s.samples.len() || (measured_us - elapsed_us).abs() > ROUNDING_US {
        wrong.push(format!("the trace's samples last {measured_us} us, the report's {elapsed_us} us"));
    }
    if run.per_worker.len() != trace.tracks.len() {
        wrong.push(format!("figures of {} workers, tracks of {}", run.per_worker.len(), trace.tracks.len()));
    }
    for (worker, track) in run.per_worker.iter().zip(&trace.tracks) {
        let sum_us: f64 = figures(worker).iter().map(|(_, seconds)| seconds * 1e6).sum();
        if (sum_us - elapsed_us).abs() > ROUNDING_US && track.dropped_spans == 0 {
            wrong.push(format!("worker {}: its states add up to {sum_us} us of {elapsed_us} us", worker.id));
        }
        let unlocked_us: f64 = within(track, trace).filter(|(span, _)| span.unlocked).map(|(_, us)| us).sum();
        if (unlocked_us - worker.unlocked_s * 1e6).abs() > ROUNDING_US {
            let figure = worker.unlocked_s;
            wrong.push(format!("worker {}: {figure} s without the lock, its spans say {unlocked_us} us", worker.id));
        }
        for (state, seconds) in figures(worker) {
            // The dead are so until a fresh one is ready in their place.
            let is_in = |of: State| of == state || (state, of) == (State::Dead, State::Starting);
            let in_state_us: f64 = within(track, trace).filter(|(span, _)| is_in(span.state)).map(|(_, us)| us).sum();
            if (in_state_us - seconds * 1e6).abs() > ROUNDING_US {
                let name = state.name();
                wrong.push(format!("worker {}: {name} {seconds} s, its spans say {in_state_us} us", worker.id));
            }
        }
    }
    wrong
}

/// 3. A worker that waits, or has nothing to do, does no work; one that computed a task has done some.
fn rest(trace: &RunTrace) -> Vec<String> {
    let mut wrong = Vec::new();
    for track in &trace.tracks {
        let resting = track.spans.iter().filter(|span| matches!(span.state, State::Waiting | State::Idle));
        for span in resting.filter(|span| span.work > 0) {
            let (name, at_us) = (span.state.name(), span.start_us);
            wrong.push(format!("worker {}: {} quanta while {name} at {at_us} us", track.worker, span.work));
        }
        let worked = |state| track.spans.iter().filter(|span| span.state == state).map(|span| span.work).sum::<u64>();
        // A task that mostly waits may compute for less than the clock can tell.
        let ran = track.spans.iter().any(|span| span.task.is_some() && span.state == State::Running);
        // What one had counted who died is gone with it.
        let died = track.spans.iter().any(|span| span.state == State::Dead);
        if ran && !died && worked(State::Running) == 0 {
            wrong.push(format!("worker {}: had tasks and did no work while running", track.worker));
        }
    }
    wrong
}

/// 4. Every task is started in each measured sample: it runs, or is blocked before the clock has moved on.
fn tasks_started(trace: &RunTrace, tasks: u32) -> Vec<String> {
    if trace.tracks.iter().any(|track| track.dropped_spans > 0) {
        return vec!["spans were dropped, so nobody can tell which tasks were started".into()];
    }
    let mut wrong = Vec::new();
    for (sample, window) in trace.samples.iter().enumerate() {
        // Edges count: a clock of whole milliseconds puts the last wait where the sample ends.
        let inside = |span: &&Span| span.start_us <= window.end_us && span.end_us >= window.start_us;
        let spans = || trace.tracks.iter().flat_map(|track| track.spans.iter().filter(inside));
        let ran =
            |task| spans().any(|span| span.task == Some(task) && matches!(span.state, State::Running | State::Blocked));
        let missing = (0..tasks).filter(|&task| !ran(task));
        wrong.extend(missing.map(|task| format!("task {task} never ran in sample {sample}")));
        let unknown = spans().filter_map(|span| span.task).filter(|&task| task >= tasks);
        wrong.extend(unknown.map(|task| format!("there is no task {task}")));
    }
    wrong
}

/// 4. Every task is counted exactly once in each measured sample.
fn tasks_counted(trace: &RunTrace, run: &Run, tasks: u32) -> Vec<String> {
    let expected = u64::from(tasks) * trace.samples.len() as u64;
    let counted: u64 = run.per_worker.iter().map(|worker| u64::from(worker.tasks)).sum();
    if counted == expected { Vec::new() } else { vec![format!("{counted} tasks counted of {expected}")] }
}

/// 5. All models, and all these reports of one experiment, give the same answer.
pub fn answers<'a>(reports: impl IntoIterator<Item = &'a Report>) -> Vec<String> {
    let mut answers = reports.into_iter().flat_map(|report| report.runs.iter().map(move |run| (report, run)));
    let Some((_, first)) = answers.next() else { return vec!["nothing ran".into()] };
    let other = answers.filter(|(_, run)| run.answer != first.answer);
    other
        .map(|(report, run)| {
            let (kind, engine) = (report.host.kind, &report.host.engine);
            format!("{} on {kind:?} ({engine}) answers {}, not {}", run.model, run.answer, first.answer)
        })
        .collect()
}

/// A worker's times within the measured samples, in seconds, by state.
fn figures(worker: &WorkerFigures) -> [(State, f64); 7] {
    [
        (State::Running, worker.running_s),
        (State::Waiting, worker.waiting_s),
        (State::Blocked, worker.blocked_s),
        (State::Sending, worker.sending_s),
        (State::Receiving, worker.receiving_s),
        (State::Idle, worker.idle_s),
        (State::Dead, worker.dead_s),
    ]
}

/// The spans that reach into measured samples, with how long they do.
fn within<'a>(track: &'a Track, trace: &'a RunTrace) -> impl Iterator<Item = (&'a Span, f64)> {
    track.spans.iter().flat_map(|span| {
        let overlap_us = trace
            .samples
            .iter()
            .map(move |window| (span.end_us.min(window.end_us) - span.start_us.max(window.start_us)).max(0.0));
        overlap_us.filter(|us| *us > 0.0).map(move |us| (span, us))
    })
}

fn length_us(span: &Span) -> f64 {
    span.end_us - span.start_us
}
