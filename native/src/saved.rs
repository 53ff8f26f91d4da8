//! Reports that were saved before.

use std::fs;
use std::io;
use std::path::Path;

use gilscope::compare::Named;
use gilscope::embed;

use crate::exit::UsageError;

const REMEDY: &str = "give a report that --export-json or --export-html wrote";

/// Read the report at `path`, which `flag` names.
pub fn read(flag: &str, path: &str) -> Result<Named, UsageError> {
    let wrong =
        |cause: String| UsageError { flag: flag.into(), value: path.into(), remedy: format!("{cause}; {REMEDY}") };
    let text = fs::read_to_string(path).map_err(|error| wrong(cause(&error)))?;
    let report = embed::read(&text).map_err(|error| wrong(error.to_string()))?;
    Ok(Named { name: path.into(), report })
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
