use crate::experiment::Model;
use crate::labs::recorded::{Recorded, assert_near, recorded};

/// Two cores; processes with these speed-ups at 2 and at 4 workers, of a ceiling of 2.
fn scaling(at_cores: f64, beyond: f64) -> Recorded {
    let scaling = recorded("scaling").ceiling(2.0).speedup(Model::Processes, "workers=1", 1.0);
    let scaling = scaling.speedup(Model::Processes, "workers=2", at_cores);
    scaling.speedup(Model::Processes, "workers=3", beyond).speedup(Model::Processes, "workers=4", beyond)
}

/// Without the points that have more workers than cores.
fn up_to_the_cores(scaling: Recorded) -> Recorded {
    scaling.without(Model::Processes, "workers=3").without(Model::Processes, "workers=4")
}

#[test]
fn it_holds_when_processes_follow_the_ceiling_and_stop_at_the_cores() {
    recorded("scaling").holds(&[]);
    scaling(1.8, 1.9).holds(&[
        "Holds here: 2 processes reached 1.80x (1.80-1.80), 90 % of the ceiling, and 4 processes 1.90x (1.90-1.90): beyond \
         the 2 logical cores there is nothing to gain. ",
        // 1/1.8 = s + (1-s)/2, and 2/1.8 = 1 + a.
        "Amdahl's law fits with 11.1 % of the work serial, the Universal Scalability Law with 11.1 % contention (waiting for \
         each other) and 0.00 % crosstalk (agreeing with each other).",
    ]);
    scaling(1.7, 1.7).holds(&[]);
}

#[test]
fn processes_that_do_not_reach_the_ceiling_refute_it() {
    scaling(1.2, 1.9).does_not_hold(&[
        "because 2 processes reached 1.20x (1.20-1.20), 60 % of the ceiling only; short tasks or a busy machine do that. Up \
         to the cores, Amdahl's law",
    ]);
    scaling(1.69, 1.69).does_not_hold(&["of the ceiling only"]);
}

#[test]
fn processes_that_gain_beyond_the_cores_refute_it() {
    scaling(1.9, 2.5).does_not_hold(&[
        "95 % of the ceiling, and 4 processes 2.50x (2.50-2.50): more workers than logical cores still gained. Up to",
    ]);
    scaling(2.0, 2.0 * 1.15).does_not_hold(&["still gained"]);
    scaling(2.0, 2.0 * 1.14).holds(&["there is nothing to gain"]);
}

#[test]
fn without_points_beyond_the_cores_only_the_ceiling_decides() {
    up_to_the_cores(scaling(1.8, 1.8)).holds(&["90 % of the ceiling. Up to the cores"]).but_not(&["nothing to gain"]);
}

#[test]
fn one_core_has_nothing_to_scale_to() {
    let pinned = recorded("scaling").report(|report| report.experiment.cores = Some(1));
    pinned.does_not_hold(&["Does not hold here, because with 1 core there is nothing to scale to."]);
}

#[test]
fn without_processes_there_is_nothing_to_judge() {
    recorded("scaling").without(Model::Processes, "").has_no_verdict();
    recorded("scaling").each(Model::Processes, "", |run| run.speedup = None).has_no_verdict();
    recorded("scaling").each(Model::Processes, "workers=2", |run| run.efficiency = None).has_no_verdict();
}

#[test]
fn it_draws_every_number_of_workers_and_the_laws_up_to_the_cores() {
    let scaling = scaling(1.8, 1.9);
    assert_eq!(
        scaling.drawn(),
        [
            "Lines: processes 4; threads 4; free-threads 4; ceiling 3; ideal 4; Amdahl's law 2; Universal Scalability Law 2"
        ]
    );
    assert_eq!(scaling.mark(0, "processes", 4.0), 1.9);
    assert_eq!(scaling.mark(0, "ceiling", 3.0), 2.0);
    assert_eq!(scaling.mark(0, "ideal", 4.0), 4.0);
    // A law that fits both of two points goes through them.
    for law in ["Amdahl's law", "Universal Scalability Law"] {
        assert_near(scaling.mark(0, law, 1.0), 1.0);
        assert_near(scaling.mark(0, law, 2.0), 1.8);
    }
}
