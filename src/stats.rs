//! Statistics of repeated measurements: pure functions that name their source.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use serde::{Deserialize, Serialize};
use statrs::statistics::{Data, OrderStatistics};

/// Resamples of a bootstrap: enough for two digits of a 95 % interval.
const RESAMPLES: usize = 2_000;
/// The 97.5 % quantile of the standard normal distribution.
const NORMAL_975: f64 = 1.959_964;

/// What repeated measurements of one quantity came to, in that quantity's unit.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Summary {
    /// Every measurement, in the order taken.
    pub samples: Vec<f64>,
    pub median: f64,
    pub min: f64,
    pub max: f64,
    /// 95 % interval of the median; absent for fewer than three samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub ci95: Option<[f64; 2]>,
}

impl Summary {
    /// Summarize `samples`; `None` if there are none.
    pub fn of(samples: Vec<f64>) -> Option<Self> {
        let min = samples.iter().copied().reduce(f64::min)?;
        let max = samples.iter().copied().reduce(f64::max)?;
        Some(Self { median: median(&samples), min, max, ci95: bootstrap_ci95(&samples), samples })
    }
}

/// How many measurements of one quantity lie where, in that quantity's unit.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Percentiles {
    pub count: u64,
    pub min: f64,
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub max: f64,
    /// 95 % intervals of the percentiles; absent where so few measurements bound none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub p50_ci95: Option<[f64; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub p90_ci95: Option<[f64; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub p99_ci95: Option<[f64; 2]>,
}

impl Percentiles {
    /// Those of `samples`; `None` if there are none.
    pub fn of(samples: &[f64]) -> Option<Self> {
        let min = samples.iter().copied().reduce(f64::min)?;
        let max = samples.iter().copied().reduce(f64::max)?;
        let mut sorted = samples.to_vec();
        let mut data = in_order(&mut sorted);
        let mut at = |share| data.quantile(share).clamp(min, max);
        let [p50, p90, p99] = [at(0.5), at(0.9), at(0.99)];
        Some(Self {
            count: samples.len() as u64,
            min,
            p50,
            p90,
            p99,
            max,
            p50_ci95: quantile_ci95(&sorted, 0.5),
            p90_ci95: quantile_ci95(&sorted, 0.9),
            p99_ci95: quantile_ci95(&sorted, 0.99),
        })
    }
}

/// The middle of `samples`, or the mean of the two in the middle. Must not be empty.
pub fn median(samples: &[f64]) -> f64 {
    OrderStatistics::median(&mut in_order(&mut samples.to_vec()))
}

/// For what is asked by rank. It is sorted first, because to select from unsorted values takes time by the square of
/// their number where many are equal and the standard library is built for size, as for a browser.
fn in_order(samples: &mut [f64]) -> Data<&mut [f64]> {
    samples.sort_unstable_by(f64::total_cmp);
    Data::new(samples)
}

/// Percentile bootstrap interval of the median (Efron, "Bootstrap Methods: Another Look at the
/// Jackknife", 1979), with a fixed seed so that the same samples give the same interval.
fn bootstrap_ci95(samples: &[f64]) -> Option<[f64; 2]> {
    if samples.len() < 3 {
        return None;
    }
    let mut random = Pcg32::seed_from_u64(0);
    let mut pick = || {
        let index = (u64::from(random.next_u32()) * samples.len() as u64) >> 32;
        samples[usize::try_from(index).expect("below the length")]
    };
    // One buffer for all: thousands of allocations would keep a page from answering.
    let mut picked = vec![0.0; samples.len()];
    let mut median = || {
        picked.fill_with(&mut pick);
        OrderStatistics::median(&mut in_order(&mut picked))
    };
    let mut medians: Vec<f64> = (0..RESAMPLES).map(|_| median()).collect();
    let mut medians = in_order(&mut medians);
    Some([medians.quantile(0.025), medians.quantile(0.975)])
}

/// The 95 % interval of a quantile from the ranks that bound it (Conover, "Practical Nonparametric
/// Statistics", 1971, by the normal approximation): what takes no time for many samples.
fn quantile_ci95(sorted: &[f64], share: f64) -> Option<[f64; 2]> {
    let count = sorted.len() as f64;
    let reach = NORMAL_975 * (count * share * (1.0 - share)).sqrt();
    #[expect(clippy::cast_possible_truncation, reason = "ranks are below the number of samples, give or take a few")]
    let rank = |rank: f64| usize::try_from(rank as i64 - 1).ok().and_then(|index| sorted.get(index)).copied();
    Some([rank((count * share - reach).floor())?, rank((count * share + reach).ceil())?])
}

/// A figure with its 95 % interval, where there is one.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Estimate {
    pub value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub ci95: Option<[f64; 2]>,
}

