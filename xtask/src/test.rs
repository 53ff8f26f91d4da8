//! `cargo xtask test`: every test, on a machine that may have nothing yet.

mod event;
mod junit;
mod programs;
mod site_units;
mod summary;

use std::path::PathBuf;
use std::thread;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::build::{self, native::Profile};
use crate::house::House;
use crate::{lint, tool};
use event::Outcome;
use programs::Program;
use summary::Summary;

#[derive(Args)]
pub struct Options {
    /// Only the tests of one part
    #[arg(long)]
    only: Option<Part>,
    /// Also check formatting and run clippy, as `cargo xtask lint` does
    #[arg(long)]
    lint: bool,
    /// Everything in every engine, long soaks, and all lints: what one runs before a release
    #[arg(long, conflicts_with = "only")]
    full: bool,
    /// Arguments for the test programs, such as a name to filter by: `cargo xtask test --only site -- firefox`
    #[arg(last = true)]
    args: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// The core library
    Core,
    /// The binary without a browser: the command line, the hosts, real Pythons and the labs' listings
    Native,
    /// The site: its types, its unit tests, and all of it in real browsers
    Site,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

pub fn run(house: &House, options: &Options) -> Result<()> {
    let summary = Summary::default();
    let ended = run_steps(house, options, &summary);
    // Report the tests that ran, also after a step that failed.
    junit::write(&junit_file(house), &summary.results())?;
    summary.print(&junit_file(house));
    ended?;
    match summary.failed() {
        0 => Ok(()),
        failed => bail!("{failed} tests failed"),
    }
}

pub fn junit_file(house: &House) -> PathBuf {
    house.target.join("tests").join("junit.xml")
}

fn run_steps(house: &House, options: &Options, summary: &Summary) -> Result<()> {
    let python = options.wants(Part::Native).then_some(&tool::PYTHON);
    let browsers = tool::BROWSERS.iter().copied().filter(|_| options.wants(Part::Site));
    let tools: Vec<_> = python.into_iter().chain(browsers).collect();
    summary.time("install tools", || tool::install_packages_for_tests(house, &tools))?;
    let lints = options.lint || options.full;
    if lints {
        summary.time("lint: fmt", || lint::format(house))?;
    }

    // Linking a module is work for one core, so what needs no site is compiled at the same time.
    let needs_site = options.only != Some(Part::Core);
    thread::scope(|scope| {
        let site = needs_site.then(|| scope.spawn(|| summary.time("build: site", || build::site(house))));
        let compiled = (|| {
            if lints {
                summary.time("lint: clippy, native", || lint::native(house))?;
            }
            if options.wants(Part::Site) {
                summary.time("install geckodriver", || tool::install_driver_for_tests(house, &tools))?;
            }
            let early: &[_] = if needs_site { &[Program::CORE, Program::NATIVE] } else { &[Program::CORE] };
            summary.time("build: tests", || programs::build(house, early)).map(drop)
        })();
        site.map_or(Ok(()), |site| site.join().expect("it does not panic"))?;
        compiled
    })?;
    if needs_site {
        summary.time("build: binary", || build::native::build(house, Profile::Ci))?;
    }
    if lints {
        summary.time("lint: clippy, wasm", || lint::wasm(house))?;
    }
    if options.full {
        summary.time("lint: clippy, other systems", || lint::elsewhere(house))?;
    }

    let wanted = Program::ALL.iter().copied().filter(|program| options.wants(program.part));
    let wanted: Vec<_> = wanted.filter(|program| options.only.is_none() || program.package != "xtask").collect();
    let built = summary.time("build: tests", || programs::build(house, &wanted))?;
    if options.wants(Part::Site) {
        summary.time("site types", || site_units::check_types(house))?;
        summary.run("site units", || site_units::run(house))?;
    }
    for (program, executable) in wanted.iter().zip(built) {
        for (name, args) in program.passes(options) {
            summary.run(&name, || event::run(house, program, &executable, &args))?;
        }
    }
    Ok(())
}

/// A test, and what became of it.
pub struct Tested {
    pub name: String,
    pub outcome: Outcome,
    pub seconds: f64,
}
