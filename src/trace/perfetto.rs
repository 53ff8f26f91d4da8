//! A trace as Trace Event JSON, which ui.perfetto.dev and `chrome://tracing` open: one process a run,
//! one track a worker, one track for the lock.
//!
//! Format: "Trace Event Format", complete (`X`) and metadata (`M`) events, times in microseconds.

use serde_json::{Value, json};

use super::{RunTrace, Span, State};
use crate::experiment::Model;

/// The track of the lock comes before those of the workers.
const LOCK_TRACK: u32 = 0;

/// The whole document.
pub fn export(runs: &[RunTrace]) -> Value {
    let events: Vec<Value> = runs.iter().zip(1u32..).flat_map(|(run, process)| run_events(run, process)).collect();
    json!({ "traceEvents": events, "displayTimeUnit": "ms" })
}

fn run_events(run: &RunTrace, process: u32) -> Vec<Value> {
    let title = format!("{}, {} worker{}", run.model, run.workers, if run.workers == 1 { "" } else { "s" });
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

    #[test]
    fn each_worker_and_the_lock_have_a_track() {
        let span = Span { state: State::Running, start_us: 1.0, end_us: 4.0, task: Some(2), work: 9, unlocked: false };
        let tracks = vec![Track { worker: 0, spans: vec![span], dropped_spans: 0 }];
        let run = RunTrace { model: Model::Threads, workers: 1, samples: vec![], tracks };
        let events = export(&[run])["traceEvents"].as_array().unwrap().clone();
        let tracks: Vec<_> = events.iter().filter(|e| e["name"] == "thread_name").map(|e| &e["args"]["name"]).collect();
        assert_eq!(tracks, ["lock", "worker 0"]);
        let complete: Vec<_> = events.iter().filter(|e| e["ph"] == "X").collect();
        assert_eq!(complete.len(), 2);
        assert_eq!(complete[1]["dur"], 3.0);
    }
}
