//! `cargo xtask serve`: the playground.

use std::process::Command;

use anyhow::Result;

use crate::build::{self, native::Profile};
use crate::house::House;

pub fn run(house: &House, args: &[String]) -> Result<()> {
    build::run(house)?;
    become_command(Command::new(house.gilscope(Profile::Release)).arg("serve").args(args))
}

/// Ends as the server ends, and on Unix in its place, so that a signal reaches it.
#[cfg(unix)]
fn become_command(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_command(command: &mut Command) -> Result<()> {
    crate::command::run_loudly(command)
}
