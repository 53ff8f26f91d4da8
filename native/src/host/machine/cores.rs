//! How many cores there are, and how many of them this process may use.

use std::fs;
use std::path::Path;

use gilscope::report::{Warning, WarningCode};

/// Cores that this process may use, by its affinity and its container's quota.
pub fn usable() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX))
}

/// Cores of the machine, also those that are switched off, where Linux tells below `root`.
pub fn present(root: &Path) -> Option<u32> {
    let ranges = fs::read_to_string(root.join("devices/system/cpu/present")).ok()?;
    count(ranges.trim())
}

/// What a reader should know where some cores cannot be used.
pub fn missing(usable: u32, present: Option<u32>) -> Option<Warning> {
    let present = present.filter(|present| usable < *present)?;
    let text = format!(
        "this process may use {usable} of the machine's {present} logical cores: some are switched off, or kept from \
         it by an affinity or a container's quota"
    );
    Some(Warning { code: WarningCode::MissingCores, text })
}

/// How many numbers `0-3,6` names.
fn count(ranges: &str) -> Option<u32> {
    let range = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        Some(last.checked_sub(first)? + 1)
    };
    ranges.split(',').map(range).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_cores_are_counted() {
        assert_eq!(["0", "0-3", "0-3,6", "0-1,4-7"].map(count), [Some(1), Some(4), Some(5), Some(6)]);
        assert_eq!(["", "x", "3-1"].map(count), [None; 3]);
    }

    #[test]
    fn only_cores_that_are_there_can_be_missing() {
        let text = missing(2, Some(8)).unwrap().text;
        assert!(text.contains("2 of the machine's 8 logical cores"), "{text}");
        assert_eq!([missing(8, Some(8)), missing(2, None)], [None, None]);
    }
}
