//! The site's own tests: its types, and Vitest's unit tests.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Tested;
use super::event::Outcome;
use crate::command::run_loudly;
use crate::house::House;
use crate::tool;

pub fn check_types(house: &House) -> Result<()> {
    let mut check = Command::new(tool::NPM.require(house)?);
    run_loudly(check.args(["run", "--silent", "check"]).current_dir(house.www()))
}

/// Vitest's JSON: <https://vitest.dev/guide/reporters.html#json-reporter>.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Results {
    test_results: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    name: String,
    message: Option<String>,
    status: String,
    assertion_results: Vec<Assertion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assertion {
    full_name: String,
    status: String,
    /// In milliseconds.
    duration: Option<f64>,
    failure_messages: Option<Vec<String>>,
}

pub fn run(house: &House) -> Result<Vec<Tested>> {
    let file = house.target.join("tests").join("vitest.json");
    fs::create_dir_all(house.target.join("tests"))?;
    let _ = fs::remove_file(&file);
    let mut command = Command::new(tool::NPM.require(house)?);
    command.args(["run", "--silent", "test", "--", "--reporter=default", "--reporter=json"]);
    command.arg(format!("--outputFile.json={}", file.display())).current_dir(house.www());
    // That it failed is in the file.
    let ended = run_loudly(&mut command);
    let Ok(text) = fs::read_to_string(&file) else { return ended.and(Ok(Vec::new())) };
    let results: Results = serde_json::from_str(&text).context("the results of Vitest")?;
    let tested: Vec<_> = results.test_results.into_iter().flat_map(|file| of_file(house, file)).collect();
    // Such as a file that cannot be loaded and an error between two tests.
    if tested.iter().all(|test| test.outcome == Outcome::Passed) {
        ended?;
    }
    Ok(tested)
}

fn of_file(house: &House, file: File) -> Vec<Tested> {
    let path = file.name.replace('\\', "/");
    let root = house.www().display().to_string().replace('\\', "/");
    let name = path.strip_prefix(&root).unwrap_or(&path).trim_start_matches("/").to_owned();
    // A file that does not load has no tests.
    let broken = file.status == "failed" && file.assertion_results.is_empty();
    let whole = broken.then(|| Tested {
        name: name.clone(),
        outcome: Outcome::Failed(file.message.unwrap_or_default()),
        seconds: 0.0,
    });
    let tests = file.assertion_results.into_iter().map(|test| Tested {
        name: format!("{name}: {}", test.full_name),
        outcome: match test.status.as_str() {
            "passed" => Outcome::Passed,
            "failed" => Outcome::Failed(test.failure_messages.unwrap_or_default().join("\n")),
            _ => Outcome::Ignored,
        },
        seconds: test.duration.unwrap_or_default() / 1e3,
    });
    tests.chain(whole).collect()
}
