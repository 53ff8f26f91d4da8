//! What the tests of several rooms share: starting the binary and browsers, looking at processes, checking reports.

pub mod binary;
pub mod driver;
pub mod invariants;
pub mod processes;
pub mod reports;
