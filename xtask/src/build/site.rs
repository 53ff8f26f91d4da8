//! The static site, by Vite.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::{cargo, run_quietly};
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::Step;
use crate::tool;

pub fn build(house: &House) -> Result<()> {
    let step = Step {
        name: "site",
        verb: "built",
        inputs: Fingerprint::default().contents(&house.root, &["www", "src/labs", "Cargo.lock"])?,
        outputs: vec![house.dist()],
    };
    step.run(house, |progress| {
        let mut command = Command::new(tool::NPM.require(house)?);
        command.args(["run", "build"]).current_dir(house.www());
        run_quietly(&mut command, progress, "`npm run check` in www shows type errors alone")?;
        fs::write(house.dist().join("licenses-crates.md"), crates(house)?).context("the list of crates")
    })
}

/// The crates that the modules and the binary are made of, each with its licence, as cargo tells of them.
fn crates(house: &House) -> Result<String> {
    let tree = ["tree", "--locked", "--workspace", "--exclude", "xtask", "--edges", "normal", "--target", "all"];
    let mut command = cargo();
    command.args(tree).args(["--prefix", "none", "--format", "{p}\t{l}"]).current_dir(&house.root);
    let output = command.output().context("`cargo tree` did not start")?;
    ensure!(output.status.success(), "`cargo tree` failed: {}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout)?;
    let all = told.lines().filter_map(|line| {
        let (package, licence) = line.trim_end_matches(" (*)").split_once('\t')?;
        // Our own have a path.
        let (name, version) = package.trim_end_matches(" (proc-macro)").split_once(" v")?;
        (!version.contains('(')).then(|| format!("| {name} | {version} | {licence} |\n"))
    });
    let rows: BTreeSet<String> = all.collect();
    let head = "# Crates\n\nThe WebAssembly modules and the companion are made of these crates, from crates.io.\n\n\
                | crate | version | licence |\n| --- | --- | --- |\n";
    Ok(format!("{head}{}", rows.into_iter().collect::<String>()))
}
