use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded};
use crate::report::{HostKind, Run};

/// The size that the verdict is about: 16 MiB, in four tasks a round.
const SHOWN: u32 = 1 << 24;
const MIB: f64 = 1024.0 * 1024.0;

/// Every task of this run took so long, in seconds, to encode, to send and to compute with.
fn parts(run: &mut Run, tasks: u32, [serialize, transfer, compute]: [f64; 3]) {
    let all = f64::from(tasks) * run.elapsed_s.samples.len() as f64;
    if let Some(channel) = &mut run.channel {
        (channel.serialize_s, channel.transfer_s) = (all * serialize, all * transfer);
    }
    run.per_worker.iter_mut().for_each(|worker| worker.running_s = 0.0);
    run.per_worker[0].running_s = all * compute;
}

/// Tasks with 16 MiB: by a pipe in these parts, by a queue and by shared memory in others, and copied in 10 ms.
fn data(pipe: [f64; 3]) -> Recorded {
    let at = |channel: &str| format!("channel={channel} size={SHOWN}");
    let report = recorded("data").each(Model::Processes, &at("message"), |run| parts(run, 4, pipe));
    let report = report.each(Model::Processes, &at("queue"), |run| parts(run, 4, [0.05, 0.05, 0.01]));
    let report = report.each(Model::Processes, &at("shared-memory"), |run| parts(run, 4, [0.01, 0.01, 0.01]));
    report.each(Model::Serial, "workload=copy", |run| parts(run, 4, [0.0, 0.0, 0.01]))
}

#[test]
fn it_holds_when_bringing_the_data_takes_most_of_the_time() {
    recorded("data").confirmed(&[]);
    data([0.01, 0.03, 0.01]).confirmed(&[
        "Bringing 16 MiB to a process by pipe took 40 ms for 10 ms of computing, 80 % of the task, at 400 MiB/s, \
         0.25x a plain memory copy; by queue at 160 MiB/s, 0.10x a plain memory copy; by shared memory at 800 MiB/s, 0.50x a \
         plain memory copy; a thread has it on its heap.",
    ]);
    data([0.25, 0.25, 0.5]).confirmed(&[]);
}

#[test]
fn data_that_costs_less_than_the_computing_tells_nothing() {
    data([0.01, 0.01, 0.06]).could_not_tell(&["Bringing 16 MiB to a process by pipe took 20 ms for 60 ms", "25 %"]);
    data([0.25, 0.24, 0.5]).could_not_tell(&[]);
    // Clocks of two processes may differ by more than the way takes.
    data([0.01, -0.01, 0.06]).could_not_tell(&["took 10 ms for 60 ms"]);
}

#[test]
fn without_a_plain_copy_or_another_channel_less_is_compared() {
    data([0.01, 0.03, 0.01]).without(Model::Serial, "").confirmed(&["at 400 MiB/s; by queue at 160 MiB/s;"]);
    let copied = data([0.01, 0.03, 0.01]).each(Model::Serial, "", |run| parts(run, 4, [0.0; 3]));
    copied.confirmed(&["at 400 MiB/s; by queue"]);
    data([0.01, 0.03, 0.01]).without(Model::Processes, "channel=queue").confirmed(&[]).but_not(&["by queue"]);
    let browser = data([0.01, 0.03, 0.01]).on(HostKind::Browser);
    browser
        .confirmed(&["to a process by structured clone took 40 ms", "; by shared memory at"])
        .but_not(&["pipe", "queue"]);
}

#[test]
fn without_a_message_of_the_shown_size_there_is_nothing_to_judge() {
    recorded("data").without(Model::Processes, &format!("channel=message size={SHOWN}")).has_no_verdict();
}

#[test]
fn it_draws_the_parts_of_a_task_and_the_rate_for_every_size() {
    let report = data([0.01, 0.03, 0.01]);
    assert_eq!(
        report.drawn(),
        ["Stack: serialize 4; transfer 4; compute 4", "Lines: pipe 6; queue 6; shared memory 6; a plain memory copy"]
    );
    assert_near(report.mark(0, "serialize", "pipe"), 0.01);
    assert_near(report.mark(0, "transfer", "pipe"), 0.03);
    assert_near(report.mark(0, "compute", "pipe"), 0.01);
    assert_eq!(report.mark(0, "serialize", "a thread: same heap"), 0.0);
    assert_near(report.mark(1, "pipe", SHOWN), 400.0 * MIB);
    assert_near(report.charts()[1].references[0].at, 1600.0 * MIB);
    // On a logarithmic scale there is no rate of what took no time.
    let free = report.each(Model::Processes, &format!("channel=queue size={SHOWN}"), |run| parts(run, 4, [0.0; 3]));
    assert!(free.drawn()[1].contains("queue 5;"), "{:?}", free.drawn());
}
