//! What must hold of the parsers whatever they are given. Each takes any bytes; `targets/` has them fuzzed, and
//! `tests/native/corpus.rs` gives them what that has found.

#![allow(dead_code, reason = "each target needs one of them")]

use gilscope::compare::{Named, compare};
use gilscope::experiment::{Experiment, FIELDS, FieldError, MAX_WORKERS};
use gilscope::labs::Setting;
use gilscope::message::{FromWorker, ToWorker, decode, encode};
use gilscope::report::{HostKind, Report};
use gilscope::{compact as compacted, labs, points};
use serde::Serialize;
use serde::de::DeserializeOwned;

const SETTING: Setting = Setting { host: HostKind::Browser, logical_cores: 4, quick: false };

/// An experiment as JSON.
pub fn experiment(bytes: &[u8]) {
    if let Ok(experiment) = serde_json::from_slice::<Experiment>(bytes) {
        is_sound(&experiment);
    }
}

/// The fragment of a link.
pub fn link(bytes: &[u8]) {
    let fields: Vec<_> = form_urlencoded::parse(bytes).collect();
    match Experiment::from_fields(&SETTING, fields.iter().map(|(name, text)| (&**name, &**text))) {
        Ok(experiment) => is_sound(&experiment),
        Err(error) => names_all(&error),
    }
}

/// An experiment is refused with a field and a remedy, or its points can be run and a link spells it.
fn is_sound(experiment: &Experiment) {
    if let Err(error) = experiment.validate(MAX_WORKERS) {
        return names_all(&error);
    }
    for point in experiment.points().expect("it is valid") {
        assert_eq!(point.validate(MAX_WORKERS), Ok(()));
    }
    let fields = experiment.fields_beside(&SETTING);
    let spelled = fields.iter().map(|(name, text)| (*name, text.as_str()));
    let again = Experiment::from_fields(&SETTING, spelled).expect("a link spells it");
    assert_eq!(again.validate(MAX_WORKERS), Ok(()));
    assert_eq!(again.fields(), experiment.fields());
}

fn names_all(error: &FieldError) {
    assert!(!error.remedy.is_empty(), "{error}");
    assert!(FIELDS.contains(&error.field.as_str()) || error.remedy.contains(FIELDS[0]), "{error}");
}

/// A saved report, and all that a page makes of one.
pub fn report(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(report) = gilscope::embed::read(text) else { return };
    let _ = report.experiment.validate(MAX_WORKERS);
    for run in &report.runs {
        let _ = report.experiment_of(run);
    }
    let _ = points::lines(&report.experiment.sweep);
    for lab in labs::ALL {
        let _ = (lab.analysis.charts(&report), lab.analysis.judge(&report));
    }
    let named = |name: &str| Named { name: name.into(), report: report.clone() };
    let _ = compare(vec![named("one"), named("other")]);
    let carried = gilscope::embed::element(&report).expect("plain data");
    assert!(gilscope::embed::read(&format!("<p>{carried}")).is_ok(), "what was read once can be read again");
}

/// A report within a link.
pub fn compact(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(report) = compacted::read(text) else { return };
    let json = compacted::to_json(&report).expect("plain data");
    let again: Report = compacted::read(&json).expect("what was read once can be read again");
    assert_eq!(again.runs.len(), report.runs.len());
}

/// What a parent and a worker say to each other.
pub fn message(bytes: &[u8]) {
    round_trips::<ToWorker>(bytes);
    round_trips::<FromWorker>(bytes);
}

/// By its bytes: a time that is no number is not equal to itself.
fn round_trips<M: Serialize + DeserializeOwned>(bytes: &[u8]) {
    if let Ok(message) = decode::<M>(bytes) {
        let frame = encode(&message);
        let again: M = decode(&frame).expect("what was encoded can be decoded");
        assert_eq!(encode(&again), frame);
    }
}
