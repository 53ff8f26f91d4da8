//! `cargo xtask test`: every test, on a machine that may have nothing yet.

use std::fs;
use std::process::Command;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::command::{cargo, run_loudly};
use crate::house::House;
use crate::step::say;
use crate::{build, tool};

#[derive(Args)]
pub struct Options {
    /// Only the tests of one part
    #[arg(long)]
    only: Option<Part>,
    /// Arguments for `cargo test`: a name to filter by, then `--` and arguments for the tests
    #[arg(last = true)]
    args: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// The core library
    Core,
    /// The native host, the command line, and the labs' listings in Python
    Cli,
    /// The site in real browsers, and its types
    Site,
}

pub fn run(house: &House, options: &Options) -> Result<()> {
    let wants = |part| options.only.is_none_or(|only| only == part);
    let python = wants(Part::Cli).then_some(&tool::PYTHON);
    let browsers = tool::BROWSERS.iter().copied().filter(|_| wants(Part::Site));
    tool::install_for_tests(house, &python.into_iter().chain(browsers).collect::<Vec<_>>())?;
    if options.only != Some(Part::Core) {
        build::run(house)?;
    }
    if wants(Part::Site) {
        say("types", "npm run check");
        let mut check = Command::new(tool::NPM.require(house)?);
        run_loudly(check.args(["run", "--silent", "check"]).current_dir(house.www()))?;
    }
    if options.only.is_none() {
        // In the profile that has built us: in the workspace's its dependencies would be compiled once more.
        say("tests", "xtask");
        let mut ours = cargo();
        ours.args(["test", "--locked", "--profile", "xtask"]).args(["--package", "xtask"]).current_dir(&house.root);
        run_loudly(&mut ours)?;
    }
    let mut tests = cargo();
    tests
        .args(["test", "--locked", "--no-fail-fast"])
        .args(selection(house, options.only)?)
        .args(&options.args)
        .current_dir(&house.root)
        .envs(tool::environment(house));
    say("tests", "cargo test");
    run_loudly(&mut tests)
}

/// The tests of a part, as `cargo test` takes them. In tests/, the files that drive a browser start with `site`.
fn selection(house: &House, only: Option<Part>) -> Result<Vec<String>> {
    let (mut words, files) = match only {
        None => (vec!["--workspace", "--exclude", "xtask"], vec![]),
        Some(Part::Core) => (vec!["--package", "gilscope"], vec![]),
        Some(Part::Cli) => (vec!["--package", "gilscope-native", "--bins"], across_rooms(house)?),
        Some(Part::Site) => (vec!["--package", "gilscope-native", "--test", "site*"], vec![]),
    };
    for name in files.iter().filter(|name| !name.starts_with("site")) {
        words.extend(["--test", name]);
    }
    Ok(words.into_iter().map(String::from).collect())
}

/// The tests among the files of tests/: the others are their helpers, and the benchmark.
fn across_rooms(house: &House) -> Result<Vec<String>> {
    let manifest = fs::read_to_string(house.root.join("native").join("Cargo.toml"))?;
    let targets: Vec<_> = manifest.split("\n[").filter(|section| section.starts_with("[test]]")).collect();
    let is_target = |file: &str| targets.iter().any(|target| target.contains(&format!("tests/{file}\"")));
    let mut names = Vec::new();
    for entry in fs::read_dir(house.root.join("tests"))? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if let Some(name) = file.strip_suffix(".rs").filter(|_| is_target(&file)) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_of_the_command_line_are_targets_without_a_browser() {
        let words = selection(&House::locate().unwrap(), Some(Part::Cli)).unwrap();
        let has = |name: &str| words.iter().any(|word| word == name);
        assert!(has("cli") && has("hosts") && has("listings"), "{words:?}");
        // A benchmark, a helper, and what needs browsers.
        assert!(!has("bench") && !has("support") && !has("site"), "{words:?}");
    }
}
