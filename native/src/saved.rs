//! Reports that were saved before.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use gilscope::compare::Named;
use gilscope::report::{ReadError, Report};
use gilscope::{embed, shown};
use serde_json::Value;

use crate::exit::UsageError;

const REMEDY: &str = "give a report that --export-json or --export-html wrote";

/// A longer file is none: a report of the longest sweep has a tenth of it.
const MOST_BYTES: u64 = 64 << 20;

/// Read the report at `path`, which `flag` names.
pub fn read(flag: &str, path: &str) -> Result<Named, UsageError> {
    let wrong =
        |cause: String| UsageError { flag: flag.into(), value: path.into(), remedy: format!("{cause}; {REMEDY}") };
    let text = text(path).map_err(|error| wrong(cause(&error)))?;
    let report = embed::read(&text).and_then(printable).map_err(|error| wrong(shown::printable(&error.to_string())))?;
    Ok(Named { name: path.into(), report })
}

fn text(path: &str) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_BYTES {
        let why = format!("it has more than {} MiB, and no report is as long", MOST_BYTES >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(text)
}

/// Whoever wrote the file has chosen its texts, and a terminal would obey some.
fn printable(report: Report) -> Result<Report, ReadError> {
    fn clean(value: &mut Value) {
        match value {
            Value::String(text) => *text = shown::printable(text),
            Value::Array(items) => items.iter_mut().for_each(clean),
            Value::Object(fields) => fields.values_mut().for_each(clean),
            _ => {}
        }
    }
    let mut json = serde_json::to_value(report)?;
    clean(&mut json);
    Ok(serde_json::from_value(json)?)
}

/// `report.json`, of any path to it.
pub fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => "this is not a text".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Named, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap();
        read("FILE", path).map_err(|error| error.to_string().replace(path, "report.json"))
    }

    #[test]
    fn a_report_cannot_speak_to_the_terminal() {
        let mut report: Value = serde_json::from_str(include_str!("print/report.json")).unwrap();
        report["runs"][0]["answer"] = "\u{1b}]0;mine\u{7}".into();
        let read = read_text(&report.to_string()).unwrap().report;
        assert_eq!(read.runs[0].answer, "\u{fffd}]0;mine\u{fffd}");
        for wrong in [r#"{"schema": "\u001b[2J"}"#, r#"{"schema": "gilscope.report/1", "host": {"kind": "\u001b[2J"}}"#]
        {
            let error = read_text(wrong).unwrap_err();
            assert!(!error.contains('\u{1b}') && error.contains("\u{fffd}[2J"), "{error}");
        }
    }

    #[test]
    fn what_is_no_report_is_refused_with_the_cause_and_the_remedy() {
        let nested = "[".repeat(1 << 20);
        let huge = r#"{"schema": "gilscope.report/1", "runs": 1e999}"#;
        for (text, cause) in [
            ("", "this is not a gilscope report: "),
            ("{}", "this is not a gilscope report: missing field `schema`"),
            (nested.as_str(), "this is not a gilscope report: "),
            (huge, "this is not a gilscope report: "),
            (r#"{"schema": "gilscope.report/1"}"#, "this is not a gilscope report: missing field"),
            ("<html>", "this page carries no gilscope report"),
        ] {
            let error = read_text(text).unwrap_err();
            assert!(error.starts_with(&format!("FILE cannot be 'report.json': {cause}")), "{error}");
            assert!(error.ends_with(REMEDY), "{error}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_without_an_end_is_not_read_to_it() {
        let error = read("FILE", "/dev/zero").unwrap_err().to_string();
        let cause = "it has more than 64 MiB, and no report is as long";
        assert_eq!(error, format!("FILE cannot be '/dev/zero': {cause}; {REMEDY}"));
    }
}
