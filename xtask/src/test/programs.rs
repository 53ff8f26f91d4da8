//! The programs that tests are compiled to.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use cargo_metadata::Message;

use super::{Options, Part};
use crate::command::cargo;
use crate::house::House;

/// A test program: one test target of one package.
#[derive(Clone, Copy)]
pub struct Program {
    pub name: &'static str,
    pub package: &'static str,
    /// As cargo names the target.
    target: &'static str,
    pub part: Part,
    /// Where it expects to run: cargo starts tests in the folder of their package.
    pub folder: &'static str,
}

impl Program {
    pub const CORE: Self = Self { name: "core", package: "gilscope", target: "gilscope", part: Part::Core, folder: "" };
    pub const NATIVE: Self =
        Self { name: "native", package: "gilscope-tests", target: "native", part: Part::Native, folder: "tests" };
    const RING: Self = Self {
        name: "ring",
        package: "gilscope-ring",
        target: "gilscope_ring",
        part: Part::Native,
        folder: "native/ring",
    };
    const UNITS: Self = Self {
        name: "native units",
        package: "gilscope-native",
        target: "gilscope",
        part: Part::Native,
        folder: "native",
    };
    const SITE: Self =
        Self { name: "site", package: "gilscope-tests", target: "site", part: Part::Site, folder: "tests" };
    const XTASK: Self = Self { name: "xtask", package: "xtask", target: "xtask", part: Part::Core, folder: "xtask" };

    /// In the order in which they run: quick ones first.
    pub const ALL: [Self; 6] = [Self::CORE, Self::XTASK, Self::RING, Self::UNITS, Self::NATIVE, Self::SITE];

    /// How often it is started, each time with a name and arguments.
    pub fn passes(&self, options: &Options) -> Vec<(String, Vec<String>)> {
        let with = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).chain(options.args.clone()).collect();
        let name = self.name.to_owned();
        let is_own = options.args.is_empty();
        match self.name {
            // These need the machine to themselves.
            "native" if is_own => vec![
                (name.clone(), with(&["--skip", "alone::"])),
                (format!("{name}, alone"), with(&["alone::", "--test-threads=1"])),
            ],
            // The one left out makes files of the source tree.
            "site" if options.full => vec![(name, with(&["--include-ignored", "--skip", "pictures::"]))],
            _ => vec![(name, with(&[]))],
        }
    }
}

/// All that is compiled in the profile of the tests.
const PACKAGES: [&str; 4] = ["gilscope", "gilscope-native", "gilscope-ring", "gilscope-tests"];

/// Compile these programs; their executables, in this order.
pub fn build(house: &House, programs: &[Program]) -> Result<Vec<PathBuf>> {
    let (ours, others): (Vec<_>, Vec<_>) = programs.iter().partition(|program| program.package == "xtask");
    let mut found = Vec::new();
    // In the profile that has built us: in another its dependencies would be compiled once more.
    for (programs, profile) in [(others, "ci"), (ours, "xtask")] {
        if !programs.is_empty() {
            found.extend(compile(house, &programs, profile)?);
        }
    }
    let executable = |program: &Program| {
        let of = found.iter().find(|(package, target, _)| package == program.package && target == program.target);
        of.map(|(_, _, path)| path.clone()).with_context(|| format!("cargo built no test program {}", program.name))
    };
    programs.iter().map(executable).collect()
}

/// Package, target and path of each executable.
fn compile(house: &House, programs: &[&Program], profile: &str) -> Result<Vec<(String, String, PathBuf)>> {
    let mut command = cargo();
    command.args(["test", "--locked", "--no-run", "--message-format", "json-render-diagnostics"]);
    command.args(["--profile", profile]).current_dir(&house.root).stdout(Stdio::piped());
    // Always the same packages, of which targets are chosen: others would need other features of what they depend on, and
    // all of that compiled once more.
    let packages: &[_] = if profile == "xtask" { &["xtask"] } else { &PACKAGES };
    command.args(packages.iter().flat_map(|package| ["--package", package]));
    let target = |program: &&Program| match program.package {
        "gilscope-tests" => format!("--test={}", program.target),
        "gilscope" | "gilscope-ring" => "--lib".into(),
        _ => "--bins".into(),
    };
    // Cargo refuses to be told a thing twice.
    command.args(programs.iter().map(target).collect::<BTreeSet<_>>());
    let mut child = command.spawn().context("cargo did not start")?;
    let mut found = Vec::new();
    for message in Message::parse_stream(BufReader::new(child.stdout.take().context("piped")?)) {
        if let Message::CompilerArtifact(artifact) = message?
            && artifact.profile.test
            && let Some(path) = artifact.executable
        {
            let package = artifact.manifest_path.parent().and_then(|folder| folder.file_name());
            let package = match package {
                Some("native") => "gilscope-native",
                Some("ring") => "gilscope-ring",
                Some("tests") => "gilscope-tests",
                Some("xtask") => "xtask",
                _ => "gilscope",
            };
            found.push((package.to_owned(), artifact.target.name, path.into_std_path_buf()));
        }
    }
    if !child.wait()?.success() {
        bail!("the tests do not compile");
    }
    Ok(found)
}
