//! Starting the binary, and looking at what it leaves behind.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Flags of a run that takes a moment, not seconds.
pub const SMALL: [&str; 4] = ["--size", "2000", "--runs", "3"];

/// The binary, with nothing of the tester's terminal.
pub fn gilscope(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gilscope"));
    command.args(args).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
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

/// The processes that `parent` started and that have not ended.
#[cfg(target_os = "linux")]
pub fn children(parent: u32) -> Vec<u32> {
    let pids =
        std::fs::read_dir("/proc").expect("a Linux").filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|pid| state_and_parent(*pid).is_some_and(|(state, of)| of == parent && state != "Z")).collect()
}

/// The processes that `parent` started, that those started, and so on.
#[cfg(target_os = "linux")]
pub fn descendants(parent: u32) -> Vec<u32> {
    children(parent).into_iter().flat_map(|child| [vec![child], descendants(child)].concat()).collect()
}

/// Whether a process still does anything.
#[cfg(target_os = "linux")]
pub fn is_alive(pid: u32) -> bool {
    state_and_parent(pid).is_some_and(|(state, _)| state != "Z")
}

#[cfg(target_os = "linux")]
fn state_and_parent(pid: u32) -> Option<(String, u32)> {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
    // The name before it may hold anything, also spaces and brackets.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

/// What Ctrl-C does to a process.
#[cfg(target_os = "linux")]
pub fn interrupt(pid: u32) {
    signal("-INT", pid);
}

/// What nothing can do anything about.
#[cfg(target_os = "linux")]
pub fn kill(pid: u32) {
    signal("-KILL", pid);
}

#[cfg(target_os = "linux")]
pub fn signal(name: &str, pid: u32) {
    let status = Command::new("kill").args([name, &pid.to_string()]).status();
    assert!(status.expect("kill starts").success());
}

/// Wait until `condition` holds: for as long as it takes, within reason.
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..600 {
        if condition() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{what}: not within 30 s");
}
