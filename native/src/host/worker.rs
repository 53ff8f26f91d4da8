//! The worker process: what `gilscope worker` does, by frames over its standard input and output, and what a
//! copy does over the pipes that it was handed.

use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use gilscope::host::Clock;
use gilscope::model::isolated::{Edges, Isolated, Turn};
use gilscope::sync::Words;

use super::clock::NativeClock;
use super::frame::{read_frame, write_frame, write_half};
use super::shared_memory::Mapped;
use super::suffer;

/// How often a worker that computes beside others looks whether it is to halt.
const BESIDE_US: f64 = 2_000.0;
/// The longest nap of a worker that waits: its parent wants to hear of it.
const NAP_US: f64 = 200_000.0;

/// What `gilscope worker` is told: the run's start on the system's monotonic clock, in nanoseconds, and where
/// the memory is that it shares with others, if it does; or that workers are to be copied from it.
pub fn main() -> ExitCode {
    die_with_parent();
    let mut arguments = std::env::args_os().skip(2);
    let told = arguments.next().and_then(|argument| argument.into_string().ok()).unwrap_or_default();
    #[cfg(unix)]
    if told == super::start::FORKSERVER {
        return super::start::serve_as_forkserver();
    }
    let Ok(epoch_ns) = told.parse() else {
        eprintln!("error: `gilscope worker` is started by gilscope itself, with the run's start as its argument");
        return ExitCode::from(2);
    };
    let shared = arguments.next().map(PathBuf::from);
    ExitCode::from(work(epoch_ns, shared.as_deref(), io::stdin().lock(), io::stdout().lock()))
}

/// A worker's life; its exit code.
pub fn work(epoch_ns: u64, shared: Option<&Path>, from: impl Source, to: impl Write) -> u8 {
    let shared = shared.map(Mapped::open).transpose();
    match shared.and_then(|shared| serve(NativeClock::from_epoch_ns(epoch_ns), shared, from, to)) {
        Ok(()) => 0,
        // The parent has gone; nobody is left to tell.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => 1,
        Err(error) => {
            eprintln!("error: worker process: {error}");
            1
        }
    }
}

fn serve(clock: NativeClock, shared: Option<Mapped>, from: impl Source, mut to: impl Write) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let Some(first) = read_frame(&mut from)? else { return Ok(()) };
    let shared = shared.map(|shared| Arc::new(shared) as Arc<dyn Words>);
    let edges = Edges { clock: Arc::new(clock), memory: super::machine::memory, shared, suffer: suffer::suffer };
    let (mut worker, ready) =
        Isolated::begin(&first, edges).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
    send(&mut to, &ready)?;
    while let Some(frame) = read_frame(&mut from)? {
        let mut failed = Ok(());
        let mut post = |frame: Vec<u8>| {
            if failed.is_ok() {
                failed = send(&mut to, &frame);
            }
        };
        let mut turn =
            worker.receive(&frame, &mut post).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        loop {
            turn = match turn {
                Turn::Exit => return Ok(()),
                Turn::Idle => break,
                Turn::Sleep { until_us } => {
                    let left_us = (until_us - clock.now_us()).clamp(0.0, NAP_US);
                    std::thread::sleep(Duration::from_secs_f64(left_us / 1e6));
                    Turn::Busy
                }
                Turn::Busy if worker.is_beside() => {
                    if !from.buffer().is_empty() || from.get_ref().is_readable() {
                        break;
                    }
                    worker.advance(BESIDE_US, &mut post)
                }
                // The process has nothing else to do, so one turn lasts until the answer.
                Turn::Busy => worker.advance(f64::INFINITY, &mut post),
            };
        }
        failed?;
    }
    Ok(())
}

fn send(to: &mut impl Write, frame: &[u8]) -> io::Result<()> {
    if suffer::ends_sending() {
        write_half(to, frame)?;
        to.flush()?;
        std::process::exit(1);
    }
    write_frame(to, frame)?;
    to.flush()
}

/// Where frames come from.
pub trait Source: Read {
    /// Whether reading would not block: a frame, or the end.
    fn is_readable(&self) -> bool;
}

#[cfg(unix)]
impl<T: Read + std::os::fd::AsFd> Source for T {
    fn is_readable(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let mut fds = [PollFd::new(self, PollFlags::IN)];
        // On an error reading tells what it is.
        poll(&mut fds, Some(&Timespec::default())).map_or(true, |ready| ready > 0)
    }
}

/// Without a way to look, reading it is: the worker then stops computing until it is told more.
#[cfg(not(unix))]
impl<T: Read> Source for T {
    fn is_readable(&self) -> bool {
        true
    }
}

/// A parent that is killed cannot end its workers, so the system does.
#[cfg(target_os = "linux")]
pub fn die_with_parent() {
    let kill = Some(rustix::process::Signal::KILL);
    // Without it the worker still ends at its next message, when the pipe is closed.
    let _ = rustix::process::set_parent_process_death_signal(kill);
}

#[cfg(not(target_os = "linux"))]
pub fn die_with_parent() {}
