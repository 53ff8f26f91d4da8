//! A Rust compiler that can rebuild its standard library.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{cargo, first_line};
use crate::install;
use crate::step::{Progress, say};

const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

pub const REMEDY: &str = "`rustup component add rust-src`, \
    or on Debian `apt-get install rustc-web cargo-web rust-web-src lld-22`";

/// A compiler that has its standard library's sources.
#[derive(Clone, Copy)]
pub enum Toolchain {
    /// The one that runs us, as rust-toolchain.toml pins it.
    Pinned,
    /// Debian's, from `rustc-web`, for machines without rustup's servers.
    Debian,
}

impl Toolchain {
    pub fn find() -> Option<Toolchain> {
        [Toolchain::Pinned, Toolchain::Debian].into_iter().find(|toolchain| toolchain.sources().is_some())
    }

    pub fn find_or_install(progress: &Progress) -> Result<Toolchain> {
        if let Some(toolchain) = Toolchain::find() {
            return Ok(toolchain);
        }
        if let Err(error) = install::rust_src(progress) {
            say("wasm", &format!("{error:#}\ntrying Debian's compiler"));
            install::debian_packages(DEBIAN_PACKAGES, progress)?;
        }
        Toolchain::find().with_context(|| format!("no Rust compiler with rust-src; run {REMEDY}"))
    }

    /// Where the standard library's sources are.
    pub fn sources(self) -> Option<PathBuf> {
        let library = self.sysroot()?.join("lib/rustlib/src/rust/library");
        library.join("std").exists().then_some(library)
    }

    /// rustup's compilers bring their own linker for wasm, Debian's take LLVM's.
    pub fn linker(self) -> Option<&'static str> {
        let is_debian = self.sysroot()? == Path::new("/usr");
        is_debian.then_some("wasm-ld-22")
    }

    fn sysroot(self) -> Option<PathBuf> {
        first_line(Command::new(self.rustc()).args(["--print", "sysroot"])).map(PathBuf::from)
    }

    pub fn rustc(self) -> OsString {
        match self {
            Toolchain::Pinned => std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()),
            Toolchain::Debian => "/usr/bin/rustc".into(),
        }
    }

    pub fn cargo(self) -> Command {
        match self {
            Toolchain::Pinned => cargo(),
            Toolchain::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                command.env("RUSTC", self.rustc());
                command
            }
        }
    }
}
