//! `cargo xtask bench`: what gilscope promises of itself, measured, with the figures as JSON.

use anyhow::Result;

use crate::build::{self, native::Profile};
use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::tool;

#[derive(Clone, Copy, Default, clap::ValueEnum)]
pub enum Benchmark {
    /// What processes reach of the machine, and threads of serial
    #[default]
    Race,
    /// The lock against CPython's own
    Fidelity,
    /// How long the steps of each workload are
    Steps,
}

impl Benchmark {
    /// As `tests/bench/main.rs` knows it.
    fn name(self) -> &'static str {
        match self {
            Self::Race => "race",
            Self::Fidelity => "fidelity",
            Self::Steps => "steps",
        }
    }
}

pub fn run(house: &House, which: Benchmark, args: &[String]) -> Result<()> {
    tool::install_for_tests(house, tool::BROWSERS)?;
    build::run(house)?;
    let mut command = cargo();
    command.args(["bench", "--locked", "--package", "gilscope-tests", "--bench", "promises", "--"]);
    command.arg(which.name()).args(args).current_dir(&house.root).envs(tool::environment(house, Profile::Release));
    run_loudly(&mut command)
}
