//! What a web worker calls; `www/src/host/worker.ts` is its event loop.

use std::cell::Cell;
use std::sync::Arc;

use js_sys::{Function, SharedArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use super::clock::BrowserClock;
use super::port::call_at;
use super::shared_memory::BrowserWords;
use crate::fault::{self, Fault};
use crate::host::{Clock, Memory};
use crate::model::isolated::{Edges, Isolated, Turn};
use crate::model::turns;
use crate::sync::Words;

/// A slice of work between two looks at the event loop. A worker that returns every 10 ms stops at once
/// when it is terminated, in every engine.
const SLICE_US: f64 = 8_000.0;

/// An isolated worker: this instance's memory is its own.
#[wasm_bindgen]
pub struct IsolatedWorker {
    clock: BrowserClock,
    worker: Option<Isolated>,
    post: Function,
    shared: Option<Arc<dyn Words>>,
}

#[wasm_bindgen]
impl IsolatedWorker {
    /// `epoch_ms` is the run's start in milliseconds since 1970, `post` takes each frame to send, `shared`
    /// is memory that it shares with its parent and siblings.
    #[wasm_bindgen(constructor)]
    pub fn new(epoch_ms: f64, post: Function, shared: Option<SharedArrayBuffer>) -> Self {
        let shared = shared.map(|buffer| Arc::new(BrowserWords::of(buffer)) as Arc<dyn Words>);
        Self { clock: BrowserClock::from_epoch_ms(epoch_ms), worker: None, post, shared }
    }

    /// Take in a frame. Gives whether there is work to do.
    ///
    /// # Errors
    /// When the frame is malformed.
    pub fn receive(&mut self, frame: &[u8]) -> Result<bool, JsError> {
        let post = self.post.clone();
        let mut send = |frame: Vec<u8>| send(&post, &frame);
        let Some(worker) = &mut self.worker else {
            let (clock, shared) = (Arc::new(self.clock), self.shared.clone());
            let edges = Edges { clock, memory, shared, suffer };
            let (worker, ready) = Isolated::begin(frame, edges)?;
            self.worker = Some(worker);
            send(ready);
            return Ok(false);
        };
        Ok(worker.receive(frame, &mut send)? == Turn::Busy)
    }

    /// Work for one slice. Gives in how many milliseconds there is more to do: 0 is at once, nothing is
    /// when another message has come.
    pub fn advance(&mut self) -> Option<f64> {
        let post = self.post.clone();
        let now = self.clock;
        let worker = self.worker.as_mut()?;
        let slice_us = if worker.has_lock() { turns::SLICE_US } else { SLICE_US };
        match worker.advance(slice_us, &mut |frame| send(&post, &frame)) {
            Turn::Busy => Some(0.0),
            Turn::Sleep { until_us } => Some((until_us - now.now_us()).max(0.0) / 1e3),
            Turn::Idle | Turn::Exit => None,
        }
    }
}

fn send(post: &Function, frame: &[u8]) {
    if ENDS_SENDING.get() {
        end();
    }
    // Posting bytes of our own cannot fail but for want of memory, which ends the worker anyway.
    let _ = post.call1(&JsValue::UNDEFINED, &Uint8Array::from(frame));
}

thread_local! {
    /// The next frame is not sent any more.
    static ENDS_SENDING: Cell<bool> = const { Cell::new(false) };
}

fn suffer(fault: Fault) {
    match fault {
        Fault::None => {}
        Fault::Send => ENDS_SENDING.set(true),
        Fault::Exit | Fault::Start => end(),
        Fault::Kill => {
            let message = js_sys::Object::new();
            js_sys::Reflect::set(&message, &"tag".into(), &"doomed".into()).expect("a fresh object takes any key");
            scope().post_message(&message).expect("plain values can be cloned");
            // Until the page hears of it.
            fault::suffer(Fault::Wedge)
        }
        Fault::Panic | Fault::Memory | Fault::Overflow | Fault::Wedge => fault::suffer(fault),
    }
}

/// End without a word, as a worker does that closes itself.
fn end() -> ! {
    scope().close();
    wasm_bindgen::throw_str(ENDED)
}

/// What `www/src/host/worker.ts` does not tell the page.
const ENDED: &str = "ended";

fn scope() -> web_sys::DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Size of this instance's memory: all that a worker with its own memory has.
pub fn memory() -> Memory {
    const PAGE_BYTES: u64 = 65_536;
    Memory { own_bytes: Some(core::arch::wasm32::memory_size(0) as u64 * PAGE_BYTES), resident_bytes: None }
}

/// Call what the page or another worker left at `pointer` of the shared memory. May block.
#[wasm_bindgen(js_name = callShared)]
pub fn call_shared(pointer: u32) {
    // SAFETY: the page posts every pointer once, and only pointers that `into_pointer` gave.
    unsafe { call_at(pointer) }
}
