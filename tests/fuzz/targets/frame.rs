//! What the binary reads from a pipe. It is no part of the core, so `native/src/host/frame/tests.rs` has its corpus.

#![no_main]

#[path = "../../../native/src/host/frame.rs"]
#[allow(dead_code, reason = "half a frame is of a worker that dies")]
mod frame;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (mut from, mut written) = (bytes, Vec::new());
    while let Ok(Some(read)) = frame::read_frame(&mut from) {
        frame::write_frame(&mut written, &read).expect("what was read can be written");
    }
    assert!(bytes.starts_with(&written), "what was read is what was there");
});
