//! A `gilscope serve` under test; it ends with the test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use gilscope_tests::binary::gilscope;
use tempfile::TempDir;

use crate::origins;

pub struct Server {
    child: Child,
    /// Where it looks for Pythons, when it is to find none.
    _empty: TempDir,
    /// Without a slash at the end.
    pub origin: String,
}

impl Server {
    /// Asking every Python of a machine what it can do takes both cores for seconds, so a server finds Pythons only where
    /// a test needs one.
    pub fn start(flags: &[&str], finds_pythons: bool) -> Result<Self> {
        loop {
            let server = Self::on_any_port(flags, finds_pythons)?;
            if origins::is_new(&server.origin) {
                return Ok(server);
            }
        }
    }

    fn on_any_port(flags: &[&str], finds_pythons: bool) -> Result<Self> {
        let empty = tempfile::tempdir()?;
        let args = [&["serve", "--port", "0", "--no-open"], flags].concat();
        let mut command = gilscope(&args);
        if !finds_pythons {
            command.env("PATH", empty.path()).env("PYENV_ROOT", empty.path());
        }
        let mut child = command.stdout(Stdio::piped()).spawn().context("gilscope starts")?;
        let stdout = child.stdout.take().expect("piped");
        // From here on it is ended, whatever it says.
        let mut server = Self { child, _empty: empty, origin: String::new() };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).context(line.clone())?;
        server.origin = url.trim_end_matches('/').to_owned();
        Ok(server)
    }

    /// It is there, and does nothing any more.
    pub fn suspend(&self) -> Result<()> {
        let status = Command::new("kill").args(["-STOP", &self.child.id().to_string()]).status()?;
        ensure!(status.success(), "{status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
