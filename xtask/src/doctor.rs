//! `cargo xtask doctor`: what gilscope needs, found or not, with the remedy.

use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Result, bail};

use crate::build::toolchain::{self, Toolchain};
use crate::command::{cargo, first_line};
use crate::house::House;
use crate::tool::{self, Tool};

/// Vite's minimum.
const NODE_MINIMUM: (u32, u32) = (20, 19);

/// What a requirement is needed for. Without the build there is nothing.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    Build,
    Lint,
    Test,
}

struct Finding {
    name: &'static str,
    need: Need,
    /// Version and place, or the remedy.
    found: Result<String, String>,
}

pub fn run(house: &House) -> Result<()> {
    let findings = examine(house);
    let has_colour =
        std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    for finding in &findings {
        println!("{}", finding.line(has_colour));
    }
    let is_missing = |finding: &&Finding| finding.need == Need::Build && finding.found.is_err();
    let missing: Vec<_> = findings.iter().filter(is_missing).map(|finding| finding.name).collect();
    if !missing.is_empty() {
        bail!("the build needs: {}", missing.join(", "));
    }
    Ok(())
}

fn examine(house: &House) -> Vec<Finding> {
    let mut findings = vec![
        program(
            "rustc",
            Need::Build,
            Command::new(Toolchain::Pinned.rustc()).arg("--version"),
            "install rustup (rustup.rs)",
        ),
        rust_src(),
        node(house),
        tool(house, &tool::NPM, Need::Build),
        program("rustfmt", Need::Lint, cargo().args(["fmt", "--version"]), "`rustup component add rustfmt`"),
        program("clippy", Need::Lint, cargo().args(["clippy", "--version"]), "`rustup component add clippy`"),
    ];
    // Elsewhere the linker comes with the compiler or with Visual Studio, which rustup asks for.
    if cfg!(unix) {
        let remedy = "install a C compiler, which links: `apt-get install gcc libc6-dev`";
        findings.insert(2, program("cc", Need::Build, Command::new("cc").arg("--version"), remedy));
    }
    findings.push(tool(house, &tool::PYTHON, Need::Test));
    findings.extend(tool::BROWSERS.iter().map(|browser| tool(house, browser, Need::Test)));
    findings
}

fn program(name: &'static str, need: Need, command: &mut Command, remedy: &str) -> Finding {
    let place = which::which(command.get_program()).map(|path| path.display().to_string());
    let found = first_line(command)
        .map(|version| format!("{version}  {}", place.unwrap_or_default()))
        .ok_or_else(|| remedy.to_owned());
    Finding { name, need, found }
}

fn tool(house: &House, tool: &Tool, need: Need) -> Finding {
    let found = tool
        .find(house)
        .and_then(|path| Some(format!("{}  {}", tool.version(&path)?, path.display())))
        .ok_or_else(|| tool.remedy.to_owned());
    Finding { name: tool.name, need, found }
}

fn node(house: &House) -> Finding {
    let mut finding = tool(house, &tool::NODE, Need::Build);
    let is_old = |found: &String| node_version(found).is_none_or(|version| version < NODE_MINIMUM);
    if let Some(found) = finding.found.as_ref().ok().filter(|found| is_old(found)) {
        finding.found = Err(format!("{found} is too old; {}", tool::NODE.remedy));
    }
    finding
}

/// `v20.20.2 …` as (20, 20).
fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn rust_src() -> Finding {
    let found = Toolchain::find()
        .and_then(Toolchain::sources)
        .map(|sources| sources.display().to_string())
        .ok_or_else(|| toolchain::REMEDY.to_owned());
    Finding { name: "rust-src", need: Need::Build, found }
}

impl Finding {
    fn line(&self, has_colour: bool) -> String {
        let need = match self.need {
            Need::Build => "build",
            Need::Lint => "lint",
            Need::Test => "test",
        };
        let (mark, colour, text) = match &self.found {
            Ok(found) => ("found", "\x1b[32m", found),
            Err(remedy) => ("missing", "\x1b[31m", remedy),
        };
        let (on, off) = if has_colour { (colour, "\x1b[0m") } else { ("", "") };
        format!("{:<13} {need:<5} {on}{mark:<8}{off} {text}", self.name)
    }
}
