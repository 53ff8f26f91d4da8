//! Frames over readers and writers as bad as the system allows.

use std::thread;

use super::*;

/// Gives and takes one byte at a time, and is interrupted by a signal before every one.
struct Torn<T> {
    inner: T,
    interrupted: bool,
}

fn torn<T>(inner: T) -> Torn<T> {
    Torn { inner, interrupted: false }
}

impl<T> Torn<T> {
    fn interrupt(&mut self) -> io::Result<()> {
        self.interrupted = !self.interrupted;
        if self.interrupted { Err(ErrorKind::Interrupted.into()) } else { Ok(()) }
    }
}

impl<T: Read> Read for Torn<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.interrupt()?;
        let most = bytes.len().min(1);
        self.inner.read(&mut bytes[..most])
    }
}

impl<T: Write> Write for Torn<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.interrupt()?;
        self.inner.write(&bytes[..bytes.len().min(1)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

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
fn a_frame_that_is_torn_anywhere_is_an_error() {
    let mut whole = Vec::new();
    write_frame(&mut whole, b"abc").unwrap();
    for end in 1..whole.len() {
        assert_eq!(read_frame(&mut &whole[..end]).unwrap_err().kind(), ErrorKind::UnexpectedEof, "{end} bytes");
    }
    assert!(read_frame(&mut [255, 255, 255, 255, 1].as_slice()).is_err());
}

#[test]
fn bytes_that_come_one_by_one_between_signals_are_the_same_frames() {
    let frames = [vec![], vec![7], (0..=255).cycle().take(70_000).collect()];
    let mut pipe = torn(Vec::new());
    frames.iter().for_each(|frame: &Vec<u8>| write_frame(&mut pipe, frame).unwrap());
    let mut from = torn(pipe.inner.as_slice());
    for frame in frames {
        assert_eq!(read_frame(&mut from).unwrap(), Some(frame));
    }
    assert_eq!(read_frame(&mut from).unwrap(), None);
}

/// A pipe holds 64 KiB, so all but the shortest of these fill it.
#[test]
fn every_length_goes_through_a_pipe_up_to_the_most() {
    let lengths = [0, 1, 4095, 4096, 65_535, 65_536, 1_000_000, 64 << 20, MOST_BYTES as usize];
    let (mut from, mut to) = io::pipe().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || lengths.iter().for_each(|length| write_frame(&mut to, &vec![1; *length]).unwrap()));
        for length in lengths {
            assert_eq!(read_frame(&mut from).unwrap().map(|frame| frame.len()), Some(length));
        }
        assert_eq!(read_frame(&mut from).unwrap(), None);
    });
}

#[test]
fn a_frame_that_is_too_long_is_refused_before_any_of_it_is_written() {
    let mut pipe = Vec::new();
    let error = write_frame(&mut pipe, &vec![0; MOST_BYTES as usize + 1]).unwrap_err();
    assert!(error.to_string().contains("use smaller tasks") && pipe.is_empty(), "{error}");
}

/// The corpus of the fuzz target `frame`.
#[test]
fn whatever_comes_what_was_read_is_what_was_there() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fuzz/corpus/frame");
    for file in std::fs::read_dir(corpus).expect("a corpus") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("it can be read");
        let (mut from, mut written) = (&bytes[..], Vec::new());
        while let Ok(Some(frame)) = read_frame(&mut from) {
            write_frame(&mut written, &frame).expect("written");
        }
        assert!(bytes.starts_with(&written), "{bytes:?}");
    }
}
