//! `cargo xtask pictures`: the README's pictures, made anew from the real page.

use anyhow::Result;

use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::{build, tool};

pub fn run(house: &House) -> Result<()> {
    tool::install_for_tests(house, tool::BROWSERS)?;
    build::run(house)?;
    let mut command = cargo();
    command.args(["test", "--locked", "--package", "gilscope-native", "--test", "site", "--", "--ignored", "pictures"]);
    run_loudly(command.current_dir(&house.root).envs(tool::environment(house)))
}
