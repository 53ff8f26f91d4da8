//! Installing what is missing, where that is ours to do; otherwise naming the one command.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, first_line, run_quietly};
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::{Progress, Step, say};

const GECKODRIVER_VERSION: &str = "0.37.1";

/// The standard library's sources for the toolchain that runs us.
pub fn rust_src(progress: &Progress) -> Result<()> {
    let rustup = which::which("rustup").context("rustup not found")?;
    let mut command = Command::new(rustup);
    run_quietly(command.args(["component", "add", "rust-src"]), progress, "run `rustup component add rust-src`")
}

/// The standard library for another system, which only rustup has.
pub fn target(triple: &str, progress: &Progress) -> Result<()> {
    let mut command = Command::new(which::which("rustup").context("rustup not found")?);
    run_quietly(command.args(["target", "add", triple]), progress, &format!("run `rustup target add {triple}`"))
}

/// Installs Debian packages as root; for anyone else the error is the command to run.
pub fn debian_packages(packages: &[&str], progress: &Progress) -> Result<()> {
    let list = packages.join(" ");
    if which::which("apt-get").is_err() {
        bail!("missing: {list}; install them with your system's package manager (`cargo xtask doctor` has details)");
    }
    if first_line(Command::new("id").arg("-u")).as_deref() != Some("0") {
        bail!("missing: {list}; run `sudo apt-get install --no-install-recommends {list}`");
    }
    say("apt-get", &format!("installing {list}"));
    let apt_get = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["--quiet", "-o", "DPkg::Lock::Timeout=300"]).args(args);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        run_quietly(&mut command, progress, &format!("run `apt-get install {list}` by hand"))
    };
    apt_get(&["update"])?;
    apt_get(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}

/// Debian has no geckodriver; crates.io has, by Mozilla.
pub fn geckodriver(house: &House) -> Result<()> {
    let step = Step {
        name: "driver",
        verb: "installed",
        inputs: Fingerprint::default().text(GECKODRIVER_VERSION),
        outputs: vec![house.tools().join("bin")],
    };
    step.run(house, |progress| {
        let mut command = cargo();
        // Unoptimised: it passes small messages on, and compiles in half the time.
        command
            .args(["install", "geckodriver", "--locked", "--debug", "--version", GECKODRIVER_VERSION, "--root"])
            .arg(house.tools())
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .current_dir(&house.root);
        run_quietly(&mut command, progress, "put a geckodriver into PATH, or name it in GECKODRIVER")
    })
}
