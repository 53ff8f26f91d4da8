//! Workers that die in the middle of a run: whatever they die of, no answer is lost and none is counted twice.

use gilscope::experiment::{Channel, Experiment, Model, StartMethod};
use gilscope::fault::{Fault, doomed_task};
use gilscope::report::{Report, Run, WarningCode};
use gilscope::trace::State;

use gilscope_tests::binary::gilscope;
use gilscope_tests::invariants;
use gilscope_tests::reports::{native, small};

/// Processes of which one suffers `fault` in every round.
fn struck(fault: Fault, start_method: StartMethod) -> Experiment {
    let models = vec![Model::Serial, Model::Processes];
    Experiment { fault, start_method, models, size: 400_000, tasks: 6, runs: 2, warmup: 0, ..small("sum-of-squares") }
}

/// What the system says of how it ended.
fn cause(fault: Fault) -> &'static str {
    match fault {
        Fault::Kill => "SIGKILL",
        Fault::Exit | Fault::Start => "exit status: 3",
        Fault::Panic => "exit status: 101",
        Fault::Memory | Fault::Overflow => "SIGABRT",
        Fault::Send => "exit status: 1",
        Fault::Wedge => "it was not heard of for 10 s or more",
        Fault::None => "nothing",
    }
}

#[test]
fn whatever_a_process_dies_of_its_task_is_run_again_and_the_answer_is_right() {
    use StartMethod::{Fork, Forkserver, Spawn};
    // Each fault once, and for each start method a signal and an exit status, which come to the parent by other ways.
    let faults = [
        (Fault::Overflow, Spawn),
        (Fault::Kill, Fork),
        (Fault::Panic, Fork),
        (Fault::Send, Fork),
        (Fault::Memory, Forkserver),
        (Fault::Exit, Forkserver),
    ];
    for (fault, method) in faults {
        holds(&struck(fault, method));
    }
    for channel in [Channel::Queue, Channel::SharedMemory] {
        holds(&Experiment { channel, chunk: 2, ..struck(Fault::Kill, Spawn) });
    }
    holds(&Experiment { fault_times: 2, ..struck(Fault::Exit, Spawn) });
}

/// The one test that waits for as long as everybody does by default.
#[test]
fn a_process_that_is_wedged_is_killed_and_its_task_run_again() {
    holds(&Experiment { runs: 1, ..struck(Fault::Wedge, StartMethod::Spawn) });
}

fn holds(experiment: &Experiment) {
    let report = native(experiment);
    let what = format!("{:?} {:?} {:?}", experiment.fault, experiment.start_method, experiment.channel);
    let processes = of_processes(&report);
    for run in report.runs.iter().filter(|run| run.model == Model::Processes) {
        let rounds = experiment.runs * experiment.fault_times;
        assert_eq!(run.deaths.len(), rounds as usize, "{what}: {:?}", run.deaths);
        for death in &run.deaths {
            assert!(death.cause.contains(cause(experiment.fault)), "{what}: {death:?}");
            assert!(death.tasks.contains(&doomed_task(experiment.tasks)), "{what}: {death:?}");
            assert!(death.unanswered <= experiment.tasks && death.replaced_s.is_some(), "{what}: {death:?}");
        }
        assert_eq!(run.per_worker.iter().map(|worker| worker.faults).sum::<u32>(), rounds, "{what}");
        assert!(run.warnings.iter().any(|warning| warning.code == WarningCode::WorkerDied), "{what}");
    }
    assert!(!processes.deaths.is_empty());
    // The answers are equal, and every task counts once a round.
    invariants::hold(&report);
    let spans = || report.trace.iter().flatten().flat_map(|run| &run.tracks).flat_map(|track| &track.spans);
    assert!(spans().any(|span| span.state == State::Dead), "{what}: the trace shows no death");
}

fn of_processes(report: &Report) -> &Run {
    report.runs.iter().find(|run| run.model == Model::Processes).expect("they ran")
}

#[test]
fn a_process_that_ends_before_it_is_ready_is_started_again() {
    let report = native(&struck(Fault::Start, StartMethod::Forkserver));
    let processes = of_processes(&report);
    assert_eq!(processes.per_worker[0].faults, 1);
    assert!(processes.warnings.iter().any(|warning| warning.text.contains(cause(Fault::Start))));
    invariants::hold(&report);
}

/// What is said of a run that fails.
fn failure(model: &str, fault: &str, times: &str) -> String {
    let flags = ["run", "--size", "400000", "--tasks", "6", "--workers", "2", "--runs", "2", "--warmup", "0"];
    let fault = ["--model", model, "--fault", fault, "--fault-times", times];
    let output = gilscope(&[&flags[..], &fault].concat()).env("RUST_BACKTRACE", "0").output().expect("gilscope starts");
    assert_eq!(output.status.code(), Some(1), "{model} {output:?}");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_task_that_kills_every_process_is_given_up_with_its_cause_after_all_others() {
    let said = failure("serial,processes", "exit", "3");
    let text = "task 3 was tried 3 times and each time its worker died, at last so: exit status: 3. All other tasks were \
                answered";
    assert!(said.contains(text), "{said}");
}

#[test]
fn a_thread_that_panics_fails_the_run_with_its_message() {
    for model in ["serial,threads", "serial,free-threads"] {
        let said = failure(model, "panic", "1");
        assert!(said.contains("a worker thread panicked: the fault that was asked for"), "{model}: {said}");
    }
}
