use crate::experiment::{Experiment, Model};
use crate::labs::recorded::{Recorded, recorded};
use crate::report::{HostFacts, HostKind, MachineFacts, Report, Run, SCHEMA};
use crate::stats::Summary;

/// A race that was never run, for tests of whatever takes a report.
pub fn report(threads: f64, processes: f64, ceiling: f64) -> Report {
    let run = |model, speedup: f64| Run {
        model,
        workers: 2,
        elapsed_s: Summary::of(vec![1.0]).unwrap(),
        speedup: Summary::of(vec![speedup; 3]),
        efficiency: Some(speedup / ceiling),
        startup_s: Summary::of(vec![1.0]).unwrap(),
        point: None,
        first_s: None,
        task_s: None,
        memory_bytes: None,
        rss_bytes: None,
        counted: None,
        lock: None,
        channel: None,
        deaths: Vec::new(),
        per_worker: vec![],
        answer: "1".into(),
        warnings: vec![],
    };
    Report {
        schema: SCHEMA.into(),
        version: "0".into(),
        measured_unix_s: None,
        host: HostFacts {
            kind: HostKind::Native,
            engine: String::new(),
            os: String::new(),
            logical_cores: 2,
            machine: MachineFacts::default(),
            ceiling: [("2".to_owned(), ceiling)].into(),
            isolated: true,
            lock: None,
        },
        experiment: Experiment::default(),
        runs: vec![run(Model::Threads, threads), run(Model::Processes, processes)],
        warnings: vec![],
        verdict: None,
        charts: vec![],
        trace: None,
    }
}

/// The recorded race with these figures.
fn race(threads: f64, processes: f64, ceiling: f64) -> Recorded {
    let race = recorded("race").ceiling(ceiling);
    race.speedup(Model::Threads, "", threads).speedup(Model::Processes, "", processes)
}

#[test]
fn it_is_confirmed_when_threads_gain_nothing_and_processes_almost_the_ceiling() {
    race(0.98, 1.9, 1.95).confirmed(&[
        "Confirmed: threads took turns and gained nothing, processes ran in parallel.",
        "2 threads ran 0.98x (0.98-0.98) as fast as one task after another.",
        "2 processes ran 1.90x (1.90-1.90) as fast, of the 1.95x that this machine can do.",
    ]);
    race(1.15, 1.7, 2.0).confirmed(&[]);
}

#[test]
fn threads_that_are_faster_than_serial_refute_it() {
    race(1.8, 1.9, 1.95).refuted(&[
        "Refuted here: threads were faster than one task after another, which the lock should prevent.",
        "2 threads ran 1.80x",
    ]);
    race(1.16, 1.9, 1.95).refuted(&["threads were faster"]);
    // The threads are the greater surprise.
    race(1.8, 1.0, 1.95).refuted(&["threads were faster"]);
}

#[test]
fn processes_that_are_far_from_the_ceiling_refute_it() {
    race(1.0, 1.2, 1.95).refuted(&[
        "Refuted here: processes reached only 62 % of what this machine can do.",
        "2 processes ran 1.20x (1.20-1.20) as fast",
    ]);
    race(1.0, 1.69, 2.0).refuted(&["processes reached only"]);
}

#[test]
fn a_machine_that_was_disturbed_refutes_nothing() {
    race(1.0, 1.2, 1.95).disturbed().could_not_tell(&[
        "Could not tell about processes: something else used the machine. Close other programs and run it again.",
        "2 threads ran 1.00x",
    ]);
    race(1.0, 1.9, 1.95).disturbed().confirmed(&[]);
    let apart = |run: &mut Run| run.speedup = Summary::of(vec![1.0, 1.2, 1.7, 1.8, 1.9]);
    race(1.0, 1.9, 1.95)
        .each(Model::Processes, "", apart)
        .could_not_tell(&["about processes: what was measured varies too much"]);
    let few = |run: &mut Run| run.speedup = Summary::of(vec![1.8; 3]);
    race(1.0, 1.9, 1.95)
        .each(Model::Threads, "", few)
        .could_not_tell(&["Could not tell about threads: there were too few rounds. Run it with at least 5 rounds."]);
}

#[test]
fn a_ceiling_below_the_processes_was_disturbed() {
    race(1.0, 1.85, 1.53).could_not_tell(&[
        "Could not tell about processes: workers with nothing in their way were slower, so something disturbed them. Run it \
         again.",
    ]);
    race(1.0, 1.65, 1.53).confirmed(&[]);
}

#[test]
fn what_threads_should_gain_depends_on_what_the_workload_does_with_the_lock() {
    let of = |workload: &str, threads| {
        race(threads, 1.9, 1.95).report(|report| report.experiment.workload = workload.into())
    };
    for workload in ["matrix-kernel", "image-resize"] {
        of(workload, 1.8)
            .confirmed(&["Confirmed: threads ran in parallel as processes did, for this code drops the lock"]);
        of(workload, 1.0).refuted(&["threads gained little, although this code drops the lock"]);
    }
    of("io-wait", 1.9).confirmed(&["Confirmed: threads waited side by side, for a thread that waits drops the lock."]);
    of("io-wait", 1.0).refuted(&["did not wait side by side"]);
    of("io-mixed", 1.4).confirmed(&["threads gained by waiting side by side, and took turns to compute"]);
    of("io-mixed", 1.0).refuted(&["threads gained nothing, although"]);
    of("sha256", 1.8).refuted(&["threads were faster"]);
    // Its tasks wait for each other, so how fast they are is no question.
    of("primitive", 1.0).has_no_verdict();
}

#[test]
fn a_machine_with_nothing_to_gain_is_named_as_the_reason() {
    race(1.0, 1.05, 1.05).could_not_tell(&[
        "Could not tell: 2 cores gave only 1.05x to workers with nothing in their way. Close other programs and run it \
         again.",
        "2 threads ran 1.00x",
    ]);
    race(1.0, 1.49, 1.49).could_not_tell(&["2 cores gave only"]);
    race(1.0, 1.5, 1.5).confirmed(&[]);
    let one_core = race(1.0, 1.0, 1.0).report(|report| report.host.logical_cores = 1);
    one_core.could_not_tell(&["Could not tell: there is only one core. Try it where there are more."]);
}

#[test]
fn without_both_models_side_by_side_against_serial_there_is_nothing_to_judge() {
    for model in [Model::Threads, Model::Processes] {
        recorded("race").without(model, "").has_no_verdict();
        recorded("race").each(model, "", |run| run.workers = 1).has_no_verdict();
        recorded("race").each(model, "", |run| run.speedup = None).has_no_verdict();
    }
    recorded("race").each(Model::Processes, "", |run| run.efficiency = None).has_no_verdict();
    recorded("race").report(|report| report.host.ceiling.clear()).has_no_verdict();
    recorded("race").report(|report| report.experiment.set("sweep", "size=1000").unwrap()).has_no_verdict();
}

#[test]
fn it_draws_the_speed_up_of_each_model_below_the_ceiling() {
    let race = race(0.98, 1.9, 1.95);
    let article = "the article's 4 processes on 4 cores; the article's 4 threads";
    assert_eq!(race.drawn(), [format!("Bars: this machine 4; ceiling for 2; {article}")]);
    assert_eq!(race.mark(0, "this machine", "threads"), 0.98);
    let several = race.report(|report| report.experiment.workers = vec![2, 4]);
    assert_eq!(several.mark(0, "this machine", "processes, 2"), 1.9);
    assert_eq!(several.mark(0, "this machine", "serial"), 1.0);
}
