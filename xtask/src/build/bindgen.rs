//! The JavaScript and the types around the module, by wasm-bindgen as a library: its command line takes minutes to
//! install.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use wasm_bindgen_cli_support::Bindgen;

use crate::build::wasm;
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::Step;

pub const NAME: &str = "gilscope";

pub fn generate(house: &House) -> Result<()> {
    let out = package(house);
    let module = wasm::module(house);
    let step = Step {
        name: "bindgen",
        verb: "generated",
        // Cargo.lock holds wasm-bindgen's version.
        inputs: Fingerprint::default()
            .contents(&house.root, &["Cargo.lock"])?
            .identities(std::slice::from_ref(&module))?,
        outputs: vec![out.clone()],
    };
    step.run(house, |_| {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        Bindgen::new().web(true)?.typescript(true).out_name(NAME).input_path(module).generate(out)
    })
}

/// Its output, before it is shrunk.
pub fn package(house: &House) -> PathBuf {
    house.scratch().join("bindgen")
}
