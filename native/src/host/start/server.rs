//! The nursery itself: a loop in one thread, which copies its own process whenever it is asked to.

use std::io::{self, BufWriter, ErrorKind, PipeReader, PipeWriter};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, setpgid, waitpid};

use super::copy::{Alone, copy};
use super::wire::{Answer, Ends, Request, hear, say};
use crate::host::worker;

/// Serve until nobody can ask any more; the process's exit code.
pub fn main(socket: &UnixStream) -> u8 {
    worker::die_with_parent();
    // Ctrl-C in a terminal is for the run, which then ends this process in order.
    let _ = setpgid(None, None);
    match (Nursery { socket, alone: Alone::by_birth(), living: Vec::new() }).serve() {
        Ok(()) => 0,
        // The run has gone; nobody is left to tell.
        Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => 1,
        Err(error) => {
            eprintln!("error: the process that workers are copied from: {error}");
            1
        }
    }
}

struct Nursery<'a> {
    socket: &'a UnixStream,
    alone: Alone,
    /// Copies that have not been waited for, so that their numbers are still theirs.
    living: Vec<Pid>,
}

impl Nursery<'_> {
    fn serve(mut self) -> io::Result<()> {
        say(self.socket, &Answer::Ready, None)?;
        while let Some((request, ends)) = hear(self.socket)? {
            let answer = self.answer(request, ends).unwrap_or_else(|error| Answer::Failed { cause: error.to_string() });
            say(self.socket, &answer, None)?;
        }
        Ok(())
    }

    fn answer(&mut self, request: Request, ends: Option<Ends<OwnedFd>>) -> io::Result<Answer> {
        match request {
            Request::Copy { epoch_ns, shared } => {
                let ends = ends.ok_or_else(|| io::Error::other("a worker's pipes were not handed over"))?;
                let pid = copy(&self.alone, || work(epoch_ns, shared, ends))?;
                self.living.push(pid);
                Ok(Answer::Copied { pid: pid.as_raw_pid() })
            }
            Request::Kill { pid } => {
                kill_process(self.find(pid)?, Signal::KILL)?;
                Ok(Answer::Killed)
            }
            Request::Wait { pid } => {
                let pid = self.find(pid)?;
                let status = wait(pid)?;
                self.living.retain(|other| *other != pid);
                Ok(Answer::Ended { status })
            }
        }
    }

    /// One of its own copies: no other process is anybody's to end.
    fn find(&self, pid: i32) -> io::Result<Pid> {
        let found = self.living.iter().find(|living| living.as_raw_pid() == pid);
        found.copied().ok_or_else(|| io::Error::other(format!("process {pid} is none of the copies")))
    }
}

impl Drop for Nursery<'_> {
    fn drop(&mut self) {
        for pid in &self.living {
            let _ = kill_process(*pid, Signal::KILL);
            let _ = wait(*pid);
        }
    }
}

fn wait(pid: Pid) -> io::Result<i32> {
    let ended = rustix::io::retry_on_intr(|| waitpid(Some(pid), WaitOptions::empty()))?;
    let (_, status) = ended.ok_or_else(|| io::Error::other("it has not ended"))?;
    Ok(status.as_raw())
}

/// The life of a copy. It holds the nursery's end of the socket, too, which only the nursery reads.
fn work(epoch_ns: u64, shared: Option<PathBuf>, [input, output]: Ends<OwnedFd>) -> u8 {
    worker::die_with_parent();
    worker::work(epoch_ns, shared.as_deref(), PipeReader::from(input), BufWriter::new(PipeWriter::from(output)))
}
