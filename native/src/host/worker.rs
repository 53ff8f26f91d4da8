//! The worker process: what `gilscope worker` does. Frames come by standard input and go by standard
//! output: a 32-bit little-endian length, then that many bytes.

use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use gilscope::host::Clock;
use gilscope::model::isolated::{Edges, Isolated, Turn};
use gilscope::sync::Words;

use super::clock::NativeClock;
use super::shared_memory::Mapped;

/// A longer frame is no frame: the largest picture a tile can hold is 128 MiB.
const MOST_BYTES: u32 = 1 << 28;
/// How often a worker that computes beside others looks whether it is to halt.
const BESIDE_US: f64 = 2_000.0;

/// Write one frame.
pub fn write_frame(to: &mut impl Write, frame: &[u8]) -> io::Result<()> {
    let length = u32::try_from(frame.len()).ok().filter(|length| *length <= MOST_BYTES);
    let length = length.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the frame is too long"))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(frame)
}

/// Read one frame; `None` at the end.
pub fn read_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = u32::from_le_bytes(length);
    if length > MOST_BYTES {
        return Err(io::Error::new(ErrorKind::InvalidData, "the frame is too long"));
    }
    let mut frame = vec![0; length as usize];
    from.read_exact(&mut frame)?;
    Ok(Some(frame))
}

/// The worker's `main`. Its arguments are the run's start on the system's monotonic clock, in nanoseconds,
/// and where the memory is that it shares with others, if it does.
pub fn main() -> ExitCode {
    die_with_parent();
    let Some(epoch_ns) = std::env::args().nth(2).and_then(|text| text.parse().ok()) else {
        eprintln!("error: `gilscope worker` is started by gilscope itself, with the run's start as its argument");
        return ExitCode::from(2);
    };
    let shared = std::env::args_os().nth(3).map(|path| Mapped::open(Path::new(&path)));
    match shared.transpose().and_then(|shared| serve(NativeClock::from_epoch_ns(epoch_ns), shared)) {
        Ok(()) => ExitCode::SUCCESS,
        // The parent has gone; nobody is left to tell.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: worker process: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(clock: NativeClock, shared: Option<Mapped>) -> io::Result<()> {
    let mut from = BufReader::new(io::stdin().lock());
    let mut to = io::stdout().lock();
    let Some(first) = read_frame(&mut from)? else { return Ok(()) };
    let shared = shared.map(|shared| Arc::new(shared) as Arc<dyn Words>);
    let edges = Edges { clock: Arc::new(clock), memory: super::machine::memory, shared };
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
                    let left_us = (until_us - clock.now_us()).max(0.0);
                    std::thread::sleep(Duration::from_secs_f64(left_us / 1e6));
                    Turn::Busy
                }
                Turn::Busy if worker.is_beside() => {
                    if !from.buffer().is_empty() || is_readable(&io::stdin()) {
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
    write_frame(to, frame)?;
    to.flush()
}

/// Whether reading would not block: a frame, or the end.
#[cfg(unix)]
fn is_readable(input: &io::Stdin) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut fds = [PollFd::new(input, PollFlags::IN)];
    // On an error reading tells what it is.
    poll(&mut fds, Some(&Timespec::default())).map_or(true, |ready| ready > 0)
}

/// Without a way to look, reading it is: the worker then stops computing until it is told more.
#[cfg(not(unix))]
fn is_readable(_: &io::Stdin) -> bool {
    true
}

/// A parent that is killed cannot end its workers, so the system does.
#[cfg(target_os = "linux")]
fn die_with_parent() {
    let kill = Some(rustix::process::Signal::KILL);
    // Without it the worker still ends at its next message, when the pipe is closed.
    let _ = rustix::process::set_parent_process_death_signal(kill);
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_round_trip_and_end() {
        let mut pipe = Vec::new();
        write_frame(&mut pipe, b"").unwrap();
        write_frame(&mut pipe, b"abc").unwrap();
        let mut from = pipe.as_slice();
        assert_eq!(read_frame(&mut from).unwrap(), Some(vec![]));
        assert_eq!(read_frame(&mut from).unwrap(), Some(b"abc".to_vec()));
        assert_eq!(read_frame(&mut from).unwrap(), None);
    }

    #[test]
    fn a_torn_frame_is_an_error_and_so_is_one_that_claims_too_much() {
        assert!(read_frame(&mut [3, 0, 0, 0, 1].as_slice()).is_err());
        assert!(read_frame(&mut [255, 255, 255, 255, 1].as_slice()).is_err());
    }
}
