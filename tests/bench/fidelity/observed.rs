//! What is seen of a lock, gilscope's or CPython's.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use gilscope::experiment::{Experiment, Model};
use gilscope::report::Report;
use gilscope::trace::turns::{self, Next, Turn};
use gilscope::trace::{Span, State, Window};
use gilscope_ring::{FOLDER, Recording, Stretch};
use serde::Serialize;

use super::super::native;

/// What was seen of one host in one setting, all rounds together.
#[derive(Serialize, Clone, Debug, Default)]
pub struct Observed {
    /// From a request to its answer, its own wait of 1 ms included, in seconds.
    pub latency_s: Vec<f64>,
    /// How long turns of computing threads were that were ended by force, in seconds.
    pub held_s: Vec<f64>,
    pub next: Next,
    pub forced: u64,
    pub elapsed_s: f64,
}

impl Observed {
    /// What a report's own trace tells.
    pub fn of(report: &Report) -> anyhow::Result<Self> {
        let traces = report.trace.as_ref().context("the report has no trace")?;
        let trace = traces.iter().find(|trace| trace.model == Model::Threads).context("no threads in the trace")?;
        let tracks: Vec<Vec<Span>> = trace.tracks.iter().map(|track| track.spans.clone()).collect();
        let is_io = report.experiment.background > 0;
        let latency_s = if is_io { latencies(&tracks[0], &trace.samples) } else { Vec::new() };
        let forced: Vec<Turn> = turns::turns(&tracks).into_iter().filter(|turn| turn.is_forced).collect();
        Ok(Self { latency_s, ..Self::of_turns(&tracks, &forced, &trace.samples) })
    }

    fn of_turns(tracks: &[Vec<Span>], forced: &[Turn], windows: &[Window]) -> Self {
        let is_within =
            |turn: &Turn| windows.iter().any(|window| window.start_us <= turn.start_us && turn.end_us <= window.end_us);
        let forced: Vec<_> = forced.iter().copied().filter(is_within).collect();
        Self {
            latency_s: Vec::new(),
            held_s: forced.iter().map(|turn| (turn.end_us - turn.start_us) / 1e6).collect(),
            next: turns::next(tracks, windows),
            forced: forced.len() as u64,
            elapsed_s: windows.iter().map(|window| (window.end_us - window.start_us) / 1e6).sum(),
        }
    }

    pub fn add(&mut self, other: Self) {
        self.latency_s.extend(other.latency_s);
        self.held_s.extend(other.held_s);
        self.next.longest += other.next.longest;
        self.next.latest += other.next.latest;
        self.next.others += other.next.others;
        self.forced += other.forced;
        self.elapsed_s += other.elapsed_s;
    }
}

/// CPython's turns that were ended by force: as long as the interval after which a waiter asks, then another thread's.
/// Its own wait for the hand-over is no sign of it, since there is none where the waiter was quicker.
fn forced(tracks: &[Vec<Span>], interval_s: f64) -> Vec<Turn> {
    let turns = turns::turns(tracks);
    let is_whole = |turn: &Turn| turn.end_us - turn.start_us >= NEARLY * interval_s * 1e6;
    let handed_over = turns.windows(2).filter(|pair| is_whole(&pair[0]) && pair[0].worker != pair[1].worker);
    handed_over.map(|pair| pair[0]).collect()
}

/// From the start of each task to its end.
fn latencies(spans: &[Span], windows: &[Window]) -> Vec<f64> {
    let is_within = |span: &&Span| windows.iter().any(|window| window.start_us <= span.start_us);
    let of_tasks: Vec<&Span> = spans.iter().filter(|span| span.task.is_some()).filter(is_within).collect();
    let tasks = of_tasks.chunk_by(|a, b| a.task == b.task);
    tasks.map(|task| (task[task.len() - 1].end_us - task[0].start_us) / 1e6).collect()
}

