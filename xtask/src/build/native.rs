//! The binary, which embeds the site.

use anyhow::Result;

use crate::command::{cargo, run_quietly};
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::Step;
use crate::tool;

/// As the workspace's Cargo.toml defines them.
#[derive(Clone, Copy)]
pub enum Profile {
    /// For readers.
    Release,
    /// For tests: compiled in a fraction of the time.
    Ci,
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Ci => "ci",
        }
    }
}

pub fn build(house: &House, profile: Profile) -> Result<()> {
    let inputs = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src", "native", "www/dist"];
    let step = Step {
        name: match profile {
            Profile::Release => "binary",
            Profile::Ci => "ci-binary",
        },
        verb: "built",
        inputs: Fingerprint::default()
            .text(&std::env::var("RUSTUP_TOOLCHAIN").unwrap_or_default())
            .text(&std::env::var("RUSTFLAGS").unwrap_or_default())
            .contents(&house.root, &inputs)?,
        outputs: vec![house.gilscope(profile)],
    };
    step.run(house, |progress| {
        let mut command = cargo();
        command
            .args(["build", "--locked", "--profile", profile.name()])
            .args(["--package", "gilscope-native"])
            .current_dir(&house.root);
        run_quietly(&mut command, progress, tool::SEE_DOCTOR)
    })
}
