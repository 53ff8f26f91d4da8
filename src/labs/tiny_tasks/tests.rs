use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded};

/// Sizes of a quick run, and how long a task of each takes here, in seconds.
const TASKS: [(u32, f64); 5] = [(500, 1e-6), (5_000, 1e-5), (50_000, 1e-4), (500_000, 1e-3), (5_000_000, 1e-2)];

/// Tasks of known lengths, with the speed-up of processes at each, whatever the chunk.
fn tiny_tasks(speedups: [f64; 5]) -> Recorded {
    let lengths = TASKS.into_iter().fold(recorded("tiny-tasks"), |report, (size, task_s)| {
        report.task_s(Model::Serial, &format!("size={size}"), task_s)
    });
    TASKS.into_iter().zip(speedups).fold(lengths, |report, ((size, _), speedup)| {
        report.speedup(Model::Processes, &format!("size={size}"), speedup)
    })
}

const CROSSING: [f64; 5] = [0.08, 0.3, 0.5, 1.5, 1.9];

#[test]
fn it_holds_where_short_tasks_lose_and_says_below_which_length() {
    recorded("tiny-tasks").confirmed(&[]);
    // Halfway from 0.5 to 1.5, so halfway from 0.1 ms to 1 ms on a logarithmic scale.
    tiny_tasks(CROSSING).confirmed(&[
        "Confirmed: with tasks shorter than 316 us, processes are slower than one worker. At 1.0 us a task processes ran \
         0.08x (0.08-0.08) as fast as serial; they lose below 316 us with chunks of 10",
    ]);
    let whole = tiny_tasks(CROSSING).speedup(Model::Processes, "chunk=10 size=50000", 1.5);
    // Then chunks cross between 10 us and 0.1 ms, at 7/12 of the decade.
    whole.confirmed(&["tasks shorter than 316 us", "they lose below 38 us with chunks of 10"]);
    tiny_tasks([0.5, 1.0, 1.5, 1.5, 1.9]).confirmed(&["with tasks shorter than 10.0 us, processes are slower"]);
}

#[test]
fn the_last_crossing_counts() {
    tiny_tasks([0.5, 1.5, 0.5, 1.5, 1.9]).confirmed(&["tasks shorter than 316 us"]);
}

#[test]
fn processes_that_always_lose_confirm_it() {
    let loses = tiny_tasks([0.1, 0.2, 0.3, 0.4, 0.5]);
    loses.confirmed(&["Confirmed: processes lost at every length of a task, up to 10 ms."]);
}

#[test]
fn processes_that_never_lose_refute_it() {
    let wins = tiny_tasks([1.2, 1.5, 1.5, 1.6, 1.9]);
    wins.refuted(&["Refuted here: processes won even with the shortest tasks. At 1.0 us a task processes ran 1.20x"]);
    tiny_tasks([1.01, 1.5, 1.5, 1.6, 1.9]).refuted(&[]);
}

#[test]
fn one_length_is_not_enough_to_tell_where_the_line_is() {
    let one = TASKS[1..]
        .iter()
        .fold(tiny_tasks(CROSSING), |report, (size, _)| report.without(Model::Processes, &format!("size={size}")));
    one.has_no_verdict();
    recorded("tiny-tasks").without(Model::Serial, "").has_no_verdict();
    recorded("tiny-tasks").each(Model::Processes, "", |run| run.speedup = None).has_no_verdict();
}

#[test]
fn it_draws_each_chunk_over_the_length_of_a_task() {
    let report = tiny_tasks(CROSSING);
    assert_eq!(
        report.drawn(),
        ["Lines: 1 task a message 5; chunks of 10 4; chunks of 100 2; serial; break-even, 1 task a message"]
    );
    assert_near(report.charts()[0].references[1].at, 1e-3 / 10f64.sqrt());
    let never = tiny_tasks([1.2, 1.5, 1.5, 1.6, 1.9]);
    assert!(!never.drawn()[0].contains("break-even"), "{:?}", never.drawn());
}
