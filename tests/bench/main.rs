//! `cargo xtask bench WHAT`: what gilscope promises of itself, measured side by side in one run. `race` is the default.

mod browser;
mod cpython;
mod fidelity;
mod native;
mod page;
mod race;
mod steps;
mod table;
mod timeline;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let (what, args) = args.split_first().map_or(("race", &[][..]), |(what, args)| (what.as_str(), args));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match what {
        "race" => runtime.block_on(race::run(args)),
        "fidelity" => runtime.block_on(fidelity::run(args)),
        "steps" => steps::run(args),
        _ => bail!("'{what}' is no benchmark: use race, fidelity or steps"),
    }
}
