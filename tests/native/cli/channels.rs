//! Data of every length gets through every channel.

use gilscope::experiment::Experiment;
use gilscope::report::Report;

use gilscope_tests::binary::{output, stderr, succeeds};

/// Processes get data of each of these lengths over each of these channels, after serial code has had it.
fn through(channels: &[&str], sizes: &[u64], tasks: &str) -> Report {
    let point = |channel: &&str, size: &u64| format!("channel={channel} size={size}");
    let points: Vec<_> =
        channels.iter().flat_map(|channel| sizes.iter().map(move |size| point(channel, size))).collect();
    let shape = ["run", "copy", "--model", "serial,processes", "--workers", "1", "--runs", "1", "--warmup", "0"];
    let given = ["--tasks", tasks, "--sweep", &points.join("; "), "--export-json", "-"];
    let report = Report::from_json(&succeeds(&[&shape[..], &given].concat())).expect("a report");
    assert_eq!(report.runs.len(), 2 * points.len(), "{:?}", report.warnings);
    report
}

/// A pipe holds 64 KiB.
#[test]
fn data_of_every_length_arrives_whole() {
    let channels = ["pipe", "message", "queue", "shared-memory"];
    let report = through(&channels, &[1, 4_096, 65_535, 65_537, 3_000_000], "3");
    for pair in report.runs.chunks(2) {
        let [serial, processes] = pair else { panic!("two runs a point: {pair:?}") };
        let Experiment { channel, size, .. } = report.experiment_of(processes);
        assert_eq!(serial.answer, processes.answer, "{channel:?} {size}");
        let bytes = processes.channel.as_ref().expect("a channel").bytes;
        assert!(bytes >= 3 * u64::from(size), "{channel:?} {size}: {bytes}");
    }
}

#[test]
fn so_does_as_much_as_a_task_may_have() {
    let report = through(&["pipe", "shared-memory"], &[256 << 20], "1");
    assert!(report.runs.iter().all(|run| run.answer == report.runs[0].answer));
}

#[test]
fn more_is_refused_with_what_is_accepted() {
    let output = output(&["run", "copy", "--size", "268435457"]);
    assert_eq!(
        stderr(&output),
        "error: --size cannot be '268435457': use a whole number from 1 to 268435456, because 256 MiB are about all that a worker can be handed\n"
    );
}

/// Answers that fill the pipe back while the next tasks fill the one there.
#[test]
fn pipes_that_are_full_both_ways_stop_nobody() {
    for channel in ["pipe", "queue"] {
        let args = ["run", "mandelbrot", "--size", "400", "--tasks", "12", "--workers", "2", "--chunk", "3"];
        let given = ["--model", "serial,processes", "--runs", "1", "--warmup", "0", "--channel", channel];
        let output = output(&[&args[..], &given].concat());
        assert_eq!(output.status.code(), Some(0), "{channel}: {}", stderr(&output));
    }
}
