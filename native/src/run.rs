//! `gilscope run`: resolve, measure, export, print.

use gilscope::host::{Cancel, Controls};
use gilscope::report::{HostKind, Report, WarningCode};

use crate::args::Asked;
use crate::exit::Outcome;
use crate::export::Exports;
use crate::host::machine::cores::usable;
use crate::measure::AnyHost;
use crate::plan::{self, Plan};
use crate::progress::Progress;
use crate::waits::Waits;
use crate::{compare, interrupt, measure, output, print, saved};

pub fn run(asked: &Asked) -> anyhow::Result<Outcome> {
    let plan = plan::resolve(asked, HostKind::Native, usable())?;
    let exports = Exports::open(plan.exports.clone())?;
    let cancel = interrupt::cancel_on_signal()?;
    run_on(&AnyHost::Native, &plan, &exports, cancel)
}

/// Measure on one host, export, print.
pub fn run_on(host: &AnyHost, plan: &Plan, exports: &Exports, cancel: Cancel) -> anyhow::Result<Outcome> {
    let waits = Waits::from_environment()?;
    let reference = plan.reference.as_deref().map(|path| saved::read("--reference", path)).transpose()?;
    if let Some(reference) = &reference {
        compare::foresee(reference, &plan.experiment)?;
    }
    let mut progress = Progress::start(plan.detail);
    let mut watch = |event| progress.watch(&event);
    let measured = measure::measure(
        host,
        &plan.experiment,
        Controls { cancel, ..Controls::default() },
        plan.recording,
        waits,
        &mut watch,
    );
    progress.finish();
    let report = measured.map_err(crate::exit::of_run)?;

    let saved = exports.save(&report);
    // A full disk is no reason to lose what was measured.
    if exports.take_stdout() {
        print::warnings_aside(&report, plan.detail);
    } else {
        output::text(&print::page(&report, plan.detail, output::width()))?;
    }
    saved?;
    let outcome = outcome(&report);
    if let Some(reference) = reference {
        let compared = compare::with_reference(reference, report, output::width())?;
        if exports.take_stdout() { anstream::eprint!("{compared}") } else { output::text(&format!("\n{compared}"))? }
    }
    Ok(outcome)
}

/// A report may also be what a run had measured before it was cut short.
fn outcome(report: &Report) -> Outcome {
    let has = |code| report.warnings.iter().any(|warning| warning.code == code);
    match () {
        () if has(WarningCode::Cancelled) => Outcome::Cancelled,
        () if has(WarningCode::Failed) => Outcome::Failed,
        () => Outcome::Done,
    }
}
