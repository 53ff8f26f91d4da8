//! `gilscope compare`: saved reports, side by side.

use anyhow::Context;
use gilscope::compare::{self, CompareError, Comparison, Named};
use gilscope::experiment::Experiment;
use gilscope::report::Report;

use crate::args::CompareArgs;
use crate::exit::{Outcome, UsageError};
use crate::export::{self, Target};
use crate::{output, print, saved};

/// What a report is called that was measured just now.
const FRESH: &str = "this run";

pub fn compare(args: &CompareArgs) -> anyhow::Result<Outcome> {
    let page = args.export_html.as_deref().map(Target::from);
    if args.json && page == Some(Target::Stdout) {
        let remedy = "--json takes standard output; give a file";
        return Err(UsageError { flag: "--export-html".into(), value: "-".into(), remedy: remedy.into() }.into());
    }
    let reports = args.reports.iter().map(|path| saved::read("FILE", path)).collect::<Result<Vec<_>, UsageError>>()?;
    let reports = named_shortly(reports);
    let comparison = compare::compare(reports)?;
    if let Some(target) = &page {
        save(&comparison, target).with_context(|| format!("--export-html cannot write to '{target}'"))?;
    }
    if args.json {
        output::bytes(format!("{}\n", serde_json::to_string_pretty(&comparison)?).as_bytes())?;
    } else if page != Some(Target::Stdout) {
        output::text(&print::comparison(&comparison, output::width()))?;
    }
    Ok(Outcome::Done)
}

/// By the names of their files, where those tell them apart; else by their paths.
fn named_shortly(reports: Vec<Named>) -> Vec<Named> {
    let names: Vec<String> = reports.iter().map(|report| saved::file_name(&report.name)).collect();
    let apart = names.iter().enumerate().all(|(i, name)| !names[..i].contains(name));
    let shorten = |(report, name)| if apart { Named { name, ..report } } else { report };
    reports.into_iter().zip(names).map(shorten).collect()
}

fn save(comparison: &Comparison, target: &Target) -> anyhow::Result<()> {
    target.open()?.write(export::comparison_page(comparison)?.as_bytes())
}

/// Before anything is measured: whether there will be something to compare.
pub fn foresee(reference: &Named, experiment: &Experiment) -> Result<(), CompareError> {
    let reference = Named { name: saved::file_name(&reference.name), ..reference.clone() };
    compare::foresee(&reference, FRESH, experiment)
}

/// How far a fresh report is from a saved one, as text.
pub fn with_reference(reference: Named, report: Report, width: u16) -> anyhow::Result<String> {
    let comparison = compare::compare(vec![
        Named { name: saved::file_name(&reference.name), ..reference },
        Named { name: FRESH.into(), report },
    ])?;
    Ok(print::comparison(&comparison, width))
}
