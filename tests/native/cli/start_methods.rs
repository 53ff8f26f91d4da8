//! Processes as Python starts them.

use gilscope::experiment::Model;
use gilscope::report::{Report, WarningCode};

use super::server::Server;
use gilscope_tests::binary::{output, stderr, stdout, succeeds};

fn report(args: &[&str]) -> Report {
    let output = output(&[&["run", "--size", "2000", "--runs", "2", "--export-json", "-"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    Report::from_json(&stdout(&output)).expect("a report")
}

#[cfg(unix)]
#[test]
fn every_start_method_gives_the_same_answer_with_start_up_and_memory_measured() {
    let sweep = "start-method=spawn; start-method=fork; start-method=forkserver";
    for dispatch in ["batch", "fresh"] {
        let args = ["--model", "threads,processes", "--workers", "1,2", "--dispatch", dispatch, "--sweep", sweep];
        let report = report(&args);
        assert_eq!(report.runs.len(), 3 * 4, "{:?}", report.warnings);
        assert!(report.runs.iter().all(|run| run.answer == report.runs[0].answer));
        for run in report.runs.iter().filter(|run| run.model == Model::Processes) {
            assert!(run.startup_s.samples.iter().all(|startup_s| *startup_s > 0.0), "{:?}", run.startup_s);
            assert!(run.memory_bytes.is_some() || !cfg!(target_os = "linux") || dispatch == "fresh");
        }
    }
}

#[cfg(unix)]
#[test]
fn workers_compute_beside_others_and_meet_whatever_they_were_copied_from() {
    for method in ["fork", "forkserver"] {
        // Long enough for the one beside to be seen running.
        let long = ["run", "--size", "5000000", "--runs", "1", "--model", "processes", "--workers", "1"];
        let json =
            succeeds(&[&long[..], &["--background", "1", "--start-method", method, "--export-json", "-"]].concat());
        let report = Report::from_json(&json).expect("a report");
        let [worker, beside] = &report.runs[0].per_worker[..] else { panic!("two workers: {:?}", report.runs) };
        assert!(worker.tasks > 0 && beside.tasks == 0 && beside.running_s > 0.0, "{method}: {beside:?}");
        let args = ["run", "primitive", "--model", "processes", "--runs", "1", "--start-method", method];
        let output = output(&args);
        assert_eq!(output.status.code(), Some(0), "{method}: {}", stderr(&output));
    }
}

/// The server has threads: what they are at would stay half done in a copy.
#[cfg(target_os = "linux")]
#[test]
fn a_process_with_threads_refuses_fork_with_the_reason_and_not_forkserver() {
    let server = Server::start(&[]);
    let run = |method: &str| {
        let models = r#""models": ["serial", "processes"]"#;
        let experiment = format!(r#"{{"size": 2000, "runs": 1, {models}, "start_method": "{method}"}}"#);
        let lines = server.events(&server.run(&experiment), 0).finish().lines();
        Report::from_json(&lines.last().expect("lines")["said"]["report"].to_string()).expect("a report")
    };
    let refused = run("fork");
    assert_eq!(refused.runs.len(), 1);
    let warning = refused.warnings.iter().find(|warning| warning.code == WarningCode::ModelUnavailable);
    let text = &warning.expect("a reason").text;
    assert!(text.starts_with("processes did not run: fork copies one thread only, and this process has "), "{text}");
    assert_eq!(run("forkserver").runs.len(), 2);
}
