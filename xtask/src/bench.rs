//! `cargo xtask bench`: what gilscope promises of itself, measured, with the figures as JSON.

use anyhow::Result;

use crate::build::{self, native::Profile};
use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::tool;

pub fn run(house: &House, args: &[String]) -> Result<()> {
    tool::install_for_tests(house, tool::BROWSERS)?;
    build::run(house)?;
    let mut command = cargo();
    command.args(["bench", "--locked", "--package", "gilscope-tests", "--bench", "promises", "--"]);
    command.args(args).current_dir(&house.root).envs(tool::environment(house, Profile::Release));
    run_loudly(&mut command)
}
