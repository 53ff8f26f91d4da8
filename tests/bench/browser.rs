//! The browser host: a browser on the site that the native binary serves, nothing drawn meanwhile.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, anyhow};
use gilscope::experiment::Experiment;
use gilscope::report::Report;
use serde_json::{Map, Value};
use thirtyfour::prelude::*;

use super::native;
use super::table::{Figure, Target};
use gilscope_tests::driver::{Driver, Engine};

/// A process that ends with its owner.
struct Owned(Child);

impl Drop for Owned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct Browser {
    pub session: WebDriver,
    pub url: String,
    _server: Owned,
    _driver: Driver,
}

impl Browser {
    pub async fn open(engine: Engine) -> anyhow::Result<Self> {
        let (server, line) = start(native::gilscope().args(["serve", "--port", "0", "--no-open"]), "http://")?;
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).context("no address")?.to_owned();
        let driver = Driver::start(engine)?;
        let capabilities: Map<String, Value> = serde_json::from_value(driver.capabilities.clone())?;
        let session = WebDriver::new(&driver.url, Capabilities::from(capabilities)).await?;
        session.set_script_timeout(Duration::from_secs(600)).await?;
        Ok(Self { session, url, _server: server, _driver: driver })
    }

    /// What a first visit costs: bytes on the wire, and the time until Run can be pressed.
    pub async fn site(&self) -> anyhow::Result<Vec<Figure>> {
        const READY: &str = "const done = arguments[0]; const look = () => {
            const mark = performance.getEntriesByName('gilscope-ready')[0];
            if (!mark) return setTimeout(look, 20);
            const loads = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
            done([mark.startTime, loads.reduce((bytes, load) => bytes + load.encodedBodySize, 0)]);
        }; look();";
        self.session.goto(&self.url).await?;
        let (ready_ms, bytes): (f64, f64) = self.session.execute_async(READY, vec![]).await?.convert()?;
        Ok(vec![
            Figure::kilobytes("site before the first run, compressed", bytes, Target::AtMost(200.0)),
            Figure::milliseconds("navigation to Run usable, first visit", vec![ready_ms / 1e3], Target::AtMost(1000.0)),
        ])
    }

    pub async fn run(&self, experiment: &Experiment, recording: bool) -> anyhow::Result<Report> {
        const RUN: &str = "const [experiment, recording, done] = arguments;
            window.gilscope.run(experiment, { recording }).then(
                (report) => done({ report: JSON.stringify(report) }),
                (error) => done({ error: String(error) }),
            );";
        let arguments = vec![serde_json::to_value(experiment)?, recording.into()];
        let answer = self.session.execute_async(RUN, arguments).await?;
        match answer.json()["report"].as_str() {
            Some(report) => Ok(Report::from_json(report)?),
            None => Err(anyhow!("the browser says {}", answer.json()["error"])),
        }
    }

    pub async fn close(self) -> anyhow::Result<()> {
        Ok(self.session.quit().await?)
    }
}

/// Start a process and wait for the line of its output that has `mark`.
fn start(command: &mut Command, mark: &str) -> anyhow::Result<(Owned, String)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("{name} does not start"))?;
    let mut lines = BufReader::new(child.stdout.take().context("piped")?).lines();
    let owned = Owned(child);
    let line = lines.find_map(|line| line.ok().filter(|line| line.contains(mark)));
    // Whatever it still prints must find a reader.
    std::thread::spawn(move || lines.for_each(drop));
    Ok((owned, line.with_context(|| format!("{name} ended at its start"))?))
}
