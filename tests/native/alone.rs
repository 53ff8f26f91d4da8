//! What needs the machine to itself, or takes it from the others: run with `--test-threads=1`.

use std::process::{Child, Command};

use gilscope::report::{Report, WarningCode};

use gilscope_tests::binary::succeeds;

/// A process that keeps a core busy until this is dropped.
struct Busy(Child);

impl Busy {
    fn start() -> Self {
        Self(Command::new("sh").args(["-c", "while :; do :; done"]).spawn().expect("a shell"))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).expect("it ends");
    }
}

#[test]
fn a_machine_that_is_busy_before_the_run_is_told() {
    let cores = std::thread::available_parallelism().expect("cores").get();
    let others: Vec<_> = (0..cores).map(|_| Busy::start()).collect();
    let report = succeeds(&["run", "--size", "2000", "--runs", "1", "--model", "serial", "--export-json", "-"]);
    drop(others);
    let report = Report::from_json(&report).expect("a report");
    let mut busy = report.warnings.iter().filter(|warning| warning.code == WarningCode::BusyMachine);
    // The same code also warns of another gilscope.
    assert!(
        busy.any(|warning| warning.text.ends_with(" % of this machine was in use; close other programs and run again")),
        "{:?}",
        report.warnings
    );
}
