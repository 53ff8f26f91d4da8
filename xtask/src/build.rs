//! `cargo xtask build`: from sources to one binary that carries the site.
//!
//! Each step is one file, and its outputs are the next one's inputs.

mod bindgen;
pub mod native;
mod packages;
mod shrink;
mod site;
pub mod toolchain;
pub mod wasm;

use anyhow::Result;

use crate::house::House;
use native::Profile;

pub fn run(house: &House) -> Result<()> {
    site(house)?;
    native::build(house, Profile::Release)
}

/// All that the binary carries.
pub fn site(house: &House) -> Result<()> {
    packages::install(house)?;
    wasm::build(house)?;
    bindgen::generate(house)?;
    shrink::run(house)?;
    site::build(house)
}
