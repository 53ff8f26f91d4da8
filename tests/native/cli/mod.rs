//! The command line and its local server, as a person and a page meet them.

mod server;

mod channels;
mod compare;
#[cfg(target_os = "linux")]
mod endings;
mod exports;
mod intruders;
mod lab;
mod manual;
mod run;
mod serve;
#[cfg(target_os = "linux")]
mod soak;
mod start_methods;
mod sweep;
#[cfg(target_os = "linux")]
mod terminal;
