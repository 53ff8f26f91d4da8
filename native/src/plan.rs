//! From flags to a validated plan. Nothing is started before all of it is known to be possible.

use gilscope::experiment::{Experiment, MAX_WORKERS};
use gilscope::labs::Setting;
use gilscope::report::HostKind;

use crate::args::{Asked, ExportArgs};
use crate::exit::UsageError;
use crate::export::{Format, Target};

/// What `gilscope run` is going to do.
#[derive(Debug, PartialEq)]
pub struct Plan {
    pub experiment: Experiment,
    pub exports: Vec<(Format, Target)>,
    /// A saved report that the new one is held against.
    pub reference: Option<String>,
    pub detail: Detail,
    /// Off only for the benchmark of recording.
    pub recording: bool,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The table, the warnings and the verdict.
    Quiet,
    /// Also progress, costs, explanations and the answer.
    Full,
}

/// Resolve `args` for this host of a machine with this many logical cores.
pub fn resolve(asked: &Asked, host: HostKind, logical_cores: u32) -> Result<Plan, UsageError> {
    let fields = || asked.fields.iter().map(|(name, text)| (*name, text.as_str()));
    let pinned = fields().find(|(name, _)| *name == "cores").and_then(|(_, cores)| cores.parse().ok());
    let logical = pinned.unwrap_or(logical_cores).min(logical_cores);
    let setting = Setting { host, logical_cores: logical, quick: asked.quick };
    // `gilscope lab` takes the workload by a flag, `gilscope run` as it is.
    let by_flag = fields().any(|(name, _)| name == "lab");
    let mut experiment = Experiment::from_fields(&setting, fields()).map_err(|error| {
        let named = by_flag && error.field == "workload";
        let error = UsageError::from(error);
        if named { UsageError { flag: "--workload".into(), ..error } } else { error }
    })?;
    let args = &asked.exports;
    let exports = exports(args)?;
    experiment.trace = exports.iter().any(|(format, _)| *format == Format::Trace);
    experiment.validate(MAX_WORKERS)?;
    check_cores(&experiment, logical_cores)?;
    let detail = if args.quiet { Detail::Quiet } else { Detail::Full };
    Ok(Plan { experiment, exports, reference: args.reference.clone(), detail, recording: !args.no_recording })
}

fn check_cores(experiment: &Experiment, logical_cores: u32) -> Result<(), UsageError> {
    match experiment.cores {
        Some(cores) if cores > logical_cores => Err(UsageError {
            flag: "--cores".into(),
            value: cores.to_string(),
            remedy: format!("there are only {logical_cores} here; use a whole number from 1 to {logical_cores}"),
        }),
        _ => Ok(()),
    }
}

fn exports(args: &ExportArgs) -> Result<Vec<(Format, Target)>, UsageError> {
    let texts = [&args.export_json, &args.export_markdown, &args.export_csv, &args.export_trace, &args.export_html];
    let mut exports: Vec<(Format, Target)> = Vec::new();
    for (format, text) in Format::ALL.into_iter().zip(texts) {
        let Some(text) = text else { continue };
        let wrong =
            |remedy: &str| UsageError { flag: format.flag().into(), value: text.clone(), remedy: remedy.into() };
        if text.is_empty() {
            return Err(wrong("give a file, or - for standard output"));
        }
        let target = Target::from(text.as_str());
        if exports.iter().any(|(_, taken)| *taken == target) {
            return Err(wrong("another export goes there"));
        }
        exports.push((format, target));
    }
    Ok(exports)
}

#[cfg(test)]
mod rubbish;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{FieldArgs, RunArgs};

    fn plan(args: RunArgs, cores: u32) -> Plan {
        resolve(&args.into(), HostKind::Native, cores).unwrap()
    }

    fn remedy(args: RunArgs) -> String {
        resolve(&args.into(), HostKind::Native, 2).unwrap_err().to_string()
    }

    fn fields(fields: FieldArgs) -> RunArgs {
        RunArgs { fields, ..RunArgs::default() }
    }

    fn exports(exports: ExportArgs) -> RunArgs {
        RunArgs { exports, ..RunArgs::default() }
    }

    #[test]
    fn without_flags_it_is_the_default_race_with_workers_that_fit() {
        let whole = plan(RunArgs::default(), 2);
        assert_eq!(whole.experiment, Experiment::default());
        let workers = |cores| plan(RunArgs::default(), cores).experiment.workers;
        assert_eq!([workers(1), workers(3), workers(4), workers(64)], [[2], [2], [4], [4]]);
    }

    #[test]
    fn pinning_to_fewer_cores_means_fewer_workers() {
        let args = fields(FieldArgs { cores: Some("2".into()), ..FieldArgs::default() });
        assert_eq!(plan(args, 64).experiment.workers, [2]);
    }

    #[test]
    fn no_more_cores_than_there_are() {
        let args = fields(FieldArgs { cores: Some("3".into()), ..FieldArgs::default() });
        assert_eq!(remedy(args), "--cores cannot be '3': there are only 2 here; use a whole number from 1 to 2");
    }

    #[test]
    fn size_changes_the_workload_and_not_the_other_way_round() {
        let args = RunArgs {
            workload: Some("sha256".into()),
            ..fields(FieldArgs { size: Some("7".into()), ..FieldArgs::default() })
        };
        assert_eq!(plan(args, 2).experiment.size, 7);
    }

    #[test]
    fn a_list_may_be_given_in_parts() {
        let args = fields(FieldArgs { workers: vec!["1,2".into(), "4".into()], ..FieldArgs::default() });
        assert_eq!(plan(args, 2).experiment.workers, [1, 2, 4]);
    }

    #[test]
    fn a_trace_is_recorded_whole_only_when_it_is_exported() {
        assert!(!plan(RunArgs::default(), 2).experiment.trace);
        let args = exports(ExportArgs { export_trace: Some("t.json".into()), ..ExportArgs::default() });
        assert!(plan(args, 2).experiment.trace);
    }

    #[test]
    fn errors_name_the_flag_as_it_was_typed() {
        let args = fields(FieldArgs { workers: vec!["0".into()], ..FieldArgs::default() });
        assert!(remedy(args).starts_with("--workers cannot be '0': use a whole number from 1 to 256, because"));
        let args = RunArgs { workload: Some("fizz".into()), ..RunArgs::default() };
        assert!(remedy(args).starts_with("WORKLOAD cannot be 'fizz': use one of sum-of-squares, "));
    }

    #[test]
    fn two_exports_cannot_go_to_one_place() {
        let args = exports(ExportArgs {
            export_json: Some("-".into()),
            export_csv: Some("-".into()),
            ..ExportArgs::default()
        });
        assert_eq!(remedy(args), "--export-csv cannot be '-': another export goes there");
    }
}
