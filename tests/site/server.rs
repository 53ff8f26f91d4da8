//! A `gilscope serve` under test; it ends with the test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use gilscope_tests::binary::gilscope;

pub struct Server {
    child: Child,
    /// Without a slash at the end.
    pub origin: String,
}

impl Server {
    pub fn start(flags: &[&str]) -> Result<Self> {
        let args = [&["serve", "--port", "0", "--no-open"], flags].concat();
        let mut child = gilscope(&args).stdout(Stdio::piped()).spawn().context("gilscope starts")?;
        let stdout = child.stdout.take().expect("piped");
        // From here on it is ended, whatever it says.
        let mut server = Self { child, origin: String::new() };
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
