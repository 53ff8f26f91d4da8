//! Statistics of repeated measurements: pure functions that name their source.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use serde::{Deserialize, Serialize};
use statrs::statistics::{Data, Median, OrderStatistics};

/// Resamples of a bootstrap: enough for two digits of a 95 % interval.
const RESAMPLES: usize = 2_000;

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
}

impl Percentiles {
    /// Those of `samples`; `None` if there are none.
    pub fn of(samples: &[f64]) -> Option<Self> {
        let min = samples.iter().copied().reduce(f64::min)?;
        let max = samples.iter().copied().reduce(f64::max)?;
        let mut data = Data::new(samples.to_vec());
        let mut at = |share| data.quantile(share).clamp(min, max);
        Some(Self { count: samples.len() as u64, min, p50: at(0.5), p90: at(0.9), p99: at(0.99), max })
    }
}

/// The middle of `samples`, or the mean of the two in the middle. Must not be empty.
pub fn median(samples: &[f64]) -> f64 {
    Data::new(samples.to_vec()).median()
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
    let medians: Vec<f64> =
        (0..RESAMPLES).map(|_| median(&(0..samples.len()).map(|_| pick()).collect::<Vec<_>>())).collect();
    let mut medians = Data::new(medians);
    Some([medians.quantile(0.025), medians.quantile(0.975)])
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