impl Estimate {
    /// This one less `reference`, measured apart from it. The interval follows from theirs (MOVER: Zou and
    /// Donner, "Construction of confidence limits about effect measures", 2008), so no samples are needed.
    pub fn less(self, reference: Self) -> Self {
        let value = self.value - reference.value;
        let ci95 = self.ci95.zip(reference.ci95).map(|([low, high], [least, most])| {
            let below = (self.value - low).hypot(most - reference.value);
            let above = (high - self.value).hypot(reference.value - least);
            [value - below, value + above]
        });
        Self { value, ci95 }
    }

    /// This one over `reference`, as [`Self::less`] of their logarithms; `None` where one is not above 0.
    pub fn over(self, reference: Self) -> Option<Self> {
        let difference = self.by(f64::ln)?.less(reference.by(f64::ln)?);
        difference.by(f64::exp)
    }

    /// Value and interval by `function`; `None` if that gives no number. An end without one is no interval.
    fn by(self, function: fn(f64) -> f64) -> Option<Self> {
        let ci95 = self.ci95.map(|ends| ends.map(function)).filter(|ends| ends.iter().all(|end| end.is_finite()));
        let value = function(self.value);
        value.is_finite().then_some(Self { value, ci95 })
    }
}

impl From<&Summary> for Estimate {
    fn from(summary: &Summary) -> Self {
        Self { value: summary.median, ci95: summary.ci95 }
    }
}

/// A share with its 95 % interval (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927);
/// `None` of none.
pub fn share(of: u64, all: u64) -> Option<Estimate> {
    #[expect(clippy::cast_precision_loss, reason = "what is counted stays far below 2^53")]
    let (of, all) = (of as f64, all as f64);
    (all > 0.0).then(|| {
        let value = of / all;
        let square = NORMAL_975 * NORMAL_975;
        let middle = (value + square / (2.0 * all)) / (1.0 + square / all);
        let reach =
            NORMAL_975 / (1.0 + square / all) * (value * (1.0 - value) / all + square / (4.0 * all * all)).sqrt();
        Estimate { value, ci95: Some([(middle - reach).max(0.0), (middle + reach).min(1.0)]) }
    })
}

/// How many samples are outliers: modified Z-score above 3.5 (Iglewicz and Hoaglin, "How to Detect and
/// Handle Outliers", 1993). Deviations under 5 % of the median never count.
pub fn outliers(samples: &[f64]) -> usize {
    if samples.len() < 5 {
        return 0;
    }
    let middle = median(samples);
    let deviations: Vec<f64> = samples.iter().map(|sample| (sample - middle).abs()).collect();
    let spread = median(&deviations).max(f64::EPSILON * middle.abs());
    deviations.iter().filter(|&&deviation| 0.6745 * deviation / spread > 3.5 && deviation > 0.05 * middle.abs()).count()
}

/// The serial part of the work, from 0 to 1, that fits these (workers, speed-up) best by Amdahl's law
/// (Amdahl, "Validity of the Single Processor Approach", 1967): least squares of the time per work.
pub fn amdahl(measured: &[(f64, f64)]) -> f64 {
    // 1/S = 1/N + s (1 - 1/N) is a line through the origin.
    let (xy, xx) = measured.iter().fold((0.0, 0.0), |(xy, xx), (workers, speedup)| {
        let (x, y) = (1.0 - workers.recip(), speedup.recip() - workers.recip());
        (xy + x * y, xx + x * x)
    });
    if xx > 0.0 { (xy / xx).clamp(0.0, 1.0) } else { 0.0 }
}

/// What Amdahl's law says for a serial part.
pub fn amdahl_speedup(serial_part: f64, workers: f64) -> f64 {
    (serial_part + (1.0 - serial_part) / workers).recip()
}

/// Contention and crosstalk that fit these (workers, speed-up) best by the Universal Scalability Law
/// (Gunther, "Guerrilla Capacity Planning", 2007): least squares of N/S - 1 = a (N-1) + b N (N-1), neither
/// below 0.
pub fn usl(measured: &[(f64, f64)]) -> (f64, f64) {
    let terms = |workers: f64| (workers - 1.0, workers * (workers - 1.0));
    let mut sums = [0.0; 5];
    for (workers, speedup) in measured {
        let ((u, v), y) = (terms(*workers), workers / speedup - 1.0);
        for (sum, term) in sums.iter_mut().zip([u * u, u * v, v * v, u * y, v * y]) {
            *sum += term;
        }
    }
    let [uu, uv, vv, uy, vy] = sums;
    let determinant = uu * vv - uv * uv;
    let alone = |top: f64, bottom: f64| if bottom > 0.0 { (top / bottom).max(0.0) } else { 0.0 };
    if determinant <= 1e-9 * uu * vv {
        return (alone(uy, uu), 0.0);
    }
    let (contention, crosstalk) = ((uy * vv - vy * uv) / determinant, (vy * uu - uy * uv) / determinant);
    match (contention < 0.0, crosstalk < 0.0) {
        (false, false) => (contention, crosstalk),
        (false, true) | (true, true) => (alone(uy, uu), 0.0),
        (true, false) => (0.0, alone(vy, vv)),
    }
}

