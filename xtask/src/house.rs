//! Where things are.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context, Result};

use crate::build::native::Profile;

/// The paths of the workspace and of what is built from it.
pub struct House {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl House {
    pub fn locate() -> Result<House> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no workspace around it")?.to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => absolute(dir).context("CARGO_TARGET_DIR")?,
            None => root.join("target"),
        };
        Ok(House { root, target })
    }

    pub fn www(&self) -> PathBuf {
        self.root.join("www")
    }

    /// The built site, which the native binary embeds.
    pub fn dist(&self) -> PathBuf {
        self.www().join("dist")
    }

    /// The modules that the site ships, with their JavaScript and types.
    pub fn wasm_package(&self) -> PathBuf {
        self.www().join("src").join("wasm")
    }

    /// A target directory of its own, so that the wasm flags never invalidate a native build.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The binary.
    pub fn gilscope(&self, profile: Profile) -> PathBuf {
        self.target.join(profile.name()).join(format!("gilscope{EXE_SUFFIX}"))
    }

    /// Tools that we install, in the shape of `cargo install --root`.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Stamps and what only one step reads.
    pub fn scratch(&self) -> PathBuf {
        self.target.join("steps")
    }
}
