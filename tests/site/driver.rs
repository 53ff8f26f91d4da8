//! WebDriver servers: one for each test, ended with it, together with the browser it started.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    Chromium,
    Firefox,
}

impl Engine {
    /// The variables that name the driver and the browser, and what they are called in PATH.
    fn programs(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::Chromium => [("CHROMEDRIVER", "chromedriver"), ("CHROMIUM", "chromium")],
            Self::Firefox => [("GECKODRIVER", "geckodriver"), ("FIREFOX", "firefox")],
        }
    }

    /// A browser without a window, that keeps to itself.
    fn capabilities(self) -> Value {
        let [_, browser] = self.programs();
        // A driver finds the browser in its usual places better than we do.
        let named = env::var(browser.0).ok().filter(|path| !path.is_empty());
        let mut options = match self {
            Self::Chromium => json!({"args": [
                "--headless=new", "--no-sandbox", "--disable-quic", "--disable-background-networking",
                "--disable-component-update", "--disable-dev-shm-usage", "--no-first-run", "--window-size=1200,900",
            ]}),
            Self::Firefox => json!({
                "args": ["-headless"],
                "prefs": {
                    "devtools.console.stdout.content": true,
                    "network.captive-portal-service.enabled": false,
                    "network.connectivity-service.enabled": false,
                },
            }),
        };
        if let Some(path) = named {
            options["binary"] = path.into();
        }
        match self {
            Self::Chromium => json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}),
            Self::Firefox => json!({"moz:firefoxOptions": options}),
        }
    }
}

/// A driver that listens. Dropping it ends it and every process it started.
pub struct Driver {
    child: Child,
    pub url: String,
    pub capabilities: Value,
    /// Profiles and downloads.
    _folder: TempDir,
}

impl Driver {
    pub fn start(engine: Engine) -> Result<Self> {
        let [(variable, name), _] = engine.programs();
        let program = env::var(variable).ok().filter(|path| !path.is_empty()).unwrap_or_else(|| name.to_owned());
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(&program);
        match engine {
            Engine::Chromium => command.arg("--port=0"),
            // Complaints are read in the browser's own context, which the last flag opens.
            Engine::Firefox => command.args(["--port", "0", "--websocket-port", "0", "--allow-system-access"]),
        };
        command.env("TMPDIR", folder.path()).env("HOME", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| {
            format!("{program} does not start; `cargo xtask test` installs it, or name one in {variable}")
        })?;
        let (said, hears) = channel();
        relay(child.stdout.take().expect("piped"), said.clone());
        relay(child.stderr.take().expect("piped"), said);
        let mut driver = Self { child, url: String::new(), capabilities: engine.capabilities(), _folder: folder };
        while let Ok(line) = hears.recv_timeout(Duration::from_secs(30)) {
            if let Some(port) = port(&line) {
                driver.url = format!("http://127.0.0.1:{port}");
                return Ok(driver);
            }
        }
        bail!("{program} did not say which port it listens on")
    }

    /// Its process, whose children are the browser.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let browser = crate::processes::descendants(self.pid());
        let _ = self.child.kill();
        let _ = self.child.wait();
        for pid in browser {
            // Most have ended with the session.
            let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status();
        }
    }
}

/// "ChromeDriver was started successfully on port 40123.", "… Listening on 127.0.0.1:40123".
fn port(line: &str) -> Option<u16> {
    let after = line.rsplit_once("successfully on port ").or_else(|| line.rsplit_once("Listening on 127.0.0.1:"))?.1;
    after.trim_end_matches('.').parse().ok()
}

/// Hand on what is said until nobody listens, then only keep the pipe empty.
fn relay(pipe: impl Read + Send + 'static, to: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = to.send(line);
        }
    });
}