/// The versions of every CPython on this machine whose lock the shim knows.
pub fn pythons() -> anyhow::Result<Vec<String>> {
    let output = native::gilscope().args(["python", "--list", "--json"]).output()?;
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).context("gilscope python --list --json")?;
    let versions = found.as_array().context("a list of Pythons")?.iter();
    let versions = versions.filter(|python| python["switch_interval"] == true && python["gil_can_be_off"] == false);
    let mut versions: Vec<String> = versions.filter_map(|python| python["version"].as_str().map(Into::into)).collect();
    versions.retain(|version| minor(version) >= Some(9));
    versions.dedup();
    Ok(versions)
}

fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// Run an experiment in a CPython. Its requests are timed in Python, its turns are the events of its lock.
pub fn python(version: &str, experiment: &Experiment) -> anyhow::Result<Observed> {
    let folder = tempfile::tempdir()?;
    let mut command = native::gilscope();
    command.arg("python").args(["--python", version]).env(FOLDER, folder.path());
    command.env("LD_PRELOAD", shim()?);
    let report = native::report(&mut command, experiment, true)?;
    let latency_s = Observed::of(&report)?.latency_s;
    // Python has helpers of its own; the threads of the experiment are in the process that switched most.
    let mut busiest = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder.path())? {
        let recording = gilscope_ring::events(&entry?.path())?;
        // A thread that is stopped while it writes loses an event or two, and with it a turn.
        let (lost, all) = (recording.lost, recording.events.len() as u64);
        ensure!(lost * 1_000 <= all, "the shim lost {lost} of {} events", lost + all);
        let tracks = spans(&recording);
        let forced = forced(&tracks, experiment.switch_interval_s);
        if forced.len() > busiest.1.len() {
            busiest = (tracks, forced);
        }
    }
    let (tracks, forced) = busiest;
    ensure!(!forced.is_empty(), "the lock was never asked for");
    // While threads compute, one forced switch follows another; between rounds the harness does its own work.
    let stretches = forced.chunk_by(|a, b| b.start_us - a.end_us < PAUSE_US);
    let windows: Vec<Window> = stretches
        .map(|stretch| Window { start_us: stretch[0].start_us, end_us: stretch[stretch.len() - 1].end_us })
        .collect();
    Ok(Observed { latency_s, ..Observed::of_turns(&tracks, &forced, &windows) })
}

/// Cargo builds the shim beside us, because this package depends on it.
fn shim() -> anyhow::Result<PathBuf> {
    let path = env::current_exe()?.with_file_name("libgilscope_shim.so");
    ensure!(path.exists(), "no shim at {}", path.display());
    Ok(path)
}

/// Without a forced switch for so long, the lock is not contended.
const PAUSE_US: f64 = 100_000.0;
/// A waiter may have begun to wait just before the turn did.
const NEARLY: f64 = 0.9;

/// What each thread did, as gilscope's own workers tell it: elsewhere, a thread is in I/O.
fn spans(recording: &Recording) -> Vec<Vec<Span>> {
    let of_track = |stretches: &[Stretch]| {
        let mut spans: Vec<Span> = Vec::new();
        for stretch in stretches {
            let state = match stretch.state {
                gilscope_ring::State::Waiting => State::Waiting,
                gilscope_ring::State::Holding => State::Running,
            };
            let (start_us, stretch_end_us) = (us(stretch.start_ns), us(stretch.end_ns));
            if let Some(end_us) = spans.last().map(|span| span.end_us).filter(|end_us| *end_us < start_us) {
                spans.push(span(State::Blocked, end_us, start_us));
            }
            spans.push(span(state, start_us, stretch_end_us));
        }
        spans
    };
    gilscope_ring::tracks(recording).iter().map(|track| of_track(&track.stretches)).collect()
}

fn span(state: State, start_us: f64, end_us: f64) -> Span {
    Span { state, start_us, end_us, task: None, work: 0, unlocked: false }
}

#[expect(clippy::cast_precision_loss, reason = "a machine that runs for a century has 2^53 us, to a thousandth each")]
fn us(ns: u64) -> f64 {
    ns as f64 / 1e3
}
