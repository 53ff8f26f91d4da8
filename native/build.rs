//! What `gilscope --version --verbose` tells of how the binary was built. The site is embedded: a build of it is
//! noticed, also one that was not there before.

use std::env::var;
use std::path::Path;
use std::process::Command;

const SITE: &str = "../www/dist";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SITE}");
    for (name, value) in [("TARGET", var("TARGET").ok()), ("PROFILE", var("PROFILE").ok()), ("RUSTC", rustc())] {
        println!("cargo::rustc-env=GILSCOPE_{name}={}", value.as_deref().unwrap_or("unknown"));
    }
    tell_commit();
    // While one develops the site comes later; a binary that is installed should have it.
    if var("PROFILE").is_ok_and(|profile| profile == "release") && !Path::new(SITE).join("index.html").exists() {
        println!(
            "cargo::warning=the site is not built, so `gilscope serve` will have none: run `cargo xtask build` first"
        );
    }
}

fn rustc() -> Option<String> {
    said(Command::new(var("RUSTC").ok()?).arg("--version"))
}

/// The commit, where this is a clone and git is there.
fn tell_commit() {
    let git = |args: &[&str]| said(Command::new("git").args(args));
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return };
    println!("cargo::rustc-env=GILSCOPE_COMMIT={commit}");
    // It has a line more after every commit.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|log| Path::new(log).exists());
    if let Some(log) = log {
        println!("cargo::rerun-if-changed={log}");
    }
}

/// What a program that succeeds says.
fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
