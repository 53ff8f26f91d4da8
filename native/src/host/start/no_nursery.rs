//! Elsewhere than on Unix no process can be copied.

use std::io;
use std::process::ExitStatus;
use std::sync::Arc;

use super::{Orders, Started};

/// There is none.
pub enum Nursery {}

/// There is none.
pub enum Copied {}

const REASON: &str = "this system cannot copy a process; use start-method spawn";

impl Nursery {
    pub fn copied() -> Result<Self, String> {
        Err(REASON.into())
    }

    pub fn started() -> Result<Self, String> {
        Err(REASON.into())
    }

    pub fn start(self: &Arc<Self>, _: Orders) -> io::Result<Started> {
        match **self {}
    }
}

impl Copied {
    pub fn kill(&mut self) {
        match *self {}
    }

    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        match *self {}
    }
}
