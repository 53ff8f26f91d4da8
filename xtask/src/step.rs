//! A step of the build: done once, said in one line, skipped while nothing it depends on has changed.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::fingerprint::Fingerprint;
use crate::house::House;

pub struct Step {
    /// One word, the first of the line that is printed.
    pub name: &'static str,
    /// "built", "installed": the verb of that line.
    pub verb: &'static str,
    pub inputs: Fingerprint,
    /// Files and folders that the step writes.
    pub outputs: Vec<PathBuf>,
}

impl Step {
    pub fn run(self, house: &House, work: impl FnOnce(&Progress) -> Result<()>) -> Result<()> {
        let stamp = house.scratch().join(format!("{}.stamp", self.name));
        let is_current = self.missing_output().is_none() && fs::read_to_string(&stamp).ok() == Some(self.state()?);
        if is_current {
            say(self.name, "up to date");
            return Ok(());
        }
        let start = Instant::now();
        let progress = Progress::start(self.name);
        work(&progress).with_context(|| format!("{} failed", self.name))?;
        drop(progress);
        if let Some(path) = self.missing_output() {
            bail!("{} ended well but did not write {}", self.name, path.display());
        }
        fs::create_dir_all(house.scratch())?;
        fs::write(&stamp, self.state()?)?;
        say(self.name, &format!("{} in {}", self.verb, seconds(start.elapsed())));
        Ok(())
    }

    fn missing_output(&self) -> Option<&PathBuf> {
        self.outputs.iter().find(|path| !path.exists())
    }

    fn state(&self) -> Result<String> {
        let outputs = Fingerprint::default().identities(&self.outputs)?;
        Ok(format!("{} {}", self.inputs.hex(), outputs.hex()))
    }
}

/// A spinner with the latest line of the running command. Nothing is drawn where no one watches.
pub struct Progress {
    name: &'static str,
    bar: ProgressBar,
}

impl Progress {
    pub fn start(name: &'static str) -> Progress {
        let style = ProgressStyle::with_template("{wide_msg} {elapsed}").expect("the template is constant");
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        let progress = Progress { name, bar };
        progress.say("…");
        progress
    }

    pub fn say(&self, line: &str) {
        self.bar.set_message(format!("{:<9} {}", self.name, line.trim()));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// On stderr: stdout belongs to the program that is started in the end.
pub fn say(name: &str, text: &str) {
    eprintln!("{name:<9} {text}");
}

pub fn seconds(duration: Duration) -> String {
    match duration.as_secs_f64() {
        s if s < 9.95 => format!("{s:.1} s"),
        s => format!("{s:.0} s"),
    }
}
