//! How the process ends: the one place that prints errors and knows the exit codes.

use std::process::ExitCode;

use gilscope::compare::CompareError;
use gilscope::experiment::FieldError;
use gilscope::session::RunError;

/// How a command ended that has printed all there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Part-way; what was there by then has been printed.
    Failed,
    /// By a signal; what was there by then has been printed.
    Cancelled,
}

/// A flag that cannot be followed as given.
#[derive(thiserror::Error, Debug, PartialEq, Eq)]
#[error("{flag} cannot be '{value}': {remedy}")]
pub struct UsageError {
    pub flag: String,
    pub value: String,
    pub remedy: String,
}

impl From<FieldError> for UsageError {
    fn from(error: FieldError) -> Self {
        let flag = match error.field.as_str() {
            "workload" => "WORKLOAD".to_owned(),
            field => format!("--{field}"),
        };
        Self { flag, value: error.value, remedy: error.remedy }
    }
}

const CANCELLED: u8 = 130;
const WRONG_USAGE: u8 = 2;

/// The host's own bounds, too, are about a flag that was given.
pub fn of_run(error: RunError) -> anyhow::Error {
    match error {
        RunError::Field(error) => UsageError::from(error).into(),
        error => error.into(),
    }
}

/// Print what went wrong, if anything did, and tell the shell.
pub fn code(result: anyhow::Result<Outcome>) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Ok(Outcome::Cancelled) => ExitCode::from(CANCELLED),
        Err(error) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            anstream::eprintln!("{style}error:{style:#} {error:#}");
            code_of(&error)
        }
    }
}

fn code_of(error: &anyhow::Error) -> ExitCode {
    if error.is::<UsageError>() || error.is::<CompareError>() {
        return ExitCode::from(WRONG_USAGE);
    }
    match error.downcast_ref() {
        Some(RunError::Cancelled) => ExitCode::from(CANCELLED),
        _ => ExitCode::FAILURE,
    }
}
