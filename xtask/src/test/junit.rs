//! The results as a JUnit file, which CI systems and editors read.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Tested;
use super::event::Outcome;

/// Write the results, suite by suite.
pub fn write(file: &Path, suites: &[(String, Vec<Tested>)]) -> Result<()> {
    let mut report = Report::new("gilscope");
    for (name, tests) in suites {
        let mut suite = TestSuite::new(name);
        suite.add_test_cases(tests.iter().map(case));
        report.add_test_suite(suite);
    }
    fs::create_dir_all(file.parent().context("a folder")?)?;
    let text = report.to_string().context("the JUnit file")?;
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}

fn case(test: &Tested) -> TestCase {
    let status = match &test.outcome {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Ignored => TestCaseStatus::skipped(),
        Outcome::Failed(text) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_description(text);
            status
        }
    };
    let mut case = TestCase::new(&test.name, status);
    case.set_time(Duration::from_secs_f64(test.seconds));
    case
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_a_failure_in_the_file() {
        let file = std::env::temp_dir().join(format!("xtask-junit-{}.xml", std::process::id()));
        let test = |name: &str, outcome| Tested { name: name.into(), outcome, seconds: 1.5 };
        let failed = Outcome::Failed("1 < 2 & \"so\"".into());
        let tests = vec![test("good", Outcome::Passed), test("bad", failed), test("left out", Outcome::Ignored)];
        write(&file, &[("core".to_owned(), tests)]).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        fs::remove_file(&file).unwrap();
        assert!(text.contains(r#"tests="3""#) && text.contains(r#"failures="1""#), "{text}");
        assert!(text.contains("1 &lt; 2 &amp;") && text.contains("<skipped"), "{text}");
    }
}
