//! One clock for all threads and processes of a run.

use gilscope::host::Clock;

/// Microseconds since the run's start, by the system's monotonic clock, which every process reads alike.
#[derive(Clone, Copy, Debug)]
pub struct NativeClock {
    epoch_ns: u64,
}

impl NativeClock {
    pub fn start() -> Self {
        Self { epoch_ns: monotonic_ns() }
    }

    /// The same clock in another process.
    pub fn from_epoch_ns(epoch_ns: u64) -> Self {
        Self { epoch_ns }
    }

    pub fn epoch_ns(self) -> u64 {
        self.epoch_ns
    }
}

impl Clock for NativeClock {
    #[expect(clippy::cast_precision_loss, reason = "2^53 ns are 104 days")]
    fn now_us(&self) -> f64 {
        monotonic_ns().saturating_sub(self.epoch_ns) as f64 / 1e3
    }
}

/// The time of day, in seconds since 1970.
pub fn unix_s() -> Option<u64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().map(|since| since.as_secs())
}

#[cfg(unix)]
fn monotonic_ns() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    // Since boot, so never negative.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

/// Elsewhere the standard library's monotonic clock cannot be told to another process, so this one may
/// jump when the system's time is set.
#[cfg(not(unix))]
fn monotonic_ns() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
