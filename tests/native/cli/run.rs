//! `gilscope run`: flags, errors, what is printed, and how it ends.

use gilscope::experiment::{Experiment, Model};
use gilscope::report::Report;

use gilscope_tests::binary::{SMALL, gilscope, output, run, stderr, stdout, succeeds};

fn report(args: &[&str]) -> Report {
    let output = output(&[&["run", "--export-json", "-"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    Report::from_json(&stdout(&output)).expect("a report")
}

#[test]
fn every_flag_reaches_the_experiment() {
    let args = "monte-carlo-pi --size 50 --tasks 5 --chunk 2 --workers 1,2 --model serial,threads --runs 2 --warmup 0 \
                --switch-interval 2.5 --cores 1 --seed 9";
    let report = report(&args.split_whitespace().collect::<Vec<_>>()[..]);
    let expected = Experiment {
        size: 50,
        tasks: 5,
        chunk: 2,
        workers: vec![1, 2],
        models: vec![Model::Serial, Model::Threads],
        runs: 2,
        warmup: 0,
        switch_interval_s: 0.0025,
        cores: Some(1),
        seed: 9,
        ..Experiment::of("monte-carlo-pi").expect("a workload")
    };
    assert_eq!(report.experiment, expected);
    let runs: Vec<_> = report.runs.iter().map(|run| (run.model, run.workers)).collect();
    assert_eq!(runs, [(Model::Serial, 1), (Model::Threads, 1), (Model::Threads, 2)]);
}

#[test]
fn the_default_models_give_the_right_answer_four_times() {
    let report = report(&[&SMALL[..], &["--tasks", "3"]].concat());
    let models: Vec<_> = report.runs.iter().map(|run| run.model).collect();
    assert_eq!(models, Model::COMPUTING);
    let last = 3 * 2000_u128 - 1;
    let closed_form = last * (last + 1) * (2 * last + 1) / 6;
    assert!(report.runs.iter().all(|run| run.answer == closed_form.to_string()));
}

#[test]
fn workers_that_were_warmed_up_give_the_right_answer_too() {
    let args = ["run", "--size", "2000", "--runs", "1", "--quiet", "--export-json", "-"];
    // As a reader runs it; every other test leaves the warm-up out.
    let warm = gilscope(&args).env_remove("GILSCOPE_WARM_UP").output().expect("gilscope starts");
    assert_eq!(warm.status.code(), Some(0), "{}", stderr(&warm));
    let answers = |json: &str| {
        let report = Report::from_json(json).expect("a report");
        report.runs.into_iter().map(|run| (run.model, run.answer)).collect::<Vec<_>>()
    };
    assert_eq!(answers(&stdout(&warm)), answers(&succeeds(&args)));
}

#[test]
fn wrong_flags_name_the_flag_the_value_and_the_remedy() {
    let cases = [
        (
            "--workers 0",
            "--workers cannot be '0': use a whole number from 1 to 256, because each is a thread, a process or a web worker of its own",
        ),
        (
            "--workers two",
            "--workers cannot be 'two': use a whole number from 1 to 256, because each is a thread, a process or a web worker of its own",
        ),
        ("--workers 2,2", "--workers cannot be '2': give each only once"),
        (
            "--size -5",
            "--size cannot be '-5': use a whole number from 1 to 1073741824, because the squares of all tasks must fit 64 bits",
        ),
        (
            "--size 0",
            "--size cannot be '0': use a whole number from 1 to 1073741824, because the squares of all tasks must fit 64 bits",
        ),
        (
            "--tasks 0",
            "--tasks cannot be '0': use a whole number from 1 to 10000, because every answer is kept until the last one is there",
        ),
        ("--chunk 0", "--chunk cannot be '0': use a whole number from 1 to 10000, because no run has more tasks"),
        (
            "--runs 0",
            "--runs cannot be '0': use a whole number from 1 to 1000, because the report keeps the figures of every round",
        ),
        (
            "--warmup 101",
            "--warmup cannot be '101': use a whole number from 0 to 100, because these rounds are thrown away, and workers are warm long before",
        ),
        (
            "--switch-interval 0",
            "--switch-interval cannot be '0': use 0.1 to 1000 milliseconds, because timers are not finer, and after a second without a turn a worker looks dead",
        ),
        (
            "--switch-interval NaN",
            "--switch-interval cannot be 'NaN': use 0.1 to 1000 milliseconds, because timers are not finer, and after a second without a turn a worker looks dead",
        ),
        (
            "--seed 1.5",
            "--seed cannot be '1.5': use a whole number from 0 to 4294967295, because it is a number of 32 bits",
        ),
        (
            "--cores 0",
            "--cores cannot be '0': use a whole number from 1 to 1024, because a set of cores ends there in Linux",
        ),
        (
            "--model gil",
            "--model cannot be 'gil': use one or more of serial, threads, processes, free-threads, event-loop",
        ),
        ("fizz", &format!("WORKLOAD cannot be 'fizz': {}", gilscope::workload::known())),
        ("--dispatch slowly", "--dispatch cannot be 'slowly': use batch, warm or fresh"),
        ("--lock-policy none", "--lock-policy cannot be 'none': use switch-interval or ticks"),
        ("--shared 101", "--shared cannot be '101': use 0 to 100 percent, because it is a part of all operations"),
        ("--sweep size", "--sweep cannot be 'size': give points as 'size=1000 tasks=8; size=10000 tasks=4'"),
        (
            "--sweep size=0",
            "--sweep cannot be 'size=0': use a whole number from 1 to 1073741824, because the squares of all tasks must fit 64 bits",
        ),
        ("--export-json= ", "--export-json cannot be '': give a file, or - for standard output"),
        ("--export-json - --export-csv -", "--export-csv cannot be '-': another export goes there"),
    ];
    for (args, message) in cases {
        let output =
            output(&["run"].into_iter().chain(args.split(' ').filter(|arg| !arg.is_empty())).collect::<Vec<_>>());
        assert_eq!(stderr(&output), format!("error: {message}\n"), "{args}");
        assert_eq!(output.status.code(), Some(2), "{args}");
        assert_eq!(stdout(&output), "", "{args}");
    }
}

#[test]
fn more_cores_than_there_are_is_wrong_usage() {
    let output = output(&["run", "--cores", "1024"]);
    assert!(stderr(&output).starts_with("error: --cores cannot be '1024': there are only "), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn unknown_flags_and_doubled_ones_are_wrong_usage() {
    for args in [&["run", "--worker", "2"][..], &["run", "--size", "1", "--size", "2"], &["run", "a", "b"], &["walk"]] {
        assert_eq!(output(args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn the_page_has_the_table_the_costs_the_answer_and_the_verdict() {
    let output = run(&["--workers", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let page = stdout(&output);
    for part in [
        "Do my threads take turns?",
        "sum-of-squares: 4 tasks, 2,000 numbers a task; 3 rounds after 1 warm-up round",
        "vs serial",
        "efficiency",
        "switches",
        "messages",
        "ceiling: ",
        "Answer: ",
        "Verdict: ",
    ] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
    assert!(Model::COMPUTING.iter().all(|model| page.lines().any(|line| line.starts_with(model.name()))), "{page}");
    assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
    assert_eq!(stderr(&output), "", "no progress without a terminal");
}

#[test]
fn quiet_leaves_out_what_is_not_a_result() {
    let page = stdout(&run(&["--quiet"]));
    assert!(page.starts_with("model "), "{page}");
    assert!(page.contains("Verdict: ") && !page.contains("Answer: ") && !page.contains("efficiency: "), "{page}");
}

#[test]
fn one_round_has_no_interval() {
    let output = output(&["run", "--size", "2000", "--runs", "1", "--model", "serial"]);
    let page = stdout(&output);
    assert!(!page.contains('[') && page.contains("rounds measured: 1, too few for an interval"), "{page}");
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let escapes = |name: &str, value: &str| {
        let mut command = gilscope(&[&["run", "--model", "serial"], &SMALL[..]].concat());
        stdout(&command.env(name, value).output().expect("gilscope starts")).contains('\x1b')
    };
    assert!(!escapes("PIPED", "1"));
    assert!(escapes("CLICOLOR_FORCE", "1"));
    let mut both = gilscope(&["run", "--workers", "0"]);
    let both = both.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().expect("gilscope starts");
    assert!(!stderr(&both).contains('\x1b'));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for args in
        [&[&["run", "--model", "serial"], &SMALL[..]].concat()[..], &["schema"], &["completions", "bash"], &["--help"]]
    {
        let mut child = gilscope(args)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("gilscope starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("gilscope ends");
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{args:?}");
    }
}
