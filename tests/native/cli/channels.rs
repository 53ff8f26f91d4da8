//! Data of every length gets through every channel.

use gilscope::report::Report;

use gilscope_tests::binary::{output, stderr, stdout};

fn bytes_through(channel: &str, size: u64, tasks: u32) -> Report {
    let (size, tasks) = (size.to_string(), tasks.to_string());
    let args = ["run", "copy", "--model", "serial,processes", "--workers", "1", "--runs", "1", "--warmup", "0"];
    let given = ["--size", &size, "--tasks", &tasks, "--channel", channel, "--export-json", "-"];
    let output = output(&[&args[..], &given].concat());
    assert_eq!(output.status.code(), Some(0), "{channel} {size}: {}", stderr(&output));
    Report::from_json(&stdout(&output)).expect("a report")
}

/// A pipe holds 64 KiB.
#[test]
fn data_of_every_length_arrives_whole() {
    for channel in ["pipe", "message", "queue", "shared-memory"] {
        for size in [1, 4_096, 65_535, 65_537, 3_000_000] {
            let report = bytes_through(channel, size, 3);
            let [serial, processes] = &report.runs[..] else { panic!("two runs: {report:?}") };
            assert_eq!(serial.answer, processes.answer);
            let bytes = processes.channel.as_ref().expect("a channel").bytes;
            assert!(bytes >= 3 * size, "{channel} {size}: {bytes}");
        }
    }
}

#[test]
fn so_does_as_much_as_a_task_may_have() {
    for channel in ["pipe", "queue", "shared-memory"] {
        let report = bytes_through(channel, 256 << 20, 1);
        assert_eq!(report.runs.len(), 2, "{channel}: {:?}", report.warnings);
    }
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
