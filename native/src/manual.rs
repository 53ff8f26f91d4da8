//! What the binary says about itself: help, schemas, completions, manual pages.

use anyhow::Context;
use clap::CommandFactory;
use gilscope::compare::Comparison;
use gilscope::experiment::Experiment;
use gilscope::report::Report;
use schemars::schema_for;

use crate::args::{Args, CompletionsArgs, ManArgs, SchemaArgs, SchemaOf};
use crate::exit::{Outcome, UsageError};
use crate::output;

pub fn help() -> anyhow::Result<Outcome> {
    output::text(&Args::command().render_help().ansi().to_string())?;
    Ok(Outcome::Done)
}

pub fn schema(args: &SchemaArgs) -> anyhow::Result<Outcome> {
    let schema = match args.of {
        SchemaOf::Experiment => schema_for!(Experiment),
        SchemaOf::Report => schema_for!(Report),
        SchemaOf::Comparison => schema_for!(Comparison),
    };
    output::bytes(format!("{}\n", serde_json::to_string_pretty(&schema)?).as_bytes())?;
    Ok(Outcome::Done)
}

pub fn completions(args: &CompletionsArgs) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "gilscope", &mut script);
    output::bytes(&script)?;
    Ok(Outcome::Done)
}

pub fn man(args: &ManArgs) -> anyhow::Result<Outcome> {
    let mut all = Args::command();
    all.build();
    let page = match &args.command {
        None => all,
        Some(name) => all.find_subcommand(name).cloned().ok_or_else(|| UsageError {
            flag: "COMMAND".into(),
            value: name.clone(),
            remedy: format!("use one of {}", names(&all)),
        })?,
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff).context("cannot render the page")?;
    output::bytes(&roff)?;
    Ok(Outcome::Done)
}

fn names(command: &clap::Command) -> String {
    command.get_subcommands().map(clap::Command::get_name).collect::<Vec<_>>().join(", ")
}
