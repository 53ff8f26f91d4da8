//! Figures as text, with their units: the only place that rounds.

use gilscope::stats::Summary;

/// A unit of time that suits the figures of one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    Second,
    Millisecond,
    Microsecond,
    Nanosecond,
}

impl TimeUnit {
    /// The unit in which the smallest figure still has three digits or so.
    pub fn for_smallest(smallest_s: f64) -> Self {
        match smallest_s {
            s if s >= 0.1 => Self::Second,
            s if s >= 1e-4 => Self::Millisecond,
            s if s >= 1e-6 || s == 0.0 => Self::Microsecond,
            _ => Self::Nanosecond,
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Millisecond => "ms",
            Self::Microsecond => "µs",
            Self::Nanosecond => "ns",
        }
    }

    fn number(self, seconds: f64) -> String {
        match self {
            Self::Second => format!("{seconds:.3}"),
            Self::Millisecond => format!("{:.2}", seconds * 1e3),
            Self::Microsecond => format!("{:.1}", seconds * 1e6),
            Self::Nanosecond => format!("{:.1}", seconds * 1e9),
        }
    }

    /// `1.260 s`
    pub fn text(self, seconds: f64) -> String {
        format!("{} {}", self.number(seconds), self.symbol())
    }

    /// `[1.241, 1.290]`: the interval, in the unit of the median beside it; empty if there is none.
    pub fn interval(self, summary: &Summary) -> String {
        let interval = summary.ci95.map(|[low, high]| format!("[{}, {}]", self.number(low), self.number(high)));
        interval.unwrap_or_default()
    }
}

/// `1.260 s`, `0.42 ms`
pub fn seconds(seconds: f64) -> String {
    TimeUnit::for_smallest(seconds).text(seconds)
}

/// `1.95x`
pub fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}x")
}

/// `[1.90, 1.97]`; empty if there is no interval.
pub fn ratio_interval(summary: &Summary) -> String {
    summary.ci95.map(|[low, high]| format!("[{low:.2}, {high:.2}]")).unwrap_or_default()
}

/// `+0.02`: how far a ratio is from another.
pub fn signed(difference: f64) -> String {
    format!("{difference:+.2}")
}

/// `-3 points`: how far a share is from another.
pub fn signed_points(difference: f64) -> String {
    format!("{:+.0} points", difference * 100.0)
}

/// `98 %`; below 10 % with a decimal.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    if (0.05..9.95).contains(&percent) { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// `1.2 KiB`
pub fn bytes(bytes: f64) -> String {
    const UNITS: [&str; 3] = ["KiB", "MiB", "GiB"];
    if bytes < 1023.5 {
        return format!("{bytes:.0} B");
    }
    let mut value = bytes / 1024.0;
    let mut units = UNITS.into_iter();
    // What would round to 1024.0 is one of the next unit.
    while value >= 1023.95 && units.len() > 1 {
        value /= 1024.0;
        units.next();
    }
    format!("{value:.1} {}", units.next().expect("the last unit stays"))
}

/// `16.0 GiB of memory`
#[expect(clippy::cast_precision_loss, reason = "it is rounded anyway")]
pub fn memory(bytes: u64) -> String {
    format!("{} of memory", self::bytes(bytes as f64))
}

/// `40,000,000`
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let first = digits.len() % 3;
    let (head, tail) = digits.split_at(first);
    let groups = tail.as_bytes().chunks(3).map(|group| std::str::from_utf8(group).expect("digits"));
    (!head.is_empty()).then_some(head).into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

/// `12`, `2.4`: how often something happened in a round, on average.
pub fn mean_count(mean: f64) -> String {
    if mean.fract() == 0.0 || mean >= 100.0 { format!("{mean:.0}") } else { format!("{mean:.1}") }
}

/// `1 worker`, `2 workers`
pub fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", self::count(count), if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_take_the_unit_that_suits_them() {
        assert_eq!(seconds(1.2604), "1.260 s");
        assert_eq!(seconds(0.1), "0.100 s");
        assert_eq!(seconds(0.0012), "1.20 ms");
        assert_eq!(seconds(0.000_083), "83.0 µs");
        assert_eq!(seconds(0.000_000_001_2), "1.2 ns");
        assert_eq!(seconds(0.0), "0.0 µs");
    }

    #[test]
    fn an_interval_keeps_the_unit_of_its_column() {
        let summary = Summary { samples: vec![], median: 1.0, min: 0.9, max: 1.1, ci95: Some([0.95, 1.05]) };
        assert_eq!(TimeUnit::Millisecond.interval(&summary), "[950.00, 1050.00]");
        assert_eq!(ratio_interval(&summary), "[0.95, 1.05]");
        assert_eq!(ratio_interval(&Summary { ci95: None, ..summary }), "");
    }

    #[test]
    fn counts_shares_and_bytes_are_short() {
        assert_eq!([count(0), count(999), count(1000), count(40_000_000)], ["0", "999", "1,000", "40,000,000"]);
        assert_eq!([share(0.984), share(0.004), share(0.0001), share(1.0)], ["98 %", "0.4 %", "0 %", "100 %"]);
        assert_eq!(
            [12.0, 1234.0, 1_048_550.0, 2.5 * 1_048_576.0, 8.0 * 1_073_741_824.0].map(bytes),
            ["12 B", "1.2 KiB", "1.0 MiB", "2.5 MiB", "8.0 GiB"]
        );
        assert_eq!([mean_count(12.0), mean_count(2.4), mean_count(250.4)], ["12", "2.4", "250"]);
        assert_eq!([plural(1, "task", "tasks"), plural(4, "task", "tasks")], ["1 task", "4 tasks"]);
    }
}
