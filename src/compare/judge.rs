//! Whether the lock does the same in two reports. The claim is: *what the simulated lock does is what CPython's
//! lock does*. Four things tell, each within a tolerance that leaves room for the noise of a small machine:
//!
//! | | tolerance |
//! | --- | --- |
//! | threads/serial, the speed-up of threads under the lock | 0.05 ([`POINTS`]) |
//! | forced switches a second | 10 % ([`SWITCHES`]) |
//! | who gets the lock next, of two or more that wait: the one who waited longest, the one who came last | 10 points ([`NEXT`]) |
//! | convoy latency: a request's time beside threads that compute, for half of the requests | 25 % ([`LATENCY_P50`]) |
//! | the same for 90 % of the requests | 50 % ([`LATENCY_P90`]) |
//!
//! They are judged where the lock and what is asked of it are the same. A percentile without an interval rests on
//! a request or two, and is not judged.

use serde::{Deserialize, Serialize};

use super::quantity::Quantity;
use super::shared::{Key, Of, Shared};
use super::{Distance, Named};
use crate::experiment::Model;
use crate::labs::words;
use crate::stats::Estimate;

const POINTS: f64 = 0.05;
pub const SWITCHES: f64 = 0.10;
pub const NEXT: f64 = 0.10;
pub const LATENCY_P50: f64 = 0.25;
pub const LATENCY_P90: f64 = 0.50;

const JUDGED: [Quantity; 6] = [
    Quantity::Speedup,
    Quantity::ForcedSwitches,
    Quantity::NextLongest,
    Quantity::NextLatest,
    Quantity::TaskP50,
    Quantity::TaskP90,
];

/// How two figures stand to each other.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// They are within the tolerance.
    Agree,
    /// They are further apart.
    Differ,
}

/// Whether a report agrees with the reference in one thing.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Sentence {
    /// The report that is held against the first, counted from 0.
    pub report: u32,
    pub quantity: Quantity,
    pub agreement: Agreement,
    /// Whether there is a 95 % interval, and all of it is on the same side of the tolerance.
    pub sure: bool,
    pub text: String,
}

pub fn sentences(reports: &[Named], shared: &[Shared]) -> Vec<Sentence> {
    let of_report = |report: usize| {
        let judged = JUDGED.into_iter().flat_map(move |quantity| shared.iter().map(move |shared| (quantity, shared)));
        judged.filter_map(move |(quantity, shared)| sentence(reports, report, quantity, shared))
    };
    (1..reports.len()).flat_map(of_report).collect()
}

fn sentence(reports: &[Named], report: usize, quantity: Quantity, shared: &Shared) -> Option<Sentence> {
    let (first, own) = (shared.runs[0].as_ref()?, shared.runs[report].as_ref()?);
    if !can_be_judged(quantity, &shared.key, first, own) {
        return None;
    }
    let figures = [quantity.of(first.run)?, quantity.of(own.run)?];
    let apart = quantity.distance().of(figures[1], figures[0])?;
    let (agreement, sure) = judge(quantity, apart);
    let text = text(quantity, &shared.key, [&reports[0].name, &reports[report].name], figures, apart);
    Some(Sentence { report: u32::try_from(report).ok()?, quantity, agreement, sure, text })
}

/// Whether both ask the same of the same lock.
fn can_be_judged(quantity: Quantity, key: &Key, first: &Of, own: &Of) -> bool {
    let [a, b] = [&first.experiment, &own.experiment];
    let same_lock = a.lock_policy == b.lock_policy && (a.switch_interval_s - b.switch_interval_s).abs() < 1e-9;
    let same_load = a.background == b.background && a.dispatch == b.dispatch;
    let is_enough = match quantity {
        Quantity::Speedup => key.workers > 1,
        Quantity::ForcedSwitches => [first, own].iter().all(|of| quantity.of(of.run).is_some_and(|s| s.value > 0.0)),
        Quantity::NextLongest | Quantity::NextLatest => [first, own].iter().all(|of| is_bounded(quantity, of)),
        // A request waits for as long as its size says.
        _ => a.background > 0 && a.size == b.size && [first, own].iter().all(|of| is_bounded(quantity, of)),
    };
    key.model == Model::Threads && same_lock && same_load && is_enough
}

fn is_bounded(quantity: Quantity, of: &Of) -> bool {
    quantity.of(of.run).is_some_and(|figure| figure.ci95.is_some())
}

fn tolerance(quantity: Quantity) -> f64 {
    match quantity {
        Quantity::Speedup => POINTS,
        Quantity::ForcedSwitches => SWITCHES,
        Quantity::NextLongest | Quantity::NextLatest => NEXT,
        Quantity::TaskP50 => LATENCY_P50,
        _ => LATENCY_P90,
    }
}

fn judge(quantity: Quantity, apart: Estimate) -> (Agreement, bool) {
    let same = if quantity.distance() == Distance::Ratio { 1.0 } else { 0.0 };
    // Rounding must not tell 0.90 and 0.95 apart.
    let within = |value: f64| (value - same).abs() <= tolerance(quantity) + 1e-9;
    let agrees = within(apart.value);
    let sure = apart.ci95.is_some_and(|[low, high]| match agrees {
        true => within(low) && within(high),
        false => !within(low) && !within(high) && (low > same) == (high > same),
    });
    (if agrees { Agreement::Agree } else { Agreement::Differ }, sure)
}

fn text(quantity: Quantity, key: &Key, names: [&str; 2], figures: [Estimate; 2], apart: Estimate) -> String {
    let what = match quantity {
        Quantity::Speedup => "threads/serial",
        Quantity::ForcedSwitches => "forced switches a second",
        Quantity::TaskP50 => "convoy latency, 50 % of the requests",
        Quantity::NextLongest => "the lock goes to the one who waited longest",
        Quantity::NextLatest => "the lock goes to the one who came last",
        _ => "convoy latency, 90 % of the requests",
    };
    let number = |value: f64| match quantity {
        Quantity::Speedup => words::ratio(value),
        Quantity::ForcedSwitches => words::count(value),
        Quantity::NextLongest | Quantity::NextLatest => words::percent(value),
        _ => words::seconds(value),
    };
    let [first, own] = figures.map(|figure| number(figure.value));
    let is_ratio = quantity.distance() == Distance::Ratio;
    let signed = |value: f64| words::signed_hundredths(if is_ratio { value - 1.0 } else { value });
    let unit = if is_ratio { "%" } else { "points" };
    let interval = apart.ci95.map(|ends| ends.map(signed));
    let interval = interval.map(|[low, high]| format!(", 95 % {low} to {high}")).unwrap_or_default();
    let (agreement, sure) = judge(quantity, apart);
    let says = match agreement {
        Agreement::Agree => "they agree within",
        Agreement::Differ => "they differ by more than",
    };
    let doubt = match (sure, apart.ci95, agreement) {
        (true, ..) => "",
        (false, None, _) => ", but no interval tells how sure that is; measure more rounds",
        (false, Some(_), Agreement::Agree) => ", though more rounds may tell them apart",
        (false, Some(_), Agreement::Differ) => ", though more rounds may bring them together",
    };
    let [reference, name] = names;
    let distance = format!("{} {unit}{interval}", signed(apart.value));
    let verdict = format!("{says} {} {unit}{doubt}", words::hundredths(tolerance(quantity)));
    format!("{what} ({}): {first} in {reference} and {own} in {name} ({distance}); {verdict}.", key.place())
}
