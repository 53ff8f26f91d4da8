//! Starting the binary, and reading what it prints.

use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::Duration;

/// Flags of a run that takes a moment, not seconds.
pub const SMALL: [&str; 4] = ["--size", "2000", "--runs", "3"];

/// The binary under test: the one that `GILSCOPE_BIN` names, or the one of our own profile.
pub static GILSCOPE: LazyLock<PathBuf> = LazyLock::new(|| {
    let named = env::var_os("GILSCOPE_BIN").filter(|path| !path.is_empty());
    // We are target/PROFILE/deps/NAME.
    let built =
        || Some(env::current_exe().ok()?.ancestors().nth(2)?.join(format!("gilscope{}", env::consts::EXE_SUFFIX)));
    let path = named.map(PathBuf::from).or_else(built).filter(|path| path.exists());
    path.expect("no gilscope binary: run `cargo xtask test`, or name one in GILSCOPE_BIN")
});

/// The binary, with nothing of the tester's terminal. Its workers are not warmed up: half a second for every model is
/// most of what a small run takes.
pub fn gilscope(args: &[&str]) -> Command {
    let mut command = Command::new(&*GILSCOPE);
    command.args(args).stdin(Stdio::null()).env("GILSCOPE_WARM_UP", "off");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GILSCOPE_PATIENCE"] {
        command.env_remove(name);
    }
    command
}

pub fn output(args: &[&str]) -> Output {
    gilscope(args).output().expect("gilscope starts")
}

/// What a small run prints.
pub fn run(args: &[&str]) -> Output {
    output(&[&["run"], &SMALL[..], args].concat())
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Standard output of what must succeed.
pub fn succeeds(args: &[&str]) -> String {
    let output = output(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    stdout(&output)
}

/// Tell whoever runs the tests that one checks nothing on this machine: past the harness, which would keep it to itself.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// Wait until `condition` holds: for as long as it takes, within reason.
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..600 {
        if condition() {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("{what}: not within 30 s");
}
