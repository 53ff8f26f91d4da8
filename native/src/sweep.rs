//! `gilscope sweep`: flags with several values become the points of one experiment.

mod values;

use gilscope::experiment::MAX_POINTS;
use gilscope::shown;

use crate::args::{Asked, SweepArgs};
use crate::exit::{Outcome, UsageError};
use crate::run;

pub fn sweep(args: SweepArgs) -> anyhow::Result<Outcome> {
    run::run(&asked(args)?).map_err(as_typed)
}

type Field = (&'static str, String);
/// A field, and all that it is to be.
type Varied = (&'static str, Vec<String>);

/// The experiment whose sweep is every combination of the values that were given.
pub fn asked(args: SweepArgs) -> Result<Asked, UsageError> {
    let workload = args.workload.map(|workload| ("workload", workload));
    let (mut fields, mut varied): (Vec<Field>, Vec<Varied>) = (Vec::new(), Vec::new());
    for (name, text) in workload.into_iter().chain(args.fields.given()) {
        let mut values = match name {
            "sweep" => {
                return Err(wrong(name, text, "the other flags say what varies; points go to gilscope run --sweep"));
            }
            // Models run side by side at each point.
            "model" => vec![text.clone()],
            _ => values::of(&text).map_err(|remedy| wrong(name, text.clone(), remedy))?,
        };
        if name == "cores" && values.len() > 1 {
            return Err(wrong(name, text, "this field cannot vary within one experiment; give one number"));
        }
        if values.len() == 1 {
            fields.extend(values.pop().map(|value| (name, value)))
        } else {
            varied.push((name, values))
        }
    }
    if varied.is_empty() {
        // Of what was given, what could vary.
        let given = fields.into_iter().find(|(name, _)| *name != "model");
        let (name, value) = given.unwrap_or(("size", String::new()));
        return Err(wrong(name, value, "nothing varies; give several values, as in --size 1000..1000000x10"));
    }
    fields.push(("sweep", points(&varied)?));
    Ok(Asked { fields, quick: false, exports: args.exports })
}

fn wrong(name: &str, value: String, remedy: impl Into<String>) -> UsageError {
    let flag = if name == "workload" { "WORKLOAD".to_owned() } else { format!("--{name}") };
    UsageError { flag, value: shown::short(&value), remedy: remedy.into() }
}

/// A field of a point was given by a flag of its own.
fn as_typed(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<UsageError>() {
        Ok(error) => match error.value.split_once('=') {
            Some((name, value)) if error.flag == "--sweep" => wrong(name, value.to_owned(), error.remedy).into(),
            _ => error.into(),
        },
        Err(error) => error,
    }
}

/// Every combination, as the field `sweep` takes it; the last field varies fastest.
fn points(varied: &[Varied]) -> Result<String, UsageError> {
    let count = varied.iter().try_fold(1_usize, |count, (_, values)| count.checked_mul(values.len()));
    if let Some((last, values)) = varied.last().filter(|_| count.is_none_or(|count| count > MAX_POINTS)) {
        let counts = varied.iter().map(|(name, values)| format!("{} of {name}", values.len())).collect::<Vec<_>>();
        let remedy = format!("{} make more than {MAX_POINTS} points; give fewer values", counts.join(" times "));
        return Err(wrong(last, values.join(","), remedy));
    }
    let combined = varied.iter().fold(vec![String::new()], |points, (name, values)| {
        points.iter().flat_map(|point| values.iter().map(move |value| format!("{point} {name}={value}"))).collect()
    });
    Ok(combined.iter().map(|point| point.trim()).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{ExportArgs, FieldArgs};

    fn swept(fields: FieldArgs) -> Result<Vec<Field>, String> {
        let args = SweepArgs { workload: None, fields, exports: ExportArgs::default() };
        asked(args).map(|asked| asked.fields).map_err(|error| error.to_string())
    }

    fn text(text: &str) -> Option<String> {
        Some(text.into())
    }

    #[test]
    fn several_fields_give_every_combination_and_one_value_stays_a_field() {
        let fields = FieldArgs {
            size: text("10..1000x10"),
            tasks: text("4"),
            channel: text("message,queue"),
            model: vec!["serial,processes".into()],
            ..FieldArgs::default()
        };
        let points = "size=10 channel=message; size=10 channel=queue; size=100 channel=message; \
                      size=100 channel=queue; size=1000 channel=message; size=1000 channel=queue";
        let expected = [("tasks", "4"), ("model", "serial,processes"), ("sweep", points)];
        assert_eq!(swept(fields).unwrap(), expected.map(|(name, text)| (name, text.to_owned())));
    }

    #[test]
    fn what_cannot_be_swept_says_why() {
        let nothing = swept(FieldArgs { size: text("7"), ..FieldArgs::default() }).unwrap_err();
        assert!(nothing.starts_with("--size cannot be '7': nothing varies; give several values"), "{nothing}");
        let tasks = swept(FieldArgs { tasks: text("4"), ..FieldArgs::default() }).unwrap_err();
        assert!(tasks.starts_with("--tasks cannot be '4': nothing varies"), "{tasks}");
        let many = FieldArgs { size: text("1..50"), workers: vec!["1..3".into()], ..FieldArgs::default() };
        let many = swept(many).unwrap_err();
        assert_eq!(
            many,
            "--workers cannot be '1,2,3': 50 of size times 3 of workers make more than 100 points; give fewer values"
        );
        let points = swept(FieldArgs { sweep: text("size=1"), ..FieldArgs::default() }).unwrap_err();
        assert!(points.contains("gilscope run --sweep"), "{points}");
        let range = swept(FieldArgs { size: text("9..1"), ..FieldArgs::default() }).unwrap_err();
        assert!(range.starts_with("--size cannot be '9..1': "), "{range}");
    }
}