/// What the Universal Scalability Law says.
pub fn usl_speedup(contention: f64, crosstalk: f64, workers: f64) -> f64 {
    workers / (1.0 + contention * (workers - 1.0) + crosstalk * workers * (workers - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_samples_no_summary() {
        assert_eq!(Summary::of(vec![]), None);
    }

    #[test]
    fn too_few_samples_have_no_interval() {
        assert_eq!(Summary::of(vec![1.0, 2.0]).unwrap().ci95, None);
    }

    #[test]
    fn one_far_sample_is_an_outlier() {
        assert_eq!(outliers(&[1.0, 1.01, 0.99, 1.02, 1.0, 3.0]), 1);
        assert_eq!(outliers(&[1.0, 1.0, 1.0, 1.0, 1.001]), 0);
    }

    #[test]
    fn outliers_are_looked_for_in_five_samples_and_more() {
        assert_eq!(outliers(&[1.0, 1.0, 1.0, 3.0]), 0);
        assert_eq!(outliers(&[1.0, 1.0, 1.0, 1.0, 3.0]), 1);
        assert_eq!(outliers(&[0.0, 0.0, 0.0, 0.0, 3.0]), 1, "the median may be 0");
    }

    #[test]
    fn percentiles_have_intervals_where_there_are_samples_enough() {
        let samples: Vec<f64> = (1..=100).map(f64::from).collect();
        let all = Percentiles::of(&samples).unwrap();
        assert_eq!((all.p50_ci95, all.p90_ci95, all.p99_ci95), (Some([40.0, 60.0]), Some([84.0, 96.0]), None));
        assert_eq!(Percentiles::of(&samples[..3]).unwrap().p50_ci95, None);
    }

    #[test]
    fn estimates_that_are_apart_say_how_far_and_how_sure() {
        let estimate = |value, low, high| Estimate { value, ci95: Some([low, high]) };
        let apart = estimate(1.5, 1.2, 1.9).less(estimate(1.0, 0.7, 1.4));
        assert_eq!(apart.value, 0.5);
        let [low, high] = apart.ci95.unwrap();
        assert!((low - 0.0).abs() < 1e-9 && (high - 1.0).abs() < 1e-9, "{apart:?}");
        let ratio = estimate(4.0, 2.0, 8.0).over(estimate(2.0, 2.0, 2.0)).unwrap();
        assert!((ratio.value - 2.0).abs() < 1e-9, "{ratio:?}");
        assert!(ratio.ci95.is_some_and(|[low, high]| (low - 1.0).abs() < 1e-9 && (high - 4.0).abs() < 1e-9));
        assert_eq!(estimate(1.0, 0.5, 2.0).over(Estimate { value: 0.0, ci95: None }), None);
        assert_eq!(estimate(1.0, 0.0, 2.0).over(estimate(1.0, 0.5, 2.0)).unwrap().ci95, None, "no logarithm of 0");
    }

    #[test]
    fn fits_find_the_laws_that_made_the_figures() {
        let counts = [1.0, 2.0, 4.0, 8.0, 16.0];
        let by_amdahl = counts.map(|workers| (workers, amdahl_speedup(0.07, workers)));
        assert!((amdahl(&by_amdahl) - 0.07).abs() < 1e-9);
        let by_usl = counts.map(|workers| (workers, usl_speedup(0.05, 0.003, workers)));
        let (contention, crosstalk) = usl(&by_usl);
        assert!((contention - 0.05).abs() < 1e-9 && (crosstalk - 0.003).abs() < 1e-9);
        // Better than linear fits no law: both parts are then 0 rather than negative.
        assert_eq!(usl(&[(1.0, 1.0), (2.0, 2.2), (4.0, 4.8)]), (0.0, 0.0));
        assert_eq!(amdahl(&[(1.0, 1.0)]), 0.0);
    }

    /// The interval's error rate on a known distribution, checked within what chance allows.
    #[test]
    fn the_interval_covers_the_true_median_about_as_often_as_it_says() {
        let mut random = Pcg32::seed_from_u64(7);
        let mut uniform = || f64::from(random.next_u32()) / f64::from(u32::MAX);
        let covered = (0..200).filter(|_| {
            let [low, high] = Summary::of((0..15).map(|_| uniform()).collect()).unwrap().ci95.unwrap();
            low <= 0.5 && 0.5 <= high
        });
        let covered = covered.count();
        assert!((176..=199).contains(&covered), "{covered} of 200");
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_median_and_stays_within_the_samples(samples in proptest::collection::vec(0.001f64..1e6, 3..40)) {
            let summary = Summary::of(samples).unwrap();
            let [low, high] = summary.ci95.unwrap();
            prop_assert!(summary.min <= low && low <= summary.median && summary.median <= high && high <= summary.max);
        }
    }
}
