//! The browser host: web workers with memories of their own as processes, web workers on one shared
//! memory as threads. The only place that knows wasm-bindgen, web-sys and js-sys.
//!
//! [`api`] is what the page calls, [`worker`] what a web worker calls, and the page's side of a run is
//! in between. The page creates every worker and never blocks: it reads what workers write by atomics
//! alone, because waiting for a mutex on the page throws.

mod api;
mod clock;
mod environment;
mod host;
mod isolated;
mod port;
mod shared;
mod shared_memory;
mod worker;
