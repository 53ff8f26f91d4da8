//! `cargo xtask pictures`: the README's pictures, made anew from the real page.

use anyhow::Result;

use crate::build::{self, native::Profile};
use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::tool;

pub fn run(house: &House) -> Result<()> {
    tool::install_for_tests(house, tool::BROWSERS)?;
    build::run(house)?;
    let mut command = cargo();
    command.args([
        "test",
        "--locked",
        "--package",
        "gilscope-tests",
        "--test",
        "site",
        "--",
        "--ignored",
        "chromium::pictures",
    ]);
    run_loudly(command.current_dir(&house.root).envs(tool::environment(house, Profile::Release)))
}
