//! A process and all that it has started, which end as one.

use std::io;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

/// A process that leads a group of its own. Dropping it ends the group. Ctrl-C in a terminal does not reach it.
pub struct Group {
    child: Child,
    has_ended: bool,
}

impl Group {
    /// Start it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        lead_a_group(command);
        Ok(Self { child: command.spawn()?, has_ended: false })
    }

    pub fn stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("piped, and taken once")
    }

    pub fn stdout(&mut self) -> ChildStdout {
        self.child.stdout.take().expect("piped, and taken once")
    }

    pub fn stderr(&mut self) -> ChildStderr {
        self.child.stderr.take().expect("piped, and taken once")
    }

    /// Whether the process itself goes on; what it has started may do so without it.
    pub fn is_running(&mut self) -> bool {
        !self.has_ended && is_running(&mut self.child)
    }

    /// End it with all that it has started, if it has not been; tells how it ended.
    pub fn end(&mut self) -> String {
        // Once waited for, its number may be another's.
        if !std::mem::replace(&mut self.has_ended, true) {
            kill(&mut self.child);
        }
        self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(unix)]
fn lead_a_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn lead_a_group(_: &mut Command) {}

/// Only looks: a process that has been waited for leaves its number, and that of its group, to others.
#[cfg(unix)]
fn is_running(child: &mut Child) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    matches!(waitid(WaitId::Pid(Pid::from_child(child)), look), Ok(None))
}

#[cfg(not(unix))]
fn is_running(child: &mut Child) -> bool {
    matches!(child.try_wait(), Ok(None))
}

#[cfg(unix)]
fn kill(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    // It may have ended by itself by now.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    let _ = child.kill();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::Read;
    use std::process::Stdio;

    fn shell(script: &str) -> Group {
        Group::start(Command::new("/bin/sh").args(["-c", script]).stdout(Stdio::piped())).unwrap()
    }

    fn wait(group: &mut Group) {
        while group.is_running() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn looking_takes_nothing_away() {
        let mut group = shell("exit 3");
        wait(&mut group);
        assert!(!group.is_running());
        assert_eq!([group.end(), group.end()], ["exit status: 3", "exit status: 3"]);
        assert!(!group.is_running());
    }

    #[test]
    fn what_outlives_the_process_ends_with_the_group() {
        let mut group = shell("sleep 1000 & echo started");
        let mut stdout = group.stdout();
        wait(&mut group);
        group.end();
        // It comes to its end when nobody holds it open any more.
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        assert_eq!(text, "started\n");
    }

    #[test]
    fn one_that_goes_on_is_killed() {
        let mut group = shell("sleep 1000");
        assert!(group.is_running());
        assert_eq!(group.end(), "signal: 9 (SIGKILL)");
    }
}
