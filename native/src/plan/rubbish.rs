//! Whatever is typed after a flag is a plan, or wrong usage that says what is right. Nothing is run for it.

use clap::{Args, Command, FromArgMatches};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::args::{LabArgs, PythonArgs, RunArgs, SweepArgs};
use crate::sweep;

/// The flags of these arguments that stand for a field of the experiment.
fn flags<A: Args>() -> Vec<String> {
    let command = A::augment_args(Command::new("gilscope"));
    let fields = command.get_arguments().filter(|flag| flag.get_action().takes_values());
    let named = fields.filter_map(|flag| flag.get_long()).filter(|name| !name.starts_with("export-"));
    named.filter(|name| !["reference", "python"].contains(name)).map(|name| format!("--{name}")).collect()
}

/// What these words are; `None` where the parser of flags refuses them.
fn typed<A: Args + FromArgMatches>(words: &[&str]) -> Option<A> {
    let words = [&["gilscope"], words].concat();
    let matches = A::augment_args(Command::new("gilscope")).try_get_matches_from(words).ok()?;
    A::from_arg_matches(&matches).ok()
}

fn rubbish() -> impl Strategy<Value = String> {
    let edges = ["", " ", "-", "0", "-0", "-1", "1.5", "NaN", "inf", "1e400", "4294967296", "18446744073709551616"];
    let strange = ["٣", "½", "🐍", "\u{0}", "\u{1b}[2J", "..", "1..", "1..1e308x10", "0..9+1e-300", "a=b", ";;", "=,="];
    let long = "9".repeat(100_000);
    let edges = edges.into_iter().chain(strange).map(String::from).chain([long]).collect::<Vec<_>>();
    prop_oneof![select(edges), ".{0,20}", "[-+]?[0-9_.,]{0,25}(e[0-9]{1,4})?", "[0-9.x+]{0,12}"]
}

fn is_answered(asked: Result<Asked, UsageError>) -> Result<(), TestCaseError> {
    if let Err(error) = asked.and_then(|asked| resolve(&asked, HostKind::Native, 2)) {
        prop_assert!(error.flag.starts_with("--") || error.flag == "WORKLOAD", "{error}");
        prop_assert!(!error.remedy.is_empty() && error.to_string().len() < 2_000, "{error}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn of_a_run(flag in select(flags::<RunArgs>()), text in rubbish()) {
        for words in [&[flag.as_str(), &text][..], &[&text]] {
            if let Some(args) = typed::<RunArgs>(words) {
                is_answered(Ok(args.into()))?;
            }
        }
    }

    #[test]
    fn of_a_lab(flag in select(flags::<LabArgs>()), text in rubbish()) {
        for words in [&["scaling", &flag, &text][..], &[&text]] {
            if let Some(args) = typed::<LabArgs>(words) {
                is_answered(Ok(args.into()))?;
            }
        }
    }

    #[test]
    fn of_a_run_in_python(flag in select(flags::<PythonArgs>()), text in rubbish()) {
        for words in [&[flag.as_str(), &text][..], &[&text]] {
            if let Some(args) = typed::<PythonArgs>(words) {
                is_answered(Ok(args.into()))?;
            }
        }
    }

    #[test]
    fn of_a_sweep(flags in proptest::sample::subsequence(flags::<SweepArgs>(), 1..4), texts in [rubbish(), rubbish(), rubbish()]) {
        let words: Vec<_> = flags.iter().zip(&texts).flat_map(|(flag, text)| [flag.as_str(), text]).collect();
        if let Some(args) = typed::<SweepArgs>(&words) {
            is_answered(sweep::asked(args))?;
        }
    }
}
