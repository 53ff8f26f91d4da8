//! `gilscope python`: an experiment in real Pythons, one after another.

use std::collections::BTreeMap;

use comfy_table::CellAlignment;
use gilscope::report::HostKind;

use crate::args::PythonArgs;
use crate::cpython::find::{self, FindError, Python};
use crate::exit::{Outcome, UsageError};
use crate::export::{Exports, Format, Target};
use crate::host::machine::cores::usable;
use crate::measure::AnyHost;
use crate::plan::{self, Plan};
use crate::print::table::{Column, table};
use crate::{interrupt, output, print, run};

pub fn python(mut args: PythonArgs) -> anyhow::Result<Outcome> {
    if args.list {
        return list(args.json);
    }
    let pythons = wanted(&std::mem::take(&mut args.python))?;
    let plan = plan::resolve(&args.into(), HostKind::Cpython, usable()).map_err(as_typed)?;
    has_twin(&plan)?;
    let exports = exports(&plan, &pythons)?;
    let cancel = interrupt::cancel_on_signal()?;
    let mut worst = Outcome::Done;
    for (python, exports) in pythons.into_iter().zip(exports) {
        match run::run_on(&AnyHost::Cpython(python), &plan, &exports, cancel.clone())? {
            Outcome::Done => {}
            Outcome::Failed => worst = Outcome::Failed,
            Outcome::Cancelled => return Ok(Outcome::Cancelled),
        }
    }
    Ok(worst)
}

/// Here a lab is named without a flag, and a workload that is not known with one.
fn as_typed(error: UsageError) -> UsageError {
    match error.flag.as_str() {
        "--lab" => {
            let remedy = format!("{}, or a workload that `gilscope workloads` lists", error.remedy);
            UsageError { flag: "LAB|WORKLOAD".into(), remedy, ..error }
        }
        "WORKLOAD" => UsageError { flag: "--workload".into(), ..error },
        _ => error,
    }
}

fn wanted(names: &[String]) -> Result<Vec<Python>, UsageError> {
    let wrong = |name: &str| {
        let value = name.to_owned();
        move |error: FindError| UsageError { flag: "--python".into(), value, remedy: error.to_string() }
    };
    if names.is_empty() {
        return Ok(vec![find::default().map_err(wrong("python3"))?]);
    }
    names.iter().map(|name| find::named(name).map_err(wrong(name))).collect()
}

/// A workload that Python cannot compute is found out before a Python is started.
fn has_twin(plan: &Plan) -> Result<(), UsageError> {
    let points = plan.experiment.points()?;
    let twin = |id: &str| gilscope::workload::find(id).is_some_and(|workload| workload.python.is_some());
    if points.iter().any(|point| twin(&point.workload)) {
        return Ok(());
    }
    let twins = gilscope::workload::ALL.iter().filter(|workload| workload.python.is_some());
    let twins: Vec<_> = twins.map(|workload| workload.id).collect();
    Err(UsageError {
        flag: "LAB|WORKLOAD".into(),
        value: plan.experiment.workload.clone(),
        remedy: format!("it has no twin in pure Python; use one of {}", twins.join(", ")),
    })
}

/// The exports of each Python: with several, each has files of its own.
fn exports(plan: &Plan, pythons: &[Python]) -> anyhow::Result<Vec<Exports>> {
    if let [_] = pythons {
        return Ok(vec![Exports::open(plan.exports.clone())?]);
    }
    if let Some((format, _)) = plan.exports.iter().find(|(_, target)| *target == Target::Stdout) {
        let remedy = "there are several Pythons; give a file, which becomes one for each, or name one Python";
        return Err(UsageError { flag: format.flag().into(), value: "-".into(), remedy: remedy.into() }.into());
    }
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    pythons
        .iter()
        .map(|python| {
            // Two of the same version are told apart by number.
            let times = seen.entry(&python.version).and_modify(|times| *times += 1).or_insert(1);
            let name = if *times == 1 { python.version.clone() } else { format!("{}-{times}", python.version) };
            let named = |(format, target): &(Format, Target)| (*format, target.named(&name));
            Exports::open(plan.exports.iter().map(named).collect())
        })
        .collect()
}

fn list(json: bool) -> anyhow::Result<Outcome> {
    let pythons = find::all();
    if json {
        output::bytes(format!("{}\n", serde_json::to_string_pretty(&pythons)?).as_bytes())?;
        return Ok(Outcome::Done);
    }
    if pythons.is_empty() {
        let error = FindError::Missing(pythons);
        output::text(&print::wrapped(&error.to_string(), "", output::width()))?;
        return Ok(Outcome::Done);
    }
    let column = |heading: &str, cell: fn(&Python) -> String| Column {
        heading: heading.into(),
        side: CellAlignment::Left,
        cells: pythons.iter().map(cell).collect(),
    };
    output::text(&table(vec![
        column("version", |python| python.version.clone()),
        column("lock", |python| if python.switch_interval { "switch interval" } else { "ticks" }.into()),
        column("processes", |python| python.start_methods.join(", ")),
        column("can also", abilities),
        column("path", |python| python.executable.display().to_string()),
    ]))?;
    Ok(Outcome::Done)
}

fn abilities(python: &Python) -> String {
    let interpreters = python.interpreters.then_some("interpreters");
    let free = python.gil_can_be_off.then_some("free threads");
    interpreters.into_iter().chain(free).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Asked;

    #[test]
    fn a_name_means_a_lab_first_and_else_a_workload() {
        let asked = |what: &str| Asked::from(PythonArgs { what: Some(what.into()), ..PythonArgs::default() }).fields;
        assert_eq!(asked("race"), [("lab", "race".to_owned())]);
        assert_eq!(asked("sha256"), [("workload", "sha256".to_owned())]);
        assert_eq!(asked("fizz"), [("lab", "fizz".to_owned())], "the error names the labs");
    }

    #[test]
    fn what_has_no_twin_in_python_is_refused_by_name() {
        let args = PythonArgs { what: Some("image-resize".into()), ..PythonArgs::default() };
        let plan = plan::resolve(&args.into(), HostKind::Cpython, 2).unwrap();
        let error = has_twin(&plan).unwrap_err().to_string();
        assert!(
            error.starts_with("LAB|WORKLOAD cannot be 'image-resize': it has no twin in pure Python; use"),
            "{error}"
        );
    }
}
