//! The command line and its local server, as a person and a page meet them.

mod processes;
#[path = "cli/server.rs"]
mod server;
#[path = "cli/support.rs"]
mod support;

#[path = "cli/channels.rs"]
mod channels;
#[path = "cli/compare.rs"]
mod compare;
#[cfg(target_os = "linux")]
#[path = "cli/endings.rs"]
mod endings;
#[path = "cli/exports.rs"]
mod exports;
#[path = "cli/intruders.rs"]
mod intruders;
#[path = "cli/lab.rs"]
mod lab;
#[path = "cli/manual.rs"]
mod manual;
#[path = "cli/run.rs"]
mod run;
#[path = "cli/serve.rs"]
mod serve;
#[cfg(target_os = "linux")]
#[path = "cli/soak.rs"]
mod soak;
#[path = "cli/start_methods.rs"]
mod start_methods;
#[path = "cli/sweep.rs"]
mod sweep;
