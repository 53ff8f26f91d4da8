//! `cargo xtask lint`: formatting and clippy, for the native parts, for the systems that no test runs on, and for
//! wasm, warnings denied.

use std::fs;

use anyhow::Result;

use crate::build::wasm;
use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::install;
use crate::step::{Progress, say};

/// The binary must compile for them; no test of ours runs there.
const ELSEWHERE: [&str; 2] = ["aarch64-apple-darwin", "x86_64-pc-windows-gnu"];

pub fn run(house: &House) -> Result<()> {
    // The native binary does not compile without a folder to embed.
    fs::create_dir_all(house.dist())?;
    say("fmt", "cargo fmt --all --check");
    run_loudly(cargo().args(["fmt", "--all", "--check"]).current_dir(&house.root))?;

    say("clippy", "native");
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    run_loudly(cargo().args(clippy).current_dir(&house.root))?;

    for target in ELSEWHERE {
        if let Err(error) = install::target(target, &Progress::start("clippy")) {
            say("clippy", &format!("{target} left out, there is no standard library for it here: {error}"));
            continue;
        }
        say("clippy", target);
        let clippy = ["clippy", "--package", "gilscope-native", "--target", target, "--locked", "--", "-D", "warnings"];
        run_loudly(cargo().args(clippy).current_dir(&house.root))?;
    }

    say("clippy", "wasm");
    let mut clippy = wasm::cargo_for_wasm(house, "clippy", &Progress::start("clippy"))?;
    run_loudly(clippy.args(["--", "-D", "warnings"]))
}
