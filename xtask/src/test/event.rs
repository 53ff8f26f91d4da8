//! Running a test program: what it reports, line by line.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{Program, Tested};
use crate::build::native::Profile;
use crate::house::House;
use crate::tool;

#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Passed,
    /// With what the test printed.
    Failed(String),
    Ignored,
}

/// A line of libtest's JSON: <https://doc.rust-lang.org/nightly/unstable-book/compiler-flags/report-time.html>.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line {
    Suite {
        event: String,
    },
    Test {
        event: String,
        name: String,
        exec_time: Option<f64>,
        stdout: Option<String>,
    },
    #[serde(other)]
    Other,
}

/// Run a test program; each of its tests.
///
/// # Errors
/// When it does not start, or ends without having told of all tests.
pub fn run(house: &House, program: &Program, executable: &Path, args: &[String]) -> Result<Vec<Tested>> {
    let times = house.target.join("tests").join("times.tsv");
    fs::create_dir_all(house.target.join("tests"))?;
    let _ = fs::remove_file(&times);
    let mut command = Command::new(executable);
    command.args(["-Zunstable-options", "--format", "json"]).args(args);
    // The harness of the site's tests takes no such flag; it writes its times to a file.
    if program.name != "site" {
        command.arg("--report-time");
    }
    command
        .current_dir(house.root.join(program.folder))
        .env("CARGO_MANIFEST_DIR", house.root.join(program.folder))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("GILSCOPE_TEST_TIMES", &times)
        .envs(tool::environment(house, Profile::Ci))
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("{} did not start", executable.display()))?;
    let mut tested = Vec::new();
    let mut has_ended = false;
    for line in BufReader::new(child.stdout.take().context("piped")?).lines() {
        let line = line?;
        match serde_json::from_str(&line) {
            Ok(Line::Suite { event }) => has_ended |= event != "started",
            Ok(Line::Test { event, name, exec_time, stdout }) => {
                let outcome = match event.as_str() {
                    "ok" => Outcome::Passed,
                    "failed" | "timeout" => Outcome::Failed(stdout.unwrap_or_default()),
                    "ignored" => Outcome::Ignored,
                    _ => continue,
                };
                if let Outcome::Failed(text) = &outcome {
                    println!("---- {name} ----\n{text}");
                }
                tested.push(Tested { name, outcome, seconds: exec_time.unwrap_or_default() });
            }
            Ok(Line::Other) => {}
            // What a test prints past the harness.
            Err(_) => println!("{line}"),
        }
    }
    let status = child.wait()?;
    if !has_ended {
        bail!("{} ended before its last test ({status})", program.name);
    }
    if let Ok(text) = fs::read_to_string(&times) {
        let times: HashMap<_, f64> = text.lines().filter_map(parse_time).collect();
        for test in &mut tested {
            test.seconds = times.get(test.name.as_str()).copied().unwrap_or(test.seconds);
        }
    }
    Ok(tested)
}

fn parse_time(line: &str) -> Option<(&str, f64)> {
    let (name, seconds) = line.split_once('\t')?;
    Some((name, seconds.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_libtest_and_of_its_imitation_are_understood() {
        let lines = [
            r#"{ "type": "suite", "event": "started", "test_count": 3 }"#,
            r#"{ "type": "test", "name": "a::b", "event": "ok", "exec_time": 0.5 }"#,
            r#"{ "type": "test", "name": "a::c", "event": "failed", "stdout": "why\n" }"#,
            r#"{ "type": "suite", "event": "failed", "passed": 1, "failed": 1, "exec_time": 1.5 }"#,
        ];
        let lines: Vec<Line> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(matches!(&lines[1], Line::Test { name, exec_time: Some(0.5), .. } if name == "a::b"));
        assert!(matches!(&lines[2], Line::Test { stdout: Some(text), .. } if text == "why\n"));
        assert!(matches!(&lines[3], Line::Suite { event } if event == "failed"));
        assert!(serde_json::from_str::<Line>("a line of a test's own").is_err());
    }

    #[test]
    fn a_line_of_times_has_a_name_and_seconds() {
        assert_eq!(parse_time("chromium::race::one\t1.25"), Some(("chromium::race::one", 1.25)));
        assert_eq!(parse_time("no time"), None);
    }
}
