//! Running other programs.

use std::io::{BufRead, BufReader, pipe};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::step::Progress;

/// Runs a command, showing its latest line, and fails with all it said and the remedy.
pub fn run_quietly(command: &mut Command, progress: &Progress, remedy: &str) -> Result<()> {
    let line = spell(command);
    let (reader, writer) = pipe()?;
    // Nobody is there to answer a question.
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("`{line}` did not start; {remedy}"))?;
    // The command holds the writing ends: without them here the pipe ends with the child.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut output = String::new();
    for bytes in BufReader::new(reader).split(b'\n') {
        let text = String::from_utf8_lossy(&bytes?).into_owned();
        progress.say(&text);
        output += &text;
        output.push('\n');
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{output}\n`{line}` failed ({status})\n{remedy}");
    }
    Ok(())
}

/// Runs a command that speaks for itself.
pub fn run_loudly(command: &mut Command) -> Result<()> {
    let line = spell(command);
    let status = command.status().with_context(|| format!("`{line}` did not start"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// What a command prints, trimmed, or nothing if it fails.
pub fn first_line(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next()?.trim();
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}

/// The cargo that runs us, of the pinned toolchain.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A command as one would type it.
fn spell(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}
