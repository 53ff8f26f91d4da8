//! A trace as Trace Event JSON, which ui.perfetto.dev and `chrome://tracing` open: one process a run,
//! one track a worker, one track for the lock.
//!
//! Format: "Trace Event Format", complete (`X`) and metadata (`M`) events, times in microseconds.

use serde_json::{Value, json};

use super::{RunTrace, Span, State};
use crate::experiment::Model;

/// The track of the lock comes before those of the workers. Not 0, which Perfetto takes for the system's idle thread.
const LOCK_TRACK: u32 = 1;

/// The whole document.
pub fn export(runs: &[RunTrace]) -> Value {
    let events: Vec<Value> = runs.iter().zip(1u32..).flat_map(|(run, process)| run_events(run, process)).collect();
    json!({ "traceEvents": events, "displayTimeUnit": "ms" })
}

fn run_events(run: &RunTrace, process: u32) -> Vec<Value> {
    let workers = if run.workers == 1 { "worker" } else { "workers" };
    let point = run.point.map(|point| format!(", point {}", point + 1)).unwrap_or_default();
    let title = format!("{}, {} {workers}{point}", run.model, run.workers);
    let mut events = vec![json!({"ph": "M", "name": "process_name", "pid": process, "args": {"name": title}})];
    if run.model == Model::Threads {
        events.push(name_track(process, LOCK_TRACK, "lock"));
        for track in &run.tracks {
            let held = track.spans.iter().filter(|span| span.state == State::Running && !span.unlocked);
            events
                .extend(held.map(|span| event(process, LOCK_TRACK, &format!("held by worker {}", track.worker), span)));
        }
    }
    for track in &run.tracks {
        let id = LOCK_TRACK + 1 + track.worker;
        events.push(name_track(process, id, &format!("worker {}", track.worker)));
        events.extend(track.spans.iter().map(|span| event(process, id, span.state.name(), span)));
    }
    events
}

fn name_track(process: u32, track: u32, name: &str) -> Value {
    json!({"ph": "M", "name": "thread_name", "pid": process, "tid": track, "args": {"name": name}})
}

fn event(process: u32, track: u32, name: &str, span: &Span) -> Value {
    json!({
        "ph": "X", "name": name, "pid": process, "tid": track, "ts": span.start_us, "dur": span.end_us - span.start_us,
        "args": {"task": span.task, "quanta": span.work},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Track;

    fn running(worker: u32, start_us: f64, unlocked: bool) -> Track {
        let span = Span { state: State::Running, start_us, end_us: start_us + 3.0, task: Some(2), work: 9, unlocked };
        Track { worker, spans: vec![span], dropped_spans: 0 }
    }

    fn exported(runs: &[RunTrace]) -> Vec<Value> {
        export(runs)["traceEvents"].as_array().unwrap().clone()
    }

    #[test]
    fn each_worker_and_the_lock_have_a_track() {
        let tracks = vec![running(0, 1.0, false)];
        let events = exported(&[RunTrace { point: None, model: Model::Threads, workers: 1, samples: vec![], tracks }]);
        let tracks: Vec<_> = events.iter().filter(|e| e["name"] == "thread_name").map(|e| &e["args"]["name"]).collect();
        assert_eq!(tracks, ["lock", "worker 0"]);
        let complete: Vec<_> = events.iter().filter(|e| e["ph"] == "X").collect();
        assert_eq!(complete.len(), 2);
        assert_eq!(complete[1]["dur"], 3.0);
    }

    #[test]
    fn every_pool_is_a_process_of_its_own_with_a_lock_where_it_has_one() {
        let run = |point, model, tracks| RunTrace { point, model, workers: 2, samples: vec![], tracks };
        let turns = || vec![running(0, 0.0, false), running(1, 3.0, false), running(2, 6.0, true)];
        let events = exported(&[
            run(Some(0), Model::Threads, turns()),
            run(Some(1), Model::Threads, turns()),
            run(None, Model::Processes, turns()),
        ]);
        let named = |kind: &str| -> Vec<Value> {
            events.iter().filter(|e| e["name"] == kind).map(|e| e["args"]["name"].clone()).collect()
        };
        let titles = ["threads, 2 workers, point 1", "threads, 2 workers, point 2", "processes, 2 workers"];
        assert_eq!(named("process_name"), titles);
        assert_eq!(named("thread_name").iter().filter(|name| *name == "lock").count(), 2);
        let mut tracks: Vec<_> =
            events.iter().filter(|e| e["name"] == "thread_name").map(|e| (&e["pid"], &e["tid"])).collect();
        assert_eq!(tracks.len(), 4 + 4 + 3);
        tracks.dedup();
        assert_eq!(tracks.len(), 4 + 4 + 3, "no two of them are one");
        assert!(tracks.iter().all(|(_, tid)| **tid != json!(0)));
        // What has dropped the lock does not hold it.
        let held: Vec<_> =
            events.iter().filter(|e| e["pid"] == 1 && e["tid"] == LOCK_TRACK && e["ph"] == "X").collect();
        assert_eq!(held.iter().map(|e| &e["name"]).collect::<Vec<_>>(), ["held by worker 0", "held by worker 1"]);
    }
}
