//! WebDriver servers: one for each test, ended with it, together with the browser it started.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK's own small browser, a stand-in for Safari: with `SharedArrayBuffer`, which it has off by default.
    WebKit,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The variables that name the driver and the browser, and what they are called in PATH.
    fn programs(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::Chromium => [("CHROMEDRIVER", "chromedriver"), ("CHROMIUM", "chromium")],
            Self::Firefox => [("GECKODRIVER", "geckodriver"), ("FIREFOX", "firefox")],
            Self::WebKit => [("WEBKITWEBDRIVER", "WebKitWebDriver"), ("MINIBROWSER", "MiniBrowser")],
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
            Self::WebKit => json!({"args": ["--automation"]}),
        };
        if let Some(path) = named {
            options["binary"] = path.into();
        }
        match self {
            Self::Chromium => json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}),
            Self::Firefox => json!({"moz:firefoxOptions": options}),
            Self::WebKit => json!({"webkitgtk:browserOptions": options}),
        }
    }
}

/// A driver that listens. Dropping it ends it and every process it started.
pub struct Driver {
    child: Child,
    /// The screen of a browser that cannot do without.
    _screen: Option<Screen>,
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
        let (mut screen, mut chosen) = (None, None);
        match engine {
            Engine::Chromium => command.arg("--port=0"),
            // Complaints are read in the browser's own context, which the last flag opens.
            Engine::Firefox => command.args(["--port", "0", "--websocket-port", "0", "--allow-system-access"]),
            // It says nothing, and takes no 0.
            Engine::WebKit => {
                let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
                let screen = screen.insert(Screen::start()?);
                command.env("DISPLAY", &screen.name).env("JSC_useSharedArrayBuffer", "1").env("NO_AT_BRIDGE", "1");
                command.arg(format!("--port={}", chosen.insert(port)))
            }
        };
        command.env("TMPDIR", folder.path()).env("HOME", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| {
            format!("{program} does not start; `cargo xtask test` installs it, or name one in {variable}")
        })?;
        let (said, hears) = channel();
        relay(child.stdout.take().expect("piped"), said.clone());
        relay(child.stderr.take().expect("piped"), said);
        let mut driver =
            Self { child, _screen: screen, url: String::new(), capabilities: engine.capabilities(), _folder: folder };
        if let Some(port) = chosen {
            driver.url = format!("http://127.0.0.1:{port}");
            let listens = (0..600).any(|_| {
                thread::sleep(Duration::from_millis(50));
                TcpStream::connect(("127.0.0.1", port)).is_ok()
            });
            ensure!(listens, "{program} does not listen on port {port}");
            return Ok(driver);
        }
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

/// A screen that nobody sees. Dropping it ends it.
struct Screen {
    child: Child,
    name: String,
}

impl Screen {
    fn start() -> Result<Self> {
        let program = env::var("XVFB").ok().filter(|path| !path.is_empty()).unwrap_or_else(|| "Xvfb".to_owned());
        let mut command = Command::new(&program);
        command.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut screen = Self {
            child: child.with_context(|| format!("{program} does not start; `cargo xtask test` installs it"))?,
            name: String::new(),
        };
        let mut number = String::new();
        BufReader::new(screen.child.stdout.take().expect("piped")).read_line(&mut number)?;
        screen.name = format!(":{}", number.trim());
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
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
