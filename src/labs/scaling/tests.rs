use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded};

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
    recorded("scaling").confirmed(&[]);
    scaling(1.8, 1.9).confirmed(&[
        "Confirmed: processes gained almost all that 2 cores can do, and nothing beyond.",
        "2 processes reached 1.80x (1.80-1.80), 90 % of the ceiling. 4 processes reached 1.90x (1.90-1.90).",
    ]);
    scaling(1.7, 1.7).confirmed(&[]);
}

#[test]
fn processes_that_do_not_reach_the_ceiling_refute_it() {
    scaling(1.2, 1.9).refuted(&[
        "Refuted here: 2 processes reached only 60 % of what this machine can do. 2 processes reached 1.20x (1.20-1.20), 60 %",
    ]);
    scaling(1.69, 1.69).refuted(&["reached only 84 %"]);
}

#[test]
fn processes_that_gain_beyond_the_cores_refute_it() {
    scaling(1.9, 2.5).refuted(&[
        "Refuted here: 4 processes still gained, with only 2 logical cores.",
        "95 % of the ceiling. 4 processes reached 2.50x (2.50-2.50).",
    ]);
    scaling(2.0, 2.0 * 1.16).refuted(&["still gained"]);
    scaling(2.0, 2.0 * 1.14).confirmed(&["nothing beyond"]);
}

#[test]
fn without_points_beyond_the_cores_only_the_ceiling_decides() {
    up_to_the_cores(scaling(1.8, 1.8))
        .confirmed(&["Confirmed: processes gained almost all that 2 cores can do. ", "90 % of the ceiling."])
        .but_not(&["nothing beyond"]);
}

#[test]
fn one_core_has_nothing_to_scale_to() {
    let pinned = recorded("scaling").report(|report| report.experiment.cores = Some(1));
    pinned.could_not_tell(&["Could not tell: there is only one core to scale to. Try it where there are more."]);
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
            // Two points up to the cores carry no law.
            "Lines: processes 4; threads 4; free-threads 4; ceiling 3; ideal 4"
        ]
    );
    assert_eq!(scaling.mark(0, "processes", 4.0), 1.9);
    assert_eq!(scaling.mark(0, "ceiling", 3.0), 2.0);
    assert_eq!(scaling.mark(0, "ideal", 4.0), 4.0);
}

#[test]
fn laws_are_fitted_to_points_that_carry_them() {
    let four_cores = |third: f64| {
        let scaling = scaling(1.8, 3.0).speedup(Model::Processes, "workers=3", third).ceiling(3.2);
        scaling.report(|report| report.host.logical_cores = 4)
    };
    // 1/1.8 = s + (1-s)/2.
    let fits = four_cores(2.45);
    fits.confirmed(&[
        "94 % of the ceiling. Up to the cores, Amdahl's law fits with 11",
        " crosstalk (agreeing with each other).",
    ]);
    for law in ["Amdahl's law", "Universal Scalability Law"] {
        assert!(fits.mark(0, law, 2.0) > 1.7 && fits.mark(0, law, 4.0) < 3.1);
    }
    four_cores(1.2).confirmed(&["94 % of the ceiling."]).but_not(&["Amdahl"]);
}
