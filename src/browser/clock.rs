//! One clock for the page and all its workers.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::host::Clock;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;

    /// When this page or worker began, in milliseconds since 1970.
    #[wasm_bindgen(thread_local_v2, js_namespace = performance, js_name = timeOrigin)]
    static TIME_ORIGIN: f64;
}

/// Microseconds since the run's start, aligned between the page and its workers by their time origins.
#[derive(Clone, Copy, Debug)]
pub struct BrowserClock {
    /// The run's start in milliseconds since 1970.
    epoch_ms: f64,
}

impl BrowserClock {
    pub fn start() -> Self {
        Self { epoch_ms: TIME_ORIGIN.with(|origin| *origin) + performance_now() }
    }

    /// The same clock in a worker.
    pub fn from_epoch_ms(epoch_ms: f64) -> Self {
        Self { epoch_ms }
    }

    pub fn epoch_ms(self) -> f64 {
        self.epoch_ms
    }
}

impl Clock for BrowserClock {
    fn now_us(&self) -> f64 {
        // The difference of the origins first: milliseconds since 1970 leave no digits for microseconds.
        (TIME_ORIGIN.with(|origin| *origin) - self.epoch_ms + performance_now()) * 1e3
    }
}

/// The time of day, in seconds since 1970.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds since 1970")]
pub fn unix_s() -> Option<u64> {
    Some((js_sys::Date::now() / 1e3) as u64)
}
