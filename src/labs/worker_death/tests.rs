//! No report refutes this claim: a run whose answers are not all there fails, and has no report.

use crate::experiment::Model;
use crate::labs::recorded::{Recorded, recorded};
use crate::report::DeathFigures;

/// One process that died with two tasks, when five had no answer, and another in a later round.
fn deaths(replaced_s: [Option<f64>; 2]) -> Recorded {
    let death = |round, replaced_s| DeathFigures {
        round,
        worker: 1,
        cause: "signal: 9 (SIGKILL)".into(),
        tasks: vec![3, 4],
        unanswered: 5,
        replaced_s,
    };
    recorded("worker-death").each(Model::Processes, "", |run| {
        run.deaths =
            replaced_s.into_iter().enumerate().map(|(round, s)| death(u32::try_from(round).unwrap(), s)).collect();
    })
}

#[test]
fn it_holds_with_every_answer_there() {
    recorded("worker-death").confirmed(&["(signal: 9 (SIGKILL))"]);
    deaths([Some(0.005), Some(0.007)]).confirmed(&[
        "2 processes died in 3 rounds (signal: 9 (SIGKILL)), and all 8 tasks had their answers in each; a fresh \
         process was ready 6.0 ms later. Of the first death, Pool would have waited for ever for 2 tasks, and \
         ProcessPoolExecutor would have failed 5 tasks.",
    ]);
}

#[test]
fn a_round_may_end_before_the_fresh_process_is_ready() {
    deaths([None, Some(0.007)]).confirmed(&["a fresh process was ready 7.0 ms later"]);
    deaths([None, None]).confirmed(&["had their answers in each. Of the first death"]);
}

#[test]
fn without_a_death_there_is_nothing_to_judge_or_to_draw() {
    let unhurt = recorded("worker-death").each(Model::Processes, "", |run| run.deaths.clear());
    unhurt.has_no_verdict();
    assert!(unhurt.drawn().is_empty());
}

#[test]
fn it_draws_the_answers_that_each_pool_would_have_had() {
    let report = deaths([None, None]);
    assert_eq!(report.drawn(), ["Bars: this machine 1; by the rule of Python's pools 2"]);
    assert_eq!(report.charts()[0].title, "Answers of 8 tasks, after the death of worker 1");
    assert_eq!(report.mark(0, "this machine", "gilscope"), 8.0);
    assert_eq!(report.mark(0, "by the rule of Python's pools", "Pool"), 6.0);
    assert_eq!(report.mark(0, "by the rule of Python's pools", "ProcessPoolExecutor"), 3.0);
}
