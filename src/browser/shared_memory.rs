//! A `SharedArrayBuffer` that web workers with memories of their own are handed.

use std::time::Duration;

use js_sys::{Atomics, Int32Array, SharedArrayBuffer, Uint8Array};
use wasm_bindgen::JsValue;

use crate::sync::Words;

/// One party's view of the buffer.
pub struct BrowserWords {
    buffer: SharedArrayBuffer,
    words: Int32Array,
    bytes: Uint8Array,
}

// SAFETY: no other thread ever sees it. A worker with a memory of its own is one thread, and the page
// keeps its own view to itself; what is shared is the buffer behind it.
unsafe impl Send for BrowserWords {}
// SAFETY: as above.
unsafe impl Sync for BrowserWords {}

impl BrowserWords {
    pub fn new(words: usize) -> Self {
        Self::of(SharedArrayBuffer::new(narrow(words * 4)))
    }

    pub fn of(buffer: SharedArrayBuffer) -> Self {
        Self { words: Int32Array::new(&buffer), bytes: Uint8Array::new(&buffer), buffer }
    }

    /// What a worker is handed.
    pub fn buffer(&self) -> &JsValue {
        &self.buffer
    }

    fn bytes(&self, index: usize, length: usize) -> Uint8Array {
        self.bytes.subarray(narrow(index * 4), narrow(index * 4 + length))
    }
}

fn narrow(wide: usize) -> u32 {
    u32::try_from(wide).expect("a 32-bit platform")
}

/// Atomics fail only for what is no array of integers, and beyond its end.
fn done(result: Result<i32, JsValue>) -> u32 {
    result.expect("a word of the buffer").cast_unsigned()
}

impl Words for BrowserWords {
    fn len(&self) -> usize {
        self.words.length() as usize
    }

    fn load(&self, index: usize) -> u32 {
        done(Atomics::load(&self.words, narrow(index)))
    }

    fn store(&self, index: usize, value: u32) {
        done(Atomics::store(&self.words, narrow(index), value.cast_signed()));
    }

    fn compare_exchange(&self, index: usize, current: u32, new: u32) -> Result<u32, u32> {
        let found = Atomics::compare_exchange(&self.words, narrow(index), current.cast_signed(), new.cast_signed());
        let found = done(found);
        if found == current { Ok(found) } else { Err(found) }
    }

    fn fetch_add(&self, index: usize, by: u32) -> u32 {
        done(Atomics::add(&self.words, narrow(index), by.cast_signed()))
    }

    fn wait(&self, index: usize, expected: u32, timeout: Duration) {
        let ms = timeout.as_secs_f64() * 1e3;
        // It throws on the page alone, which waits for nobody.
        let _ = Atomics::wait_with_timeout(&self.words, narrow(index), expected.cast_signed(), ms);
    }

    fn notify(&self, index: usize, count: u32) {
        let _ = Atomics::notify_with_count(&self.words, narrow(index), count);
    }

    fn read(&self, index: usize, bytes: &mut [u8]) {
        self.bytes(index, bytes.len()).copy_to(bytes);
    }

    fn write(&self, index: usize, bytes: &[u8]) {
        self.bytes(index, bytes.len()).copy_from(bytes);
    }
}
