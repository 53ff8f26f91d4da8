//! Who gets a lock that was asked for: the waiter that asked for it, or one that sleeps.
//!
//! In CPython the one who asked is awake still when the holder lets go, and mostly takes the lock before a sleeper has
//! woken up. Not always: a sleeper whose interval has ended may be queued for the holder's core, and run as soon as the
//! holder waits. Who asked got the lock in 89 % of the cases beside 2 computing threads, in 65 to 71 % beside 4 and in
//! 58 % beside 8, told by the lock's own events (CPython 3.11 and 3.13, glibc 2.36, 2 cores).
//!
//! Elsewhere such a race ends otherwise: Rust's mutexes spin, browsers wake more slowly, and over messages nobody races.
//! So lots are drawn here, by these odds, on every host but natively on Unix, where the lock waits at what CPython's waits
//! at and the race is the real one; `cargo xtask bench fidelity` compares what comes of it.

/// Where one waiter sleeps beside the one who asked, that one wins. Each further sleeper takes so much of its chances.
const LOST_A_SLEEPER: f64 = 0.1;
const LOST_AT_MOST: f64 = 0.25;

/// Whether the one who asked wins against so many sleepers. `lot` is another number each time.
pub fn asker_wins(lot: u64, sleepers: usize) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "few workers, and 53 bits of chance are enough")]
    let (further, drawn) = (sleepers.saturating_sub(1) as f64, mixed(lot) as f64 / u64::MAX as f64);
    drawn >= (further * LOST_A_SLEEPER).min(LOST_AT_MOST)
}

/// Makes numbers in order look like random ones: the finalizer of `SplitMix64` (Steele, Lea and Flood, 2014).
fn mixed(lot: u64) -> u64 {
    let mut bits = lot.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odds_fall_with_the_sleepers_and_no_further_than_three_in_four() {
        let wins = |sleepers| (0..10_000).filter(|lot| asker_wins(*lot, sleepers)).count();
        assert_eq!([wins(0), wins(1)], [10_000; 2]);
        for (sleepers, expected) in [(2, 9_000), (3, 8_000), (4, 7_500), (31, 7_500)] {
            assert!(wins(sleepers).abs_diff(expected) < 200, "{sleepers}: {}", wins(sleepers));
        }
    }

    #[test]
    fn lots_in_order_do_not_come_in_runs() {
        let lost: Vec<bool> = (0..10_000).map(|lot| !asker_wins(lot, 9)).collect();
        let twice = lost.windows(2).filter(|pair| pair == &[true, true]).count();
        assert!(twice.abs_diff(625) < 100, "a sixteenth of all pairs: {twice}");
    }
}
