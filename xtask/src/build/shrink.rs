//! Smaller and faster modules, by wasm-opt from npm's `binaryen`, put where the site imports them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use walkdir::WalkDir;

use crate::build::{bindgen, wasm};
use crate::command::run_quietly;
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::Step;
use crate::tool;

/// Threads and the other features need no flag: the module lists those it uses (`target_features`).
///
/// More than `-O1` makes the modules smaller and what Brotli makes of them larger, by 5 %: less in them repeats. Removing
/// unused arguments and redundant stores saves another 1 %.
const FLAGS: &[&str] = &["--dae-optimizing", "-O1", "--rse", "--strip-target-features", "--strip-producers"];

pub fn run(house: &House) -> Result<()> {
    let (from, to) = (bindgen::package(house), house.wasm_package());
    let step = Step {
        name: "shrink",
        verb: "shrunk",
        inputs: Fingerprint::default()
            .text(&FLAGS.concat())
            .contents(&from, &["."])?
            .contents(&house.www(), &["package-lock.json"])?,
        outputs: vec![to.clone()],
    };
    step.run(house, |progress| {
        if to.exists() {
            fs::remove_dir_all(&to)?;
        }
        copy_tree(&from, &to)?;
        for name in wasm::MODULES {
            let module = to.join(format!("{name}_bg.wasm"));
            let mut command = Command::new(tool::NODE.require(house)?);
            command.arg(wasm_opt(house)).args(FLAGS).arg(&module).arg("-o").arg(&module);
            run_quietly(&mut command, progress, "is `binaryen` among the devDependencies of www/package.json?")?;
        }
        Ok(())
    })
}

/// A program for node, which is how it runs on Windows too.
fn wasm_opt(house: &House) -> PathBuf {
    house.www().join("node_modules/binaryen/bin/wasm-opt")
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for entry in WalkDir::new(from) {
        let entry = entry?;
        let destination = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(destination)?;
        } else {
            fs::copy(entry.path(), destination)?;
        }
    }
    Ok(())
}
