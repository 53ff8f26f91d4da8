//! The programs that gilscope is built and tested with, and where they are found.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::native::Profile;
use crate::command::first_line;
use crate::house::House;
use crate::install;
use crate::step::Progress;

pub struct Tool {
    pub name: &'static str,
    /// The variable that overrides the search, and by which the tests find the tool.
    pub variable: &'static str,
    /// Names in PATH, or full paths.
    names: &'static [&'static str],
    /// Nothing where it tells no version, or only on a screen.
    pub version_flag: &'static str,
    pub remedy: &'static str,
    /// Debian's package.
    debian: Option<&'static str>,
}

/// The remedy where only the command's output can tell.
pub const SEE_DOCTOR: &str = "`cargo xtask doctor` lists what the build needs";

pub const NODE: Tool = Tool {
    name: "node",
    variable: "NODE",
    names: &["node"],
    version_flag: "--version",
    remedy: "install Node.js 20.19 or newer",
    debian: None,
};

pub const NPM: Tool = Tool {
    name: "npm",
    variable: "NPM",
    names: &["npm"],
    version_flag: "--version",
    remedy: "install npm (it comes with Node.js)",
    debian: None,
};

/// What runs the labs' listings.
pub const PYTHON: Tool = Tool {
    name: "python3",
    variable: "PYTHON",
    names: &["python3"],
    version_flag: "--version",
    remedy: "`apt-get install python3`: a CPython 3.8 or newer, as python3 in PATH",
    debian: Some("python3"),
};

const CHROMIUM: Tool = Tool {
    name: "chromium",
    variable: "CHROMIUM",
    names: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    version_flag: "--version",
    remedy: "`apt-get install chromium`, or name a Chromium or Chrome in CHROMIUM",
    debian: Some("chromium"),
};

const CHROMEDRIVER: Tool = Tool {
    name: "chromedriver",
    variable: "CHROMEDRIVER",
    names: &["chromedriver"],
    version_flag: "--version",
    remedy: "`apt-get install chromium-driver`, or name the driver of that Chromium in CHROMEDRIVER",
    debian: Some("chromium-driver"),
};

const FIREFOX: Tool = Tool {
    name: "firefox",
    variable: "FIREFOX",
    names: &["firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    version_flag: "--version",
    remedy: "`apt-get install firefox-esr`, or name a Firefox in FIREFOX",
    debian: Some("firefox-esr"),
};

const GECKODRIVER: Tool = Tool {
    name: "geckodriver",
    variable: "GECKODRIVER",
    names: &["geckodriver"],
    version_flag: "--version",
    remedy: "`cargo xtask test` builds it, or `cargo install geckodriver --locked`",
    debian: None,
};

const MINIBROWSER: Tool = Tool {
    name: "MiniBrowser",
    variable: "MINIBROWSER",
    names: &[
        "MiniBrowser",
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    ],
    version_flag: "",
    remedy: "`apt-get install webkit2gtk-driver`, or name WebKitGTK's MiniBrowser in MINIBROWSER",
    debian: Some("webkit2gtk-driver"),
};

const WEBKITWEBDRIVER: Tool = Tool {
    name: "WebKitWebDriver",
    variable: "WEBKITWEBDRIVER",
    names: &["WebKitWebDriver"],
    version_flag: "",
    remedy: "`apt-get install webkit2gtk-driver`, or name the driver of that WebKitGTK in WEBKITWEBDRIVER",
    debian: Some("webkit2gtk-driver"),
};

/// The screen of a browser that cannot do without.
const XVFB: Tool = Tool {
    name: "Xvfb",
    variable: "XVFB",
    names: &["Xvfb"],
    version_flag: "",
    remedy: "`apt-get install xvfb`",
    debian: Some("xvfb"),
};

/// What the tests of the site drive. WebKitGTK is of Linux alone.
pub const BROWSERS: &[&Tool] = if cfg!(target_os = "linux") {
    &[&CHROMIUM, &CHROMEDRIVER, &FIREFOX, &GECKODRIVER, &MINIBROWSER, &WEBKITWEBDRIVER, &XVFB]
} else {
    &[&CHROMIUM, &CHROMEDRIVER, &FIREFOX, &GECKODRIVER]
};

impl Tool {
    pub fn find(&self, house: &House) -> Option<PathBuf> {
        let named = std::env::var_os(self.variable).filter(|path| !path.is_empty());
        if let Some(path) = named {
            return which::which(path).ok();
        }
        let ours = which::which_in_global(self.names[0], Some(house.tools().join("bin")));
        self.names.iter().find_map(|name| which::which(name).ok()).or_else(|| ours.ok()?.next())
    }

    pub fn require(&self, house: &House) -> Result<PathBuf> {
        self.find(house).with_context(|| format!("{} not found; {}", self.name, self.remedy))
    }

    pub fn version(&self, path: &PathBuf) -> Option<String> {
        if self.version_flag.is_empty() {
            return Some("some version".into());
        }
        first_line(Command::new(path).arg(self.version_flag))
    }
}

/// Makes each of these tools there, or says how.
pub fn install_for_tests(house: &House, tools: &[&Tool]) -> Result<()> {
    install_packages_for_tests(house, tools)?;
    install_driver_for_tests(house, tools)
}

/// The tools that the system's package manager has.
pub fn install_packages_for_tests(house: &House, tools: &[&Tool]) -> Result<()> {
    let packages: Vec<_> = missing(house, tools).filter_map(|tool| tool.debian).collect();
    if packages.is_empty() { Ok(()) } else { install::debian_packages(&packages, &Progress::start("tools")) }
}

/// The one that has to be compiled.
pub fn install_driver_for_tests(house: &House, tools: &[&Tool]) -> Result<()> {
    let is_missing = missing(house, tools).any(|tool| tool.name == GECKODRIVER.name);
    if is_missing { install::geckodriver(house) } else { Ok(()) }
}

fn missing<'a>(house: &House, tools: &[&'a Tool]) -> impl Iterator<Item = &'a Tool> {
    tools.iter().copied().filter(|tool| tool.find(house).is_none())
}

/// How tests find the binary, the browsers and their drivers. Python they take from PATH, as a reader does.
pub fn environment(house: &House, profile: Profile) -> Vec<(&'static str, PathBuf)> {
    let browsers = BROWSERS.iter().filter_map(|tool| Some((tool.variable, tool.find(house)?)));
    [("GILSCOPE_BIN", house.gilscope(profile))].into_iter().chain(browsers).collect()
}
