//! Figures in the sentences of verdicts, with their units. A face formats what it shows by itself.

use crate::stats::Estimate;

const KIB: f64 = 1024.0;
/// Bytes of what the article calls a megabyte, and gilscope a MiB.
pub const MIB: f64 = 1024.0 * KIB;
const GIB: f64 = 1024.0 * MIB;

/// `1.26 s`, `0.42 ms`, `85 us`
pub fn seconds(seconds: f64) -> String {
    match seconds {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 0.01 => format!("{:.0} ms", s * 1e3),
        s if s >= 0.001 => format!("{:.1} ms", s * 1e3),
        s if s >= 0.000_01 => format!("{:.0} us", s * 1e6),
        s if s >= 0.000_001 => format!("{:.1} us", s * 1e6),
        s => format!("{:.0} ns", s * 1e9),
    }
}

/// Of memory, in powers of 1024: `1.2 KiB`, `36 MiB`
pub fn bytes(bytes: f64) -> String {
    let scaled = |size: f64, unit: &str| {
        let value = bytes / size;
        if value < 9.95 && value.fract() != 0.0 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
    };
    match bytes {
        b if b < KIB => format!("{b:.0} B"),
        b if b < MIB => scaled(KIB, "KiB"),
        b if b < GIB => scaled(MIB, "MiB"),
        _ => scaled(GIB, "GiB"),
    }
}

/// `1.94x (1.90-1.97)`
pub fn times(speedup: impl Into<Estimate>) -> String {
    let Estimate { value, ci95 } = speedup.into();
    match ci95 {
        Some([low, high]) => format!("{}x ({}-{})", ratio(value), ratio(low), ratio(high)),
        None => format!("{}x", ratio(value)),
    }
}

/// `1.94`
pub fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}")
}

/// `1,000 processes`, `1 process`
pub fn plural(count: u32, one: &str, many: &str) -> String {
    format!("{} {}", self::count(count.into()), if count == 1 { one } else { many })
}

/// `98 %`
pub fn percent(share: f64) -> String {
    format!("{} %", hundredths(share))
}

/// `98`, before a unit of its own
pub fn hundredths(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

/// `+3`, `-4`: how far a share is from another
pub fn signed_hundredths(share: f64) -> String {
    format!("{:+.0}", share * 100.0)
}

/// `1,234,567`
pub fn count(count: f64) -> String {
    let digits = format!("{:.0}", count.abs());
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).unwrap_or("")).collect();
    format!("{}{}", if count < 0.0 { "-" } else { "" }, groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_units_that_suit_them() {
        let times = [1.256, 0.0421, 0.0042, 0.000_085, 0.000_000_3].map(seconds);
        assert_eq!(times, ["1.26 s", "42 ms", "4.2 ms", "85 us", "300 ns"]);
        let sizes = [12.0, 1280.0, 2.5 * MIB, 16.0 * MIB, 8.0 * GIB].map(bytes);
        assert_eq!(sizes, ["12 B", "1.2 KiB", "2.5 MiB", "16 MiB", "8 GiB"]);
        assert_eq!([999.0, 1000.0, -1_234_567.0].map(count), ["999", "1,000", "-1,234,567"]);
        assert_eq!(
            [1, 2, 1000].map(|n| plural(n, "process", "processes")),
            ["1 process", "2 processes", "1,000 processes"]
        );
        assert_eq!([0.034, -0.04, 0.0].map(signed_hundredths), ["+3", "-4", "+0"]);
    }
}
