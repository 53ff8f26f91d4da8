//! `cargo xtask bench`: the race, measured, with its ratios as JSON.

use anyhow::Result;

use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::{build, tool};

pub fn run(house: &House, args: &[String]) -> Result<()> {
    tool::install_for_tests(house, tool::BROWSERS)?;
    build::run(house)?;
    let mut command = cargo();
    command.args(["bench", "--locked", "--package", "gilscope-native", "--bench", "race", "--"]);
    command.args(args).current_dir(&house.root).envs(tool::environment(house));
    run_loudly(&mut command)
}
