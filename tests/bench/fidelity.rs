//! `cargo xtask bench fidelity`: whether the simulated lock does what CPython's does, beside any number of threads.
//!
//! Every host runs the same experiment in turn, round by round: gilscope natively and in browsers, and each CPython that
//! this machine has. Compared are distributions: how long a request takes, how long turns are, how often the holder is
//! made to switch, and which waiter is next. CPython's turns are read from the events of its own lock, which the shim
//! records.
//!
//! Prints a table and writes the same as JSON to `target/bench/fidelity.json`. `--quick` is one short round; names of
//! hosts and intervals (`native chromium 3.13 20ms`) measure these alone.

mod observed;
mod table;

use gilscope::experiment::{Experiment, Model};
use gilscope_tests::driver::Engine;
use observed::Observed;
use serde::Serialize;

use super::browser::Browser;
use super::native;

/// What the threads do.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Load {
    /// One thread waits 1 ms for each request, beside so many that compute.
    Beside(u32),
    /// So many threads compute.
    Computing(u32),
}

#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    load: Load,
    interval_ms: u32,
}

/// Where it is measured.
enum Host {
    Native,
    Browser(Engine, Box<Browser>),
    /// By its version.
    Python(String),
}

impl Host {
    fn name(&self) -> String {
        match self {
            Self::Native => "native".into(),
            Self::Browser(engine, _) => engine.name().into(),
            Self::Python(version) => format!("CPython {version}"),
        }
    }

    fn is_python(&self) -> bool {
        matches!(self, Self::Python(_))
    }

    async fn observe(&self, setting: Setting, requests: u32) -> anyhow::Result<Observed> {
        let experiment = experiment(setting, requests, self.is_python());
        match self {
            Self::Native => Observed::of(&native::run(&experiment, true)?),
            Self::Browser(_, browser) => Observed::of(&browser.run(&experiment, true).await?),
            Self::Python(version) => observed::python(version, &experiment),
        }
    }
}

fn experiment(setting: Setting, requests: u32, in_python: bool) -> Experiment {
    let base = Experiment {
        models: vec![Model::Threads],
        runs: 1,
        warmup: 0,
        trace: true,
        switch_interval_s: f64::from(setting.interval_ms) / 1e3,
        ..Experiment::default()
    };
    match setting.load {
        Load::Beside(background) => Experiment {
            workload: "io-wait".into(),
            size: 1_000,
            tasks: requests,
            workers: vec![1],
            background,
            ..base
        },
        // About a second for all together.
        Load::Computing(threads) => {
            let size = 480_000_000 / threads / if in_python { 40 } else { 1 };
            Experiment { tasks: threads, workers: vec![threads], size, ..base }
        }
    }
}

fn settings(is_quick: bool, intervals: &[u32]) -> Vec<Setting> {
    let beside: &[u32] = if is_quick { &[1, 2, 4] } else { &[1, 2, 3, 4, 8] };
    let computing: &[u32] = if is_quick { &[4] } else { &[2, 3, 4, 8] };
    let loads = || beside.iter().copied().map(Load::Beside).chain(computing.iter().copied().map(Load::Computing));
    intervals.iter().flat_map(|&interval_ms| loads().map(move |load| Setting { load, interval_ms })).collect()
}

/// One setting, measured everywhere.
#[derive(Serialize)]
pub struct Row {
    setting: Setting,
    hosts: Vec<(String, Observed)>,
}

pub async fn run(args: &[String]) -> anyhow::Result<()> {
    let is_quick = args.iter().any(|arg| arg == "--quick");
    let in_ms = |arg: &String| arg.strip_suffix("ms")?.parse().ok();
    let mut intervals: Vec<u32> = args.iter().filter_map(in_ms).collect();
    if intervals.is_empty() {
        intervals = if is_quick { vec![5] } else { vec![5, 1, 20] };
    }
    let wanted: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-') && in_ms(arg).is_none()).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let mut hosts = Vec::new();
    if is_wanted("native") {
        hosts.push(Host::Native);
    }
    for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
        if is_wanted(engine.name()) {
            let browser = Browser::open(engine).await?;
            browser.session.goto(&browser.url).await?;
            hosts.push(Host::Browser(engine, Box::new(browser)));
        }
    }
    let pythons = observed::pythons()?.into_iter().map(Host::Python);
    hosts.extend(pythons.filter(|python| is_wanted(&python.name())));
    let (rounds, requests) = if is_quick { (1, 60) } else { (3, 100) };
    let mut rows = Vec::new();
    for setting in settings(is_quick, &intervals) {
        // A long interval takes long, and what comes of it is as certain.
        let requests = if setting.interval_ms > 5 { requests / 4 } else { requests };
        let mut seen: Vec<_> = hosts.iter().map(|host| (host.name(), Observed::default())).collect();
        for round in 0..rounds {
            eprintln!("bench: {setting:?}, round {} of {rounds}", round + 1);
            for (host, (_, observed)) in hosts.iter().zip(&mut seen) {
                observed.add(host.observe(setting, requests).await?);
            }
        }
        let row = Row { setting, hosts: seen };
        table::print(&row);
        rows.push(row);
        // Saved after every setting, so that Ctrl-C loses no more than one.
        table::save(&rows)?;
    }
    println!("\n= agrees with CPython, ! does not. Saved as {}", table::FILE);
    for host in hosts {
        if let Host::Browser(_, browser) = host {
            browser.close().await?;
        }
    }
    Ok(())
}
