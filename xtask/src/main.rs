//! `cargo xtask`: builds gilscope from a fresh clone, serves it, tests it, measures it.

mod bench;
mod build;
mod command;
mod doctor;
mod fingerprint;
mod house;
mod install;
mod lint;
mod pictures;
mod record;
mod serve;
mod step;
mod test;
mod tool;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::house::House;

/// Builds, serves, tests and measures gilscope.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build what is missing and start the playground: `cargo xtask serve -- --port 0`
    Serve {
        /// Arguments for `gilscope serve`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Build the wasm module, the site and the native binary that carries them
    Build,
    /// Install what the tests need, build, and run every test
    Test(test::Options),
    /// Build, then run a benchmark
    Bench {
        #[arg(value_enum, default_value_t)]
        which: bench::Benchmark,
        /// Arguments for it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build, then make the pictures of the README anew from the real page
    Pictures,
    /// Build, then run every lab and keep its report for the tests: `cargo xtask record race`
    Record(record::Options),
    /// Check formatting and clippy, natively and for wasm
    Lint(lint::Options),
    /// List what gilscope needs, found or not, with the remedy
    Doctor,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not `{error:?}`: with RUST_BACKTRACE set it would bury the remedy.
            let causes: Vec<_> = error.chain().map(|cause| cause.to_string()).collect();
            eprintln!("error: {}", causes.join("\n"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let house = House::locate()?;
    match task {
        Task::Serve { args } => serve::run(&house, &args),
        Task::Build => build::run(&house),
        Task::Test(options) => test::run(&house, &options),
        Task::Bench { which, args } => bench::run(&house, which, &args),
        Task::Pictures => pictures::run(&house),
        Task::Lint(options) => lint::run(&house, &options),
        Task::Record(options) => record::run(&house, &options),
        Task::Doctor => doctor::run(&house),
    }
}
