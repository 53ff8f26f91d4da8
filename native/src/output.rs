//! Standard output, and how wide it is.

use std::io::{self, Write};

use anyhow::Context;

/// Lines longer than this are hard to read.
const MAX_WIDTH: u16 = 100;
/// Tables are not squeezed further than this.
const MIN_WIDTH: u16 = 60;

/// Columns to lay text out for: the terminal's, within reason.
pub fn width() -> u16 {
    let terminal = console::Term::stdout().size_checked();
    terminal.map_or(MAX_WIDTH, |(_, columns)| columns.clamp(MIN_WIDTH, MAX_WIDTH))
}

/// Write styled text; the styles are dropped where NO_COLOR or a pipe asks for it.
pub fn text(text: &str) -> anyhow::Result<()> {
    finish(|| {
        let mut stdout = anstream::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    })
}

/// Write bytes as they are.
pub fn bytes(bytes: &[u8]) -> anyhow::Result<()> {
    finish(|| {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()
    })
}

/// A reader that has seen enough (`| head -1`) is no failure.
fn finish(write: impl FnOnce() -> io::Result<()>) -> anyhow::Result<()> {
    match write() {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("cannot write to standard output"),
    }
}
