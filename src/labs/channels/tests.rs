use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded};
use crate::report::HostKind;

const SMALL: u32 = 100;
const LARGE: u32 = 1 << 20;
const WAYS: [&str; 3] = ["message", "queue", "shared-memory"];

/// What a message of each size costs by pipe, queue and shared memory, in seconds.
fn channels(small: [f64; 3], large: [f64; 3]) -> Recorded {
    let of_size = |report: Recorded, size: u32, costs: [f64; 3]| {
        WAYS.iter().zip(costs).fold(report, |report, (way, cost)| {
            report.task_s(Model::Processes, &format!("workload=checksum channel={way} size={size}"), cost)
        })
    };
    let report = of_size(of_size(recorded("channels"), SMALL, small), LARGE, large);
    // 1,000 hand-overs in a quick run.
    let report = report.elapsed_s(Model::Processes, "workload=primitive", 0.002);
    report.elapsed_s(Model::Threads, "workload=primitive", 0.001)
}

const DIFFERENT: [f64; 3] = [1e-5, 2e-5, 3e-5];
const SAME: [f64; 3] = [1e-3; 3];

#[test]
fn it_holds_when_the_ways_differ_at_one_size() {
    recorded("channels").confirmed(&[]);
    channels(DIFFERENT, [0.001, 0.002, 0.0005]).confirmed(&[
        "A message of 100 B took pipe 10 us, queue: a thread writes to the pipe 20 us, shared memory, told by \
         pipe 30 us; one of 1 MiB pipe 1.0 ms, queue: a thread writes to the pipe 2.0 ms, shared memory, told by pipe 500 us; \
         a ring in shared memory handed over 4 B in 2.0 us.",
    ]);
    channels(SAME, DIFFERENT).confirmed(&[]);
    channels(DIFFERENT, SAME).confirmed(&[]);
}

#[test]
fn ways_that_cost_the_same_tell_nothing() {
    channels(SAME, SAME).could_not_tell(&["A message of 100 B took pipe 1.0 ms"]);
    channels([1.0, 1.05, 1.09], [1.09, 1.0, 1.0]).could_not_tell(&[]);
    channels([1.0, 1.05, 1.11], SAME).confirmed(&[]);
}

#[test]
fn without_the_ring_or_a_way_there_is_less_to_tell() {
    let report = channels(DIFFERENT, DIFFERENT).without(Model::Processes, "workload=primitive");
    report.confirmed(&["told by pipe 30 us."]).but_not(&["ring"]);
    channels(DIFFERENT, DIFFERENT)
        .without(Model::Processes, "channel=queue")
        .confirmed(&["took pipe 10 us, shared memory"]);
    let browser = channels(DIFFERENT, DIFFERENT).on(HostKind::Browser);
    browser.confirmed(&["took message, cloned 10 us, shared memory, told by message 30 us;"]).but_not(&["pipe"]);
}

#[test]
fn without_two_ways_for_each_size_there_is_nothing_to_judge() {
    for size in [SMALL, LARGE] {
        let at = |way: &str| format!("channel={way} size={size}");
        let report = recorded("channels").without(Model::Processes, &at("queue"));
        report.without(Model::Processes, &at("shared-memory")).has_no_verdict();
    }
}

#[test]
fn it_draws_what_one_message_costs() {
    let report = channels(DIFFERENT, SAME);
    assert_eq!(report.drawn(), ["Bars: 100 B 3; 1 MiB 3; 4 B, without an answer 2"]);
    assert_near(report.mark(0, "100 B", "pipe"), 1e-5);
    assert_near(report.mark(0, "1 MiB", "shared memory, told by pipe"), 1e-3);
    assert_near(report.mark(0, "4 B, without an answer", "ring in shared memory, processes"), 2e-6);
    assert_near(report.mark(0, "4 B, without an answer", "ring in shared memory, threads"), 1e-6);
}
