//! Which tests run in which browsers, and how long each took.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;

use gilscope_tests::driver::Engine;
use libtest_mimic::{Completion, Trial};

use crate::browser::Options;

/// A test, before it is known in which browser.
pub struct SiteTest {
    /// With its module: `race::pictures_are_shown_before_and_after`.
    pub name: String,
    /// Where it runs in every run of the tests. Elsewhere it is ignored.
    pub engines: &'static [Engine],
    pub options: Options,
    pub run: fn(Engine, Options) -> anyhow::Result<()>,
}

/// For what depends on the engine: workers, shared memory, cancelling, isolation and embedding, storage, policies.
pub const EVERY_ENGINE: &[Engine] = &[Engine::Chromium, Engine::Firefox, Engine::WebKit];
/// For what WebKitGTK's small browser or its driver cannot do, or takes minutes for.
pub const CHROMIUM_AND_FIREFOX: &[Engine] = &[Engine::Chromium, Engine::Firefox];
/// For the logic of pages, which no engine changes.
pub const CHROMIUM: &[Engine] = &[Engine::Chromium];
/// For what makes files of the source tree.
pub const NONE: &[Engine] = &[];

/// Tests of these functions: `tests!(EVERY_ENGINE; one, another)`, `tests!(CHROMIUM, Options { .. }; one)`.
macro_rules! tests {
    ($engines:ident; $($name:ident),* $(,)?) => {
        crate::trials::tests!($engines, crate::browser::Options::default(); $($name),*)
    };
    ($engines:ident, $options:expr; $($name:ident),* $(,)?) => {
        vec![$(crate::trials::SiteTest {
            name: format!("{}::{}", module_path!().trim_start_matches("site::"), stringify!($name)),
            engines: crate::trials::$engines,
            options: $options,
            run: |engine, options| crate::browser::test(engine, options, $name),
        }),*]
    };
}
pub(crate) use tests;

/// Engine by engine, so that a browser can be used again.
pub fn of(tests: impl Iterator<Item = SiteTest>) -> Vec<Trial> {
    let tests: Vec<_> = tests.collect();
    let engines = EVERY_ENGINE.iter().filter(|engine| **engine != Engine::WebKit || cfg!(target_os = "linux"));
    let is_for = |test: &SiteTest, engine| engine == Engine::Chromium || !test.options.only_chromium;
    let trials = |engine: &Engine| {
        let engine = *engine;
        tests.iter().filter(move |test| is_for(test, engine)).map(move |test| trial(test, engine))
    };
    engines.flat_map(trials).collect()
}

fn trial(test: &SiteTest, engine: Engine) -> Trial {
    let name = format!("{}::{}", engine.name(), test.name);
    let (run, options, own_name) = (test.run, test.options, name.clone());
    let timed = move || {
        let start = Instant::now();
        let outcome = run(engine, options);
        note_time(&own_name, start);
        match (outcome, options.fails_until) {
            (Ok(()), None) => Ok(Completion::Completed),
            (Err(error), None) => Err(format!("{error:#}").into()),
            (Err(error), Some(until)) => Ok(Completion::ignored_with(format!("fails until {until}: {error:#}"))),
            (Ok(()), Some(until)) => Err(format!("it passes, and was to fail until {until}: unmark it").into()),
        }
    };
    Trial::ignorable_test(name, timed).with_ignored_flag(!test.engines.contains(&engine))
}

/// Append a test's time to the file that `GILSCOPE_TEST_TIMES` names: the harness tells no times.
fn note_time(name: &str, start: Instant) {
    let Ok(file) = std::env::var("GILSCOPE_TEST_TIMES") else { return };
    let line = format!("{name}\t{}\n", start.elapsed().as_secs_f64());
    let written =
        OpenOptions::new().create(true).append(true).open(&file).and_then(|mut file| file.write_all(line.as_bytes()));
    written.unwrap_or_else(|error| eprintln!("{file}: {error}"));
}
