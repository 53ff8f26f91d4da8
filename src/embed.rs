//! A report within a page: a self-contained HTML file shows what it says, and carries it to be read again.

use crate::report::{ReadError, Report};

const OPEN: &str = r#"<script type="application/json" id="gilscope-report">"#;
const CLOSE: &str = "</script>";

/// The element that carries `report`. A script of this type is data: nothing runs it.
///
/// # Errors
/// Never: a report is plain data.
pub fn element(report: &Report) -> serde_json::Result<String> {
    // No text of a report can end the element: in JSON `<` stands in strings alone, and may be spelled this way.
    let json = serde_json::to_string(report)?.replace('<', "\\u003c");
    Ok(format!("{OPEN}{json}{CLOSE}"))
}

/// Read a report from a file's text: JSON, or a page that carries it.
///
/// # Errors
/// [`ReadError`], when there is no report of this major version in it.
pub fn read(text: &str) -> Result<Report, ReadError> {
    if !text.trim_start().starts_with('<') {
        return Report::from_json(text);
    }
    let carried = text.split_once(OPEN).and_then(|(_, rest)| rest.split_once(CLOSE));
    Report::from_json(carried.ok_or(ReadError::Page)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_carries_its_report_whatever_is_written_in_it() {
        let mut report = crate::labs::race::tests::report(1.0, 1.9, 1.95);
        report.runs[0].answer = "</script><b>&amp;".into();
        let element = element(&report).unwrap();
        assert_eq!(element.matches('<').count(), 2, "{element}");
        let json = serde_json::to_string(&report).unwrap();
        // As JSON gives it back: its floats lose their last digit.
        let report = Report::from_json(&json).unwrap();
        assert_eq!(read(&format!("<!doctype html>\n<html>{element}</html>")).unwrap(), report);
        assert_eq!(read(&json).unwrap(), report);
    }

    #[test]
    fn what_carries_none_is_told_apart() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(error("<html></html>"), "this page carries no gilscope report");
        assert!(error("{}").starts_with("this is not a gilscope report: missing field `schema`"));
        assert!(error(r#"{"schema": "gilscope.report/2"}"#).starts_with("the report's schema cannot be"));
    }
}
