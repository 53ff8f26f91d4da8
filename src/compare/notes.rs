//! What else to know of reports that are compared.

use super::Named;
use super::shared::{Shared, is_suited};
use crate::labs::words::plural;
use crate::report::{HostFacts, WarningCode};

/// Fields that may differ without making another experiment.
const HARMLESS: [&str; 8] = ["lab", "seed", "model", "workers", "runs", "warmup", "sweep", "trace"];

/// Warnings that those who compare must know.
const GRAVE: [WarningCode; 10] = [
    WarningCode::BusyMachine,
    WarningCode::Cancelled,
    WarningCode::Failed,
    WarningCode::FewSamples,
    WarningCode::HiddenTab,
    WarningCode::Interpreters,
    WarningCode::LatePage,
    WarningCode::LockOverMessages,
    WarningCode::StoodStill,
    WarningCode::TraceDropped,
];

pub fn notes(reports: &[Named], shared: &[Shared]) -> Vec<String> {
    let first = &reports[0];
    let others = reports.iter().enumerate().skip(1);
    let mut notes: Vec<String> = Vec::new();
    for (i, other) in others {
        notes.extend(machines(first, other));
        notes.extend(settings(first, other));
        notes.extend(sizes(first, other));
        let runs = shared.iter().filter(|run| run.runs[i].is_some()).count();
        notes.extend(alone(first, other, runs));
    }
    notes.extend(reports.iter().flat_map(disturbed));
    notes
}

fn machines(first: &Named, other: &Named) -> Option<String> {
    let [a, b] = [&first.report.host, &other.report.host];
    let known = |of: fn(&HostFacts) -> Option<&String>| of(a).zip(of(b)).is_some_and(|(a, b)| a != b);
    // A browser and a native host name the same system differently.
    let other_system = a.kind == b.kind && a.os != b.os;
    let differ = a.logical_cores != b.logical_cores || known(|host| host.machine.cpu.as_ref()) || other_system;
    let machine = |host: &HostFacts| {
        let cpu = host.machine.cpu.as_ref().map(|cpu| format!("{cpu}, ")).unwrap_or_default();
        format!("{cpu}{}, {}", host.os, plural(host.logical_cores, "logical core", "logical cores"))
    };
    differ.then(|| {
        format!(
            "The machines differ: {} in {}, {} in {}. Compare ratios, not times.",
            machine(a),
            first.name,
            machine(b),
            other.name
        )
    })
}

fn settings(first: &Named, other: &Named) -> Option<String> {
    let [a, b] = [&first.report, &other.report].map(|report| report.experiment.fields());
    let value = |fields: &[(&str, String)], name: &str| {
        fields.iter().find(|(field, _)| *field == name).map_or("none", |(_, value)| value).to_owned()
    };
    let names = crate::experiment::FIELDS.into_iter().filter(|name| !HARMLESS.contains(name));
    let differing = names.filter(|name| value(&a, name) != value(&b, name));
    let told: Vec<_> =
        differing.map(|name| format!("{name} {} and not {}", value(&b, name), value(&a, name))).collect();
    (!told.is_empty()).then(|| format!("{} ran with {}, as {} did.", other.name, told.join(", "), first.name))
}

fn sizes(first: &Named, other: &Named) -> Option<String> {
    is_suited(&first.report, &other.report).then(|| {
        let (first, other) = (&first.name, &other.name);
        format!("{other} had tasks of other sizes than {first} at the same points. Compare ratios, not times.")
    })
}

/// Runs that only one of the two has; a third report may have them, too.
fn alone(first: &Named, other: &Named, shared: usize) -> Vec<String> {
    let alone = [(first, other), (other, first)];
    let note = |(named, other): (&Named, &Named)| {
        let (name, other) = (&named.name, &other.name);
        match named.report.runs.len().saturating_sub(shared) {
            0 => None,
            1 => Some(format!("A run of {name} has no counterpart in {other}.")),
            runs => Some(format!("{runs} runs of {name} have no counterpart in {other}.")),
        }
    };
    alone.into_iter().filter_map(note).collect()
}

/// What makes the figures of a report less than they could be.
fn disturbed(named: &Named) -> Vec<String> {
    let Named { name, report }: &Named = named;
    let grave = report.warnings.iter().filter(|warning| GRAVE.contains(&warning.code));
    grave.map(|warning| format!("{name}: {}", warning.text)).collect()
}
