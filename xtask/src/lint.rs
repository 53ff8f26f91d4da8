//! `cargo xtask lint`: formatting and clippy, for the native parts and for wasm, warnings denied.

use std::fs;

use anyhow::Result;

use crate::build::wasm;
use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::step::{Progress, say};

pub fn run(house: &House) -> Result<()> {
    // The native binary does not compile without a folder to embed.
    fs::create_dir_all(house.dist())?;
    say("fmt", "cargo fmt --all --check");
    run_loudly(cargo().args(["fmt", "--all", "--check"]).current_dir(&house.root))?;

    say("clippy", "native");
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    run_loudly(cargo().args(clippy).current_dir(&house.root))?;

    say("clippy", "wasm");
    let mut clippy = wasm::cargo_for_wasm(house, "clippy", &Progress::start("clippy"))?;
    run_loudly(clippy.args(["--", "-D", "warnings"]))
}
