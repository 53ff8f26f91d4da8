//! `cargo xtask lint`: formatting and clippy, for the native parts, for the systems that no test runs on, and for
//! wasm, warnings denied.

use std::fs;

use anyhow::Result;
use clap::Args;

use crate::build::wasm as module;
use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::install;
use crate::step::{Progress, say};

/// The binary must compile for them; no test of ours runs there.
const ELSEWHERE: [&str; 2] = ["aarch64-apple-darwin", "x86_64-pc-windows-gnu"];

#[derive(Args)]
pub struct Options {
    /// Also for macOS and Windows, on which no test of ours runs
    #[arg(long)]
    full: bool,
}

pub fn run(house: &House, options: &Options) -> Result<()> {
    format(house)?;
    native(house)?;
    wasm(house)?;
    if options.full { elsewhere(house) } else { Ok(()) }
}

pub fn format(house: &House) -> Result<()> {
    say("fmt", "cargo fmt --all --check");
    run_loudly(cargo().args(["fmt", "--all", "--check"]).current_dir(&house.root))
}

pub fn native(house: &House) -> Result<()> {
    // The native binary does not compile without a folder to embed.
    fs::create_dir_all(house.dist())?;
    say("clippy", "native");
    // In the profile of the tests, which has compiled the same macros and build scripts.
    let clippy = ["clippy", "--workspace", "--exclude", "xtask", "--all-targets", "--profile", "ci", "--locked"];
    run_loudly(cargo().args(clippy).args(["--", "-D", "warnings"]).current_dir(&house.root))?;
    let ours = ["clippy", "--package", "xtask", "--all-targets", "--profile", "xtask", "--locked"];
    run_loudly(cargo().args(ours).args(["--", "-D", "warnings"]).current_dir(&house.root))
}

pub fn wasm(house: &House) -> Result<()> {
    say("clippy", "wasm");
    let mut clippy = module::cargo_for_wasm(house, "clippy", &Progress::start("clippy"))?;
    run_loudly(clippy.args(["--", "-D", "warnings"]))
}

/// For the systems that rustup has a standard library for.
pub fn elsewhere(house: &House) -> Result<()> {
    for target in ELSEWHERE {
        if let Err(error) = install::target(target, &Progress::start("clippy")) {
            say("clippy", &format!("{target} left out, there is no standard library for it here: {error}"));
            continue;
        }
        say("clippy", target);
        let clippy = ["clippy", "--package", "gilscope-native", "--target", target, "--locked", "--", "-D", "warnings"];
        run_loudly(cargo().args(clippy).current_dir(&house.root))?;
    }
    Ok(())
}
