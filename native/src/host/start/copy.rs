//! Copying a process: the one place that calls `fork`.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::Pid;

/// A copy whose work panicked ends as Rust's own processes do.
const PANICKED: u8 = 101;

/// The proof that this process has one thread. A copy has the calling thread only: what another one was at
/// would stay half done in it, and a lock that it held would never be free again.
pub struct Alone(());

impl Alone {
    /// Look whether it is so.
    ///
    /// # Errors
    /// When it is not, or cannot be told: the reason and what to do instead.
    pub fn look() -> Result<Self, String> {
        match threads() {
            Some(1) => Ok(Self(())),
            Some(threads) => Err(format!(
                "fork copies one thread only, and this process has {threads}: what the others are at would stay half \
                 done; use start-method forkserver or spawn, or gilscope run, which has one thread when it forks"
            )),
            None => Err("fork copies one thread only, and this system does not tell how many this process has; use \
                         start-method forkserver or spawn"
                .into()),
        }
    }

    /// Of a process that has just come to be, and never starts a thread.
    pub fn by_birth() -> Self {
        Self(())
    }
}

/// How many threads this process has, where the system tells.
fn threads() -> Option<u32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("Threads:"))?.trim().parse().ok()
}

/// Copy this process. The copy does `work` and ends with the code that it gives; here, its id is given.
///
/// # Errors
/// When the system refuses.
pub fn copy(_: &Alone, work: impl FnOnce() -> u8) -> io::Result<Pid> {
    // SAFETY: there is one thread, so the copy finds every lock free, also the allocator's. It never returns
    // from here, so nothing that this process owns is dropped twice.
    match unsafe { libc::fork() } {
        0 => {
            let code = catch_unwind(AssertUnwindSafe(work)).unwrap_or(PANICKED);
            // SAFETY: it only ends the process, without what this process has registered for its own end.
            unsafe { libc::_exit(code.into()) }
        }
        pid => Pid::from_raw(pid).filter(|_| pid > 0).ok_or_else(io::Error::last_os_error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_with_threads_is_refused_and_told_how_many_there_are() {
        std::thread::scope(|scope| {
            let (leave, wait) = std::sync::mpsc::channel::<()>();
            scope.spawn(move || wait.recv());
            let reason = Alone::look().err().expect("this test has two threads at least");
            assert!(reason.contains("this process has ") && reason.contains("use start-method"), "{reason}");
            drop(leave);
        });
    }
}
