//! The site in real browsers. Every test fails on any error that the page, its workers or its Content-Security-Policy
//! report.
//!
//! What depends on the engine runs in Chromium, Firefox and WebKitGTK; the logic of pages in Chromium alone, and
//! everywhere with `--include-ignored`, which `cargo xtask test --full` gives.

mod browser;
mod complaints;
mod origins;
mod page;
mod server;
mod static_host;
mod trials;

mod accessibility;
mod api;
mod cancel;
mod compare;
mod deaths;
mod detector;
mod embedding;
mod history;
mod labs;
mod layout;
mod misfortune;
mod native;
mod offline;
mod pictures;
mod playground;
mod race;
mod settings;
mod soak;
mod timeline;
mod unshared;
mod watch;
mod weight;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let tests = [
        accessibility::tests(),
        api::tests(),
        cancel::tests(),
        compare::tests(),
        deaths::tests(),
        detector::tests(),
        embedding::tests(),
        history::tests(),
        labs::tests(),
        layout::tests(),
        misfortune::tests(),
        native::tests(),
        offline::tests(),
        pictures::tests(),
        playground::tests(),
        race::tests(),
        settings::tests(),
        soak::tests(),
        timeline::tests(),
        unshared::tests(),
        watch::tests(),
        weight::tests(),
    ];
    let mut arguments = Arguments::from_args();
    // Each measures with two workers, and waits for a page half of the time.
    arguments.test_threads.get_or_insert(3);
    let conclusion = libtest_mimic::run(&arguments, trials::of(tests.into_iter().flatten()));
    browser::quit_all();
    conclusion.exit_code()
}
