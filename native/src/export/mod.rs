//! Exports of a report. To add one: a file beside this one with its exporter, and a format here.

mod csv;
mod html;
mod json;
mod markdown;
mod target;
mod trace;

use anyhow::Context;
use gilscope::report::Report;

pub use html::comparison as comparison_page;
use target::Destination;
pub use target::Target;

/// Renders a report as a file's whole content.
trait Exporter {
    fn render(&self, report: &Report) -> anyhow::Result<Vec<u8>>;
}

/// What a report can be exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Markdown,
    Csv,
    Trace,
    Html,
}

impl Format {
    pub const ALL: [Self; 5] = [Self::Json, Self::Markdown, Self::Csv, Self::Trace, Self::Html];

    /// The flag that asks for it.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Json => "--export-json",
            Self::Markdown => "--export-markdown",
            Self::Csv => "--export-csv",
            Self::Trace => "--export-trace",
            Self::Html => "--export-html",
        }
    }

    fn exporter(self) -> &'static dyn Exporter {
        match self {
            Self::Json => &json::JsonExporter,
            Self::Markdown => &markdown::MarkdownExporter,
            Self::Csv => &csv::CsvExporter,
            Self::Trace => &trace::TraceExporter,
            Self::Html => &html::HtmlExporter,
        }
    }
}

/// Every export that was asked for, known to be writable.
pub struct Exports(Vec<(Format, Destination)>);

impl Exports {
    /// Find out what cannot be written before anything is measured.
    pub fn open(targets: Vec<(Format, Target)>) -> anyhow::Result<Self> {
        let open = |(format, target): (Format, Target)| {
            let destination = target.open().with_context(|| format!("{} cannot write to '{target}'", format.flag()))?;
            Ok((format, destination))
        };
        targets.into_iter().map(open).collect::<anyhow::Result<_>>().map(Self)
    }

    /// Whether standard output belongs to an export, so that nothing else may go there.
    pub fn take_stdout(&self) -> bool {
        self.0.iter().any(|(_, destination)| matches!(destination, Destination::Stdout))
    }

    /// Write every export, also after one that could not be written; the first error is told.
    pub fn save(&self, report: &Report) -> anyhow::Result<()> {
        let save = |(format, destination): &(Format, Destination)| {
            let content = format.exporter().render(report)?;
            destination.write(&content).with_context(|| format!("{} cannot write to '{destination}'", format.flag()))
        };
        self.0.iter().map(save).fold(Ok(()), anyhow::Result::and)
    }
}
