//! The npm packages that build the site.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::command::run_quietly;
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::Step;
use crate::tool;

pub fn install(house: &House) -> Result<()> {
    let www = house.www();
    ensure!(
        www.join("package-lock.json").exists(),
        "www/package-lock.json is missing; run `npm install` in www and commit it"
    );
    let step = Step {
        name: "packages",
        verb: "installed",
        inputs: Fingerprint::default().contents(&www, &["package.json", "package-lock.json"])?,
        outputs: vec![www.join("node_modules").join(".package-lock.json")],
    };
    step.run(house, |progress| {
        // Scripts stay off: what we use ships its programs inside its packages.
        let mut command = Command::new(tool::NPM.require(house)?);
        command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&www);
        run_quietly(&mut command, progress, "check the network, or run `npm ci` in www")
    })
}
