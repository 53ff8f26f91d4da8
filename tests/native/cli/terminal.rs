//! The binary on a terminal of its own, where it shows its progress: that tells a test how far a run is.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use gilscope_tests::binary::{GILSCOPE, eventually};
use gilscope_tests::processes::children;

/// Python has terminals, and these tests need a Python anyway. It ends with the program, or with the test: then the
/// terminal is gone, and the program is told so. (`pty.spawn` stays when nobody reads any more.)
const TERMINAL: &str = r#"
import os, pty, select, sys
pid, screen = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    for source in select.select([screen, 0], [], [])[0]:
        try:
            data = os.read(source, 4096)
        except OSError:
            data = b""
        if not data:
            status = os.waitpid(pid, 0)[1] if source == screen else 1
            sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)
        os.write(1 if source == screen else screen, data)
"#;
/// Only what goes to standard error is to be seen on the terminal.
const REDIRECT: &str = "out=$0; exec \"$@\" > \"$out\"";

pub struct Terminal {
    python: Child,
    shown: String,
}

impl Terminal {
    /// Start gilscope, with its standard output in the file `out`.
    pub fn start(args: &[&str], out: &Path) -> Self {
        let mut command = Command::new("python3");
        command.args(["-c", TERMINAL, "sh", "-c", REDIRECT]).arg(out).arg(&*GILSCOPE).args(args);
        command.env("TERM", "xterm").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { python: command.spawn().expect("python3 starts"), shown: String::new() }
    }

    /// The process of gilscope.
    pub fn pid(&self) -> u32 {
        let mut found = Vec::new();
        eventually("gilscope starts", || {
            found = children(self.python.id());
            found.len() == 1
        });
        found[0]
    }

    /// Wait until the run has begun.
    pub fn wait_until_begun(&mut self) {
        self.wait_until("it begins", |shown| shown.contains("starting "));
    }

    /// Wait until the second measured round or a later one is shown: then one has been measured.
    pub fn wait_until_measured(&mut self) {
        let later = |shown: &str| {
            let rounds =
                shown.split("  round ").skip(1).filter_map(|text| text.split_once(" of ")?.0.parse::<u32>().ok());
            rounds.max().is_some_and(|round| round > 1)
        };
        self.wait_until("a round is measured", later);
    }

    fn wait_until(&mut self, what: &str, has: impl Fn(&str) -> bool) {
        while !has(&self.shown) {
            let mut piece = [0; 4096];
            let read = self.python.stdout.as_mut().expect("piped").read(&mut piece).expect("it can be read");
            assert_ne!(read, 0, "the run ended before {what}: {}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&piece[..read]));
        }
    }

    /// The key, which reaches all processes of the terminal.
    pub fn press_ctrl_c(&mut self) {
        self.python.stdin.as_mut().expect("piped").write_all(b"\x03").expect("it takes keys");
    }

    /// Wait for its end; gives how it ended, and all that was shown.
    pub fn finish(mut self) -> (ExitStatus, String) {
        let mut rest = Vec::new();
        self.python.stdout.take().expect("piped").read_to_end(&mut rest).expect("it can be read");
        let status = self.python.wait().expect("it ends");
        (status, std::mem::take(&mut self.shown) + &String::from_utf8_lossy(&rest))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.python.kill();
        let _ = self.python.wait();
    }
}
