//! The static site, by Vite.

use std::process::Command;

use anyhow::Result;

use crate::command::run_quietly;
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::Step;
use crate::tool;

pub fn build(house: &House) -> Result<()> {
    let step = Step {
        name: "site",
        verb: "built",
        inputs: Fingerprint::default().contents(&house.root, &["www", "src/labs"])?,
        outputs: vec![house.dist()],
    };
    step.run(house, |progress| {
        let mut command = Command::new(tool::NPM.require(house)?);
        command.args(["run", "build"]).current_dir(house.www());
        run_quietly(&mut command, progress, "`npm run check` in www shows type errors alone")
    })
}
