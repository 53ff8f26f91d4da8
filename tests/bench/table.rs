//! Figures of the benchmark, as text and as JSON.

use std::path::Path;

use anyhow::Context;
use gilscope::stats::Summary;
use serde::Serialize;

/// What a figure is to be.
#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
    Within(f64, f64),
    None,
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
            Self::Within(least, most) => (least..=most).contains(&value),
            Self::None => true,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(least) => format!("at least {least}"),
            Self::AtMost(most) => format!("at most {most}"),
            Self::Within(least, most) => format!("{least} to {most}"),
            Self::None => "-".into(),
        }
    }
}

/// One promise and what was measured.
#[derive(Serialize)]
pub struct Figure {
    name: String,
    /// Empty for a ratio.
    unit: &'static str,
    measured: Summary,
    target: Target,
    met: bool,
}

impl Figure {
    fn new(name: &str, unit: &'static str, samples: Vec<f64>, target: Target) -> Self {
        let measured = Summary::of(samples).expect("at least one sample");
        Self { name: name.into(), unit, met: target.is_met(measured.median), measured, target }
    }

    pub fn ratio(name: &str, samples: Vec<f64>, target: Target) -> Self {
        Self::new(name, "", samples, target)
    }

    /// `samples` are seconds.
    pub fn milliseconds(name: &str, samples: Vec<f64>, target: Target) -> Self {
        Self::new(name, "ms", samples.iter().map(|seconds| seconds * 1e3).collect(), target)
    }

    pub fn count(name: &str, count: f64, target: Target) -> Self {
        Self::new(name, "", vec![count], target)
    }

    pub fn per_second(name: &str, samples: Vec<f64>, target: Target) -> Self {
        Self::new(name, "/s", samples, target)
    }

    pub fn kilobytes(name: &str, bytes: f64, target: Target) -> Self {
        Self::new(name, "kB", vec![bytes / 1e3], target)
    }
}

pub fn print(figures: &[Figure]) {
    println!("\n{:<48} {:>10} {:>18}  {:<14} met", "figure", "median", "95 % interval", "target");
    for figure in figures {
        let Summary { median, ci95, .. } = &figure.measured;
        let interval = ci95.map_or("-".into(), |[low, high]| format!("{low:.3} to {high:.3}"));
        let (value, met) = (format!("{median:.3} {}", figure.unit), if figure.met { "yes" } else { "NO" });
        println!("{:<48} {value:>10} {interval:>18}  {:<14} {met}", figure.name, figure.target.text());
    }
}

pub fn save(figures: &[Figure], file: &str) -> anyhow::Result<()> {
    if let Some(folder) = Path::new(file).parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, serde_json::to_string_pretty(figures)?).with_context(|| format!("cannot write {file}"))
}
