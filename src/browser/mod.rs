//! The browser host: web workers with memories of their own as processes, web workers on one shared
//! memory as threads. The only place that knows wasm-bindgen, web-sys and js-sys.
//!
//! [`api`] is what the page calls, [`worker`] what a web worker calls, and the page's side of a run is
//! in between. The page creates every worker and never blocks: it reads what workers write by atomics
//! alone, because waiting for a mutex on the page throws. [`analysis`] is what the page calls of the second module,
//! which measures nothing.

#[cfg(feature = "measuring")]
mod alarm;
#[cfg(feature = "analysis")]
mod analysis;
#[cfg(feature = "measuring")]
mod api;
#[cfg(feature = "measuring")]
mod clock;
mod convert;
mod environment;
#[cfg(feature = "measuring")]
mod host;
#[cfg(feature = "measuring")]
mod isolated;
#[cfg(feature = "measuring")]
mod port;
#[cfg(feature = "measuring")]
mod shared;
#[cfg(feature = "measuring")]
mod shared_memory;
#[cfg(feature = "measuring")]
mod worker;
