//! The companion of the site: the command line, the native host and the local server.

mod args;
mod compare;
mod cpython;
mod exit;
mod export;
mod format;
mod host;
mod interrupt;
mod lab;
mod list;
mod manual;
mod measure;
mod output;
mod plan;
mod print;
mod progress;
mod python;
mod run;
mod samples;
mod saved;
mod serve;
mod sweep;
mod version;
mod waits;

use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    // How long a worker process takes to be ready is measured: nothing may come before this.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == "worker") {
        return host::worker::main();
    }
    exit::code(match args::parse() {
        None => manual::help(),
        Some(Command::Run(args)) => run::run(&(*args).into()),
        Some(Command::Lab(args)) => lab::lab(*args),
        Some(Command::Python(args)) => python::python(*args),
        Some(Command::Sweep(args)) => sweep::sweep(*args),
        Some(Command::Compare(args)) => compare::compare(&args),
        Some(Command::Serve(args)) => serve::serve(&args),
        Some(Command::Workloads(args)) => list::workloads(&args),
        Some(Command::Labs(args)) => list::labs(&args),
        Some(Command::Schema(args)) => manual::schema(&args),
        Some(Command::Completions(args)) => manual::completions(&args),
        Some(Command::Man(args)) => manual::man(&args),
        Some(Command::Version { verbose }) => version::version(verbose),
    })
}
