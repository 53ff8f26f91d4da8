//! The JavaScript and the types around the modules, by wasm-bindgen as a library: its command line takes minutes to
//! install.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use wasm_bindgen_cli_support::Bindgen;

use crate::build::wasm;
use crate::fingerprint::Fingerprint;
use crate::house::House;
use crate::step::Step;

pub fn generate(house: &House) -> Result<()> {
    let out = package(house);
    let modules = wasm::MODULES.map(|name| wasm::module(house, name));
    let step = Step {
        name: "bindgen",
        verb: "generated",
        // Cargo.lock holds wasm-bindgen's version.
        inputs: Fingerprint::default().contents(&house.root, &["Cargo.lock"])?.identities(&modules)?,
        outputs: vec![out.clone()],
    };
    step.run(house, |_| {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        for (name, module) in wasm::MODULES.iter().zip(modules) {
            Bindgen::new().web(true)?.typescript(true).out_name(name).input_path(module).generate(&out)?;
        }
        Ok(())
    })
}

/// Its output, before it is shrunk.
pub fn package(house: &House) -> PathBuf {
    house.scratch().join("bindgen")
}
