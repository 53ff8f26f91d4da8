//! `gilscope --version`, and with `--verbose` how this binary was built.

use crate::exit::Outcome;
use crate::{format, output, serve};

pub fn version(verbose: bool) -> anyhow::Result<Outcome> {
    let first = format!("gilscope {}\n", env!("CARGO_PKG_VERSION"));
    output::text(&if verbose { first + &facts() } else { first })?;
    Ok(Outcome::Done)
}

/// What `build.rs` found, and what is in this binary.
fn facts() -> String {
    let site = serve::site_bytes().map_or_else(
        || "none: `cargo xtask build` makes a binary that has it".to_owned(),
        |bytes| format!("{}, embedded", format::bytes(bytes)),
    );
    let facts = [
        ("commit", option_env!("GILSCOPE_COMMIT").unwrap_or("unknown")),
        ("target", env!("GILSCOPE_TARGET")),
        ("profile", env!("GILSCOPE_PROFILE")),
        ("compiler", env!("GILSCOPE_RUSTC")),
        ("report", gilscope::report::SCHEMA),
        ("site", &site),
    ];
    facts.into_iter().map(|(name, value)| format!("{name:9} {value}\n")).collect()
}
