//! What was seen, host beside host, and where gilscope is further from CPython than it may be.

use std::path::Path;

use anyhow::Context;
use gilscope::compare::{LATENCY_P50, LATENCY_P90, NEXT, SWITCHES};
use gilscope::stats::{Estimate, Percentiles, share};
use gilscope::trace::turns::Next;

use super::{Load, Observed, Row};

/// Where the table is kept.
pub const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench/fidelity.json");

/// A figure, where it is printed, and by how much two of it may differ.
struct Figure {
    title: &'static str,
    of: fn(&Observed) -> Option<Estimate>,
    /// By what it is multiplied for the table.
    scale: f64,
    tolerance: Option<Tolerance>,
}

#[derive(Clone, Copy)]
enum Tolerance {
    /// As a share of CPython's figure.
    Share(f64),
    Points(f64),
}

fn latency(observed: &Observed, of: fn(&Percentiles) -> (f64, Option<[f64; 2]>)) -> Option<Estimate> {
    let (value, ci95) = of(&Percentiles::of(&observed.latency_s)?);
    Some(Estimate { value, ci95 })
}

fn next(observed: &Observed, of: fn(&Next) -> u64) -> Option<Estimate> {
    share(of(&observed.next), observed.next.total())
}

const FIGURES: [Figure; 8] = [
    Figure {
        title: "p50 ms",
        of: |seen| latency(seen, |latency| (latency.p50, latency.p50_ci95)),
        scale: 1e3,
        tolerance: Some(Tolerance::Share(LATENCY_P50)),
    },
    Figure {
        title: "p90 ms",
        of: |seen| latency(seen, |latency| (latency.p90, latency.p90_ci95)),
        scale: 1e3,
        tolerance: Some(Tolerance::Share(LATENCY_P90)),
    },
    Figure {
        title: "p99 ms",
        of: |seen| latency(seen, |latency| (latency.p99, latency.p99_ci95)),
        scale: 1e3,
        tolerance: None,
    },
    Figure {
        title: "turn ms",
        of: |seen| Percentiles::of(&seen.held_s).map(|held| Estimate { value: held.p50, ci95: held.p50_ci95 }),
        scale: 1e3,
        tolerance: Some(Tolerance::Share(SWITCHES)),
    },
    Figure { title: "forced/s", of: forced_per_s, scale: 1.0, tolerance: Some(Tolerance::Share(SWITCHES)) },
    Figure {
        title: "longest %",
        of: |seen| next(seen, |next| next.longest),
        scale: 100.0,
        tolerance: Some(Tolerance::Points(NEXT)),
    },
    Figure {
        title: "latest %",
        of: |seen| next(seen, |next| next.latest),
        scale: 100.0,
        tolerance: Some(Tolerance::Points(NEXT)),
    },
    Figure {
        title: "others %",
        of: |seen| next(seen, |next| next.others),
        scale: 100.0,
        tolerance: Some(Tolerance::Points(NEXT)),
    },
];

#[expect(clippy::cast_precision_loss, reason = "a bench has far fewer than 2^53 switches")]
fn forced_per_s(observed: &Observed) -> Option<Estimate> {
    (observed.elapsed_s > 0.0).then(|| Estimate { value: observed.forced as f64 / observed.elapsed_s, ci95: None })
}

impl Figure {
    /// Whether `own` is within the tolerance of one of CPython's figures: versions and moments differ, too.
    fn agrees(&self, own: Estimate, pythons: &[Estimate]) -> Option<bool> {
        let tolerance = self.tolerance.filter(|_| !pythons.is_empty())?;
        let reach = |python: &Estimate| match tolerance {
            Tolerance::Share(share) => share * python.value,
            Tolerance::Points(points) => points,
        };
        let least = pythons.iter().map(|python| python.value - reach(python)).fold(f64::INFINITY, f64::min);
        let most = pythons.iter().map(|python| python.value + reach(python)).fold(f64::NEG_INFINITY, f64::max);
        // An interval that reaches into the tolerance does not tell the two apart.
        let [low, high] = own.ci95.unwrap_or([own.value; 2]);
        Some(low <= most && least <= high)
    }
}

pub fn print(row: &Row) {
    let what = match row.setting.load {
        Load::Beside(threads) => format!("a request beside {threads} computing threads"),
        Load::Computing(threads) => format!("{threads} computing threads"),
    };
    println!("\n{what}, switch interval {} ms", row.setting.interval_ms);
    print!("{:16}", "");
    FIGURES.iter().for_each(|figure| print!("{:>26}", figure.title));
    println!();
    for (name, seen) in &row.hosts {
        print!("{name:16}");
        for figure in &FIGURES {
            let own = (figure.of)(seen);
            let pythons = row.hosts.iter().filter(|(name, _)| name.starts_with("CPython"));
            let pythons: Vec<Estimate> = pythons.filter_map(|(_, seen)| (figure.of)(seen)).collect();
            let mark = match own.filter(|_| !name.starts_with("CPython")).and_then(|own| figure.agrees(own, &pythons)) {
                Some(false) => "!",
                Some(true) => "=",
                None => "",
            };
            let text = own.map_or("-".into(), |own| text(own, figure.scale));
            print!("{:>26}", format!("{text} {mark}"));
        }
        println!();
    }
}

fn text(estimate: Estimate, scale: f64) -> String {
    let value = estimate.value * scale;
    match estimate.ci95 {
        Some([low, high]) => format!("{value:.1} ({:.1} to {:.1})", low * scale, high * scale),
        None => format!("{value:.1}"),
    }
}

pub fn save(rows: &[Row]) -> anyhow::Result<()> {
    std::fs::create_dir_all(Path::new(FILE).parent().context("a file in a folder")?)?;
    std::fs::write(FILE, serde_json::to_string_pretty(rows)?).with_context(|| format!("cannot write {FILE}"))
}
