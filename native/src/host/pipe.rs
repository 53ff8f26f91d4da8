//! The way to a worker process: a pipe that gives up on one that does not read.

use std::io::{self, Write};
use std::process::ChildStdin;
use std::time::Duration;

use gilscope::host::Cancel;

/// A run can be cancelled between two of these.
const SLICE: Duration = Duration::from_millis(100);

/// The writing end of a worker's pipe. A write fails with [`io::ErrorKind::TimedOut`] when the worker takes nothing,
/// and with [`io::ErrorKind::ConnectionAborted`] when the run is cancelled. Elsewhere than on Unix it waits for ever.
pub struct WorkerPipe {
    to: ChildStdin,
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix asks a pipe whether it has room"))]
    cancel: Cancel,
    #[cfg_attr(not(unix), expect(dead_code, reason = "as above"))]
    slices: u128,
}

impl WorkerPipe {
    /// A pipe that waits for `patience`: a worker that reads takes something within a fraction of it.
    ///
    /// # Errors
    /// When the system refuses to tell of it.
    pub fn new(to: ChildStdin, cancel: Cancel, patience: Duration) -> io::Result<Self> {
        // This end alone: the worker's own waits for what comes.
        #[cfg(unix)]
        rustix::io::ioctl_fionbio(&to, true)?;
        Ok(Self { to, cancel, slices: patience.as_millis() / SLICE.as_millis() })
    }
}

#[cfg(unix)]
impl Write for WorkerPipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};

        let slice = Timespec::try_from(SLICE).expect("a fraction of a second");
        for _ in 0..self.slices {
            match self.to.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return written,
            }
            if self.cancel.is_cancelled() {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            match poll(&mut [PollFd::new(&self.to, PollFlags::OUT)], Some(&slice)) {
                // A signal: perhaps the one that cancels.
                Err(rustix::io::Errno::INTR) => {}
                polled => drop(polled?),
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
impl Write for WorkerPipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::ErrorKind;
    use std::process::{Child, Command, Stdio};

    use super::*;

    fn child(script: &str) -> (Child, ChildStdin) {
        let mut child = Command::new("sh").args(["-c", script]).stdin(Stdio::piped()).spawn().expect("a shell");
        let to = child.stdin.take().expect("piped");
        (child, to)
    }

    fn ended(mut child: Child) {
        child.kill().and_then(|()| child.wait()).expect("it ends");
    }

    #[test]
    fn one_that_reads_gets_all_of_it() {
        let (mut child, to) = child("test $(wc -c) = 3000000");
        let mut pipe = WorkerPipe::new(to, Cancel::default(), Duration::from_secs(10)).expect("a pipe");
        pipe.write_all(&vec![7; 3_000_000]).expect("written");
        drop(pipe);
        assert!(child.wait().expect("it ends").success());
    }

    #[test]
    fn one_that_reads_nothing_is_given_up() {
        let (child, to) = child("exec sleep 600");
        let mut pipe = WorkerPipe::new(to, Cancel::default(), 2 * SLICE).expect("a pipe");
        assert_eq!(pipe.write_all(&vec![7; 3_000_000]).unwrap_err().kind(), ErrorKind::TimedOut);
        ended(child);
    }

    #[test]
    fn a_cancelled_run_waits_for_nobody() {
        let (child, to) = child("exec sleep 600");
        let cancel = Cancel::default();
        cancel.cancel();
        let mut pipe = WorkerPipe::new(to, cancel, Duration::MAX).expect("a pipe");
        assert_eq!(pipe.write_all(&vec![7; 3_000_000]).unwrap_err().kind(), ErrorKind::ConnectionAborted);
        ended(child);
    }
}
