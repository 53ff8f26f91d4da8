//! How to run an experiment again: as a command, and as a link's fragment.

use gilscope::labs::Setting;
use gilscope::report::{HostKind, Report};

/// The lab that `gilscope run` is of.
const RACE: &str = "race";

/// What differs from the lab's own experiment on the machine of the report, host by host.
fn fields(report: &Report, host: HostKind) -> Vec<(&'static str, String)> {
    let setting = Setting { host, logical_cores: report.host.logical_cores, quick: false };
    let mut fields = report.experiment.fields_beside(&setting);
    fields.retain(|(name, _)| *name != "trace");
    fields
}

/// `gilscope lab convoy --runs 5`
pub fn command(report: &Report) -> String {
    let experiment = &report.experiment;
    let is_race = experiment.lab == RACE;
    // A page is not run by a command, but natively it can be.
    let host = if report.host.kind == HostKind::Cpython { HostKind::Cpython } else { HostKind::Native };
    let fields = fields(report, host);
    let flags = fields.iter().filter(|(name, _)| *name != "lab" && !(is_race && *name == "workload"));
    let flags = flags.map(|(name, value)| format!(" --{name} {}", quoted(value))).collect::<String>();
    let python = version(&report.host.engine).map(|version| format!(" --python {version}")).unwrap_or_default();
    match (report.host.kind, is_race) {
        (HostKind::Cpython, true) => format!("gilscope python {}{python}{flags}", experiment.workload),
        (HostKind::Cpython, false) => format!("gilscope python {}{python}{flags}", experiment.lab),
        (_, true) => format!("gilscope run {}{flags}", experiment.workload),
        (_, false) => format!("gilscope lab {}{flags}", experiment.lab),
    }
}

/// `3.13.0`, of the engine `CPython 3.13.0 (GCC 12.2.0)`
fn version(engine: &str) -> Option<&str> {
    engine.strip_prefix("CPython ")?.split_whitespace().next()
}

/// `#lab=convoy&runs=5&workers=1`
pub fn fragment(report: &Report) -> String {
    let mut fields = fields(report, HostKind::Browser);
    // Its default depends on the reader's machine.
    if !fields.iter().any(|(name, _)| *name == "workers") {
        fields.push(("workers", report.experiment.workers.iter().map(u32::to_string).collect::<Vec<_>>().join(",")));
    }
    format!("#{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}

/// As a shell takes it.
fn quoted(value: &str) -> String {
    let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || ",._-".contains(c)) && !value.is_empty();
    if plain { value.to_owned() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::tests::report;

    #[test]
    fn a_version_is_what_the_engine_says_after_its_name() {
        let engines = ["CPython 3.13.0 (GCC 12.2.0)", "CPython 3.15.0a1 ()", "gilscope 0.1.0 (x86_64)"];
        assert_eq!(engines.map(version), [Some("3.13.0"), Some("3.15.0a1"), None]);
    }

    #[test]
    fn a_command_and_a_link_bring_the_experiment_back() {
        let mut report = report();
        assert_eq!(command(&report), "gilscope run sum-of-squares --model serial,threads,processes --runs 3");
        assert_eq!(fragment(&report), "#model=serial%2Cthreads%2Cprocesses&runs=3&workers=2");
        report.experiment.set("sweep", "size=10; size=20").unwrap();
        assert!(command(&report).ends_with(" --sweep 'size=10;size=20'"), "{}", command(&report));
        report.host.kind = HostKind::Cpython;
        report.host.engine = "CPython 3.13.0 (GCC 12.2.0, free-threaded)".into();
        assert!(
            command(&report).starts_with("gilscope python sum-of-squares --python 3.13.0 "),
            "{}",
            command(&report)
        );
    }
}
