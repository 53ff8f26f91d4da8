//! The release binary, which embeds the site.

use anyhow::Result;

use crate::command::{cargo, run_quietly};
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::Step;
use crate::tool;

pub fn build(house: &House) -> Result<()> {
    let inputs = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src", "native", "www/dist"];
    let step = Step {
        name: "binary",
        verb: "built",
        inputs: Fingerprint::default()
            .text(&std::env::var("RUSTUP_TOOLCHAIN").unwrap_or_default())
            .text(&std::env::var("RUSTFLAGS").unwrap_or_default())
            .contents(&house.root, &inputs)?,
        outputs: vec![house.gilscope()],
    };
    step.run(house, |progress| {
        let mut command = cargo();
        command
            .args(["build", "--release", "--locked"])
            .args(["--package", "gilscope-native"])
            .current_dir(&house.root);
        run_quietly(&mut command, progress, tool::SEE_DOCTOR)
    })
}
