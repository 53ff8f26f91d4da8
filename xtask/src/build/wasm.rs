//! The core as two wasm modules with shared memory, on a stable toolchain.
//!
//! The standard library must be rebuilt with atomics, which takes its sources (`rust-src`) and `-Z build-std`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::build::toolchain::Toolchain;
use crate::command::run_quietly;
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::{Progress, Step};
use crate::tool;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// The modules: each is the core with the feature of this name, and nothing else of it. What measures is fetched before
/// the first run, what analyses with it.
pub const MODULES: [&str; 2] = ["measuring", "analysis"];

/// As the workspace's Cargo.toml defines it.
const PROFILE: &str = "wasm";

const RUSTFLAGS: &[&str] = &[
    // A panic ends in a trap, which the page hears of; its message would reach nobody, but be fetched by everybody.
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    // A debug format gives the name of a variant and no more: what readers are shown is Display.
    "-Zfmt-debug=shallow",
    "-Ctarget-feature=+atomics,+bulk-memory,+mutable-globals",
    // Newer compilers no longer imply these: without them the memory is silently not shared
    // (https://github.com/RReverser/wasm-bindgen-rayon/issues/33).
    "-Clink-arg=--shared-memory",
    "-Clink-arg=--import-memory",
    // 1.25 MiB: what both modules begin with, so that the site, which creates their memories, knows it
    // (www/src/host/module.ts).
    "-Clink-arg=--initial-memory=1310720",
    // 256 MiB. A shared memory reserves its maximum, and iOS refuses large ones
    // (https://github.com/emscripten-core/emscripten/issues/19144).
    "-Clink-arg=--max-memory=268435456",
    // What wasm-bindgen needs to start a module once per thread.
    "-Clink-arg=--export=__wasm_init_tls",
    "-Clink-arg=--export=__tls_size",
    "-Clink-arg=--export=__tls_align",
    "-Clink-arg=--export=__tls_base",
];

/// The flags, the linker, and short names for the folders of the building machine, which panic messages would carry.
fn rustflags(toolchain: Toolchain) -> String {
    let sources = toolchain.sources().map(|path| (path, "library"));
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let packages = cargo_home.map(|path| (path.join("registry"), "registry"));
    let folders = sources.into_iter().chain(packages);
    let remaps = folders.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    let linker = toolchain.linker().map(|name| format!("-Clinker={name}"));
    let flags = RUSTFLAGS.iter().map(|flag| flag.to_string());
    let flags: Vec<_> = flags.chain(remaps).chain(linker).collect();
    flags.join("\x1f")
}

pub fn build(house: &House) -> Result<()> {
    let inputs = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src"];
    let step = Step {
        name: "wasm",
        verb: "built",
        inputs: Fingerprint::default()
            .text(&RUSTFLAGS.concat())
            .text(&std::env::var("RUSTUP_TOOLCHAIN").unwrap_or_default())
            .contents(&house.root, &inputs)?,
        outputs: MODULES.map(|name| module(house, name)).into(),
    };
    step.run(house, |progress| {
        for name in MODULES {
            let mut command = cargo_for_wasm(house, "build", progress)?;
            command.args(["--no-default-features", "--features", name]);
            run_quietly(&mut command, progress, tool::SEE_DOCTOR)?;
            // The next one takes its place there.
            let built = house.wasm_target().join(TARGET).join(PROFILE).join("gilscope.wasm");
            fs::copy(built, module(house, name))?;
        }
        Ok(())
    })
}

/// A module as the linker leaves it.
pub fn module(house: &House, name: &str) -> PathBuf {
    house.wasm_target().join(format!("{name}.wasm"))
}

/// `cargo SUBCOMMAND` for the core with shared memory. Always in one profile: clippy and the build then share the
/// standard library, which takes a minute.
pub fn cargo_for_wasm(house: &House, subcommand: &str, progress: &Progress) -> Result<Command> {
    let toolchain = Toolchain::find_or_install(progress)?;
    let mut command = toolchain.cargo();
    command
        .args([subcommand, "--package", "gilscope", "--lib", "--locked"])
        .args(["--profile", PROFILE, "--target", TARGET])
        // Sorts in particular: the quick ones are a tenth of the module, and nothing long is sorted.
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"])
        .arg(house.wasm_target())
        .current_dir(&house.root)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags(toolchain));
    Ok(command)
}
