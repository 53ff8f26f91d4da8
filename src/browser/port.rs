//! One web worker as the page sees it, and the inbox in which all workers of a pool are heard.
//!
//! What goes over a port is spelled in `www/src/host/worker.ts`, which is the other end.

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::{Closure, JsCast, JsValue, wasm_bindgen};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::alarm::{Alarm, Ticker};
use super::host::Site;
use crate::host::{Cancel, Clock, HostError};

/// A worker that has not answered a request for its start or its end by then never will.
const DEADLINE_US: f64 = 15_000_000.0;
/// So long workers have to end after one of them has failed.
const BRIEF_US: f64 = 1_000_000.0;
/// Browsers do not say which of the two it was.
const NO_SCRIPT: &str = "its script could not be loaded: it is missing from the site, or the page's \
                         Content-Security-Policy forbids workers, and then its worker-src needs 'self'";
/// How often a pool looks at what its workers wrote: 50 times a second.
const TICK_MS: u32 = 20;

/// What a pool hears.
pub enum Said {
    /// The worker's code is loaded.
    Ready,
    /// An isolated worker sent a message.
    Frame(Vec<u8>),
    /// What the worker was called for has returned.
    Called,
    /// The worker asks the page for another one, to call this.
    Spawn(u32),
    /// The worker has given back its stack and ends.
    Closed,
    /// The worker cannot go on.
    Failed(String),
    /// The worker is to be terminated: a fault that was asked for.
    Doomed,
    /// Time has passed.
    Tick,
    /// It is this time, however coarse the page's clock is.
    Rang { due_us: f64 },
}

/// Who says something: of those who had a worker's place one after another, which.
#[derive(Clone, Copy, Default)]
struct Sender {
    worker: u32,
    life: u32,
}

/// All that a pool hears, in order.
pub struct Inbox {
    sender: UnboundedSender<(Sender, Said)>,
    receiver: UnboundedReceiver<(Sender, Said)>,
    /// By worker, how many have died in its place.
    lives: Vec<u32>,
    _ticker: Ticker,
    /// When it rings.
    alarm: Option<(f64, Alarm)>,
}

impl Inbox {
    pub fn new() -> Self {
        let (sender, receiver) = unbounded();
        let ticks = sender.clone();
        let ticker = Ticker::start(TICK_MS, move || drop(ticks.unbounded_send((Sender::default(), Said::Tick))));
        Self { sender, receiver, lives: Vec::new(), _ticker: ticker, alarm: None }
    }

    /// Have `Rang` said at `due_us`, and at no other time that was set before.
    pub fn ring_at(&mut self, due_us: Option<f64>, clock: &dyn Clock) {
        if due_us != self.alarm.as_ref().map(|(due_us, _)| *due_us) {
            let sender = &self.sender;
            let set = |due_us: f64| {
                let rings = sender.clone();
                let ring = move || drop(rings.unbounded_send((Sender::default(), Said::Rang { due_us })));
                (due_us, Alarm::set(due_us - clock.now_us(), ring))
            };
            self.alarm = due_us.map(set);
        }
    }

    /// The next thing said.
    ///
    /// # Errors
    /// When the run is cancelled, or `deadline` has passed.
    pub async fn next(&mut self, cancel: &Cancel, deadline: &Deadline<'_>) -> Result<(u32, Said), HostError> {
        let (sender, said) = loop {
            let (sender, said) = self.receiver.next().await.expect("the inbox holds a sender");
            let is_of_worker = !matches!(said, Said::Tick | Said::Rang { .. });
            // What the dead had said before is on its way still.
            if !is_of_worker || sender.life == self.life(sender.worker) {
                break (sender, said);
            }
        };
        if cancel.is_cancelled() {
            return Err(HostError::Cancelled);
        }
        match said {
            Said::Tick if deadline.has_passed() => Err(HostError::Failed(format!(
                "{} within {:.0} s; reload the page, ask for fewer workers, or try another browser",
                deadline.what,
                DEADLINE_US / 1e6
            ))),
            said => Ok((sender.worker, said)),
        }
    }

    fn life(&self, worker: u32) -> u32 {
        self.lives.get(worker as usize).copied().unwrap_or(0)
    }

    /// Hear no more of the one who has this worker's place now.
    pub fn forget(&mut self, worker: u32) {
        let places = self.lives.len().max(worker as usize + 1);
        self.lives.resize(places, 0);
        self.lives[worker as usize] += 1;
    }
}

/// When waiting ends, with the name of what did not happen.
pub struct Deadline<'a> {
    clock: &'a dyn Clock,
    at_us: f64,
    what: &'static str,
}

impl<'a> Deadline<'a> {
    pub fn new(clock: &'a dyn Clock, what: &'static str) -> Self {
        Self { clock, at_us: clock.now_us() + DEADLINE_US, what }
    }

    /// A deadline for what may well never happen.
    pub fn brief(clock: &'a dyn Clock, what: &'static str) -> Self {
        Self { clock, at_us: clock.now_us() + BRIEF_US, what }
    }

    /// No deadline: tasks may take as long as they take, and are cancelled by the reader.
    pub fn never(clock: &'a dyn Clock) -> Self {
        Self { clock, at_us: f64::INFINITY, what: "" }
    }

    fn has_passed(&self) -> bool {
        self.clock.now_us() > self.at_us
    }
}

/// Which memory a worker is to compute on.
pub enum WorkerMemory<'a> {
    /// One of its own.
    Own,
    /// One of its own, and beside it a buffer that it shares with others.
    OwnBeside(&'a JsValue),
    /// The page's.
    Page(&'a JsValue),
}

#[wasm_bindgen]
extern "C" {
    /// web-sys takes a text alone, and a `TrustedScriptURL` would not survive that.
    #[wasm_bindgen(js_name = Worker, extends = Worker)]
    type TrustedWorker;

    #[wasm_bindgen(constructor, catch, js_class = "Worker")]
    fn create(url: &JsValue, options: &WorkerOptions) -> Result<TrustedWorker, JsValue>;
}

/// A web worker. Dropping it terminates the worker.
pub struct Port {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Port {
    /// Create a worker from the site's own worker module; it says `Ready` when it is loaded.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn open(
        id: u32,
        site: &Site,
        memory: WorkerMemory<'_>,
        epoch_ms: f64,
        inbox: &Inbox,
    ) -> Result<Self, HostError> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = TrustedWorker::create(&site.worker_url, &options).map_err(|error| {
            // WebKit looks at the policy now, the others once they load the script.
            let forbidden = error.dyn_ref::<js_sys::Error>().is_some_and(|error| error.name() == "SecurityError");
            let why = if forbidden { NO_SCRIPT.into() } else { text_of(&error) };
            HostError::Failed(format!("worker {id} was refused by the browser: {why}"))
        })?;
        let (heard, sender) = (inbox.sender.clone(), Sender { worker: id, life: inbox.life(id) });
        let on_message = Closure::new(move |event: MessageEvent| {
            let _ = heard.unbounded_send((sender, parse(&event.data())));
        });
        let heard = inbox.sender.clone();
        let on_error = Closure::new(move |event: ErrorEvent| {
            event.prevent_default();
            // A script that cannot be loaded gives an event without a message.
            let message = JsValue::from(&event).dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            let text = if message.is_empty() { NO_SCRIPT.into() } else { message };
            let _ = heard.unbounded_send((sender, Said::Failed(text)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let port = Self { worker: worker.into(), _on_message: on_message, _on_error: on_error };
        let start = message("start");
        set(&start, "module", &site.module);
        set(&start, "epochMs", &epoch_ms.into());
        match memory {
            WorkerMemory::Own => {}
            WorkerMemory::OwnBeside(buffer) => set(&start, "beside", buffer),
            WorkerMemory::Page(memory) => set(&start, "memory", memory),
        }
        port.post(&start)?;
        Ok(port)
    }

    /// Send a frame to an isolated worker, `moved` rather than cloned.
    ///
    /// # Errors
    /// When the browser cannot clone it.
    pub fn send(&self, frame: &[u8], moved: bool) -> Result<(), HostError> {
        let message = message("frame");
        let frame = Uint8Array::from(frame);
        set(&message, "frame", &frame);
        if !moved {
            return self.post(&message);
        }
        self.worker.post_message_with_transfer(&message, &Array::of1(&frame.buffer())).map_err(|error| refused(&error))
    }

    /// Have a worker on this memory call `body`; it says `Called` afterwards.
    ///
    /// # Errors
    /// When the browser cannot post.
    pub fn call(&self, body: impl FnOnce() + Send + 'static) -> Result<(), HostError> {
        self.call_pointer(into_pointer(body))
    }

    /// The same for what [`into_pointer`] gave.
    ///
    /// # Errors
    /// When the browser cannot post.
    pub fn call_pointer(&self, pointer: u32) -> Result<(), HostError> {
        let message = message("call");
        set(&message, "pointer", &pointer.into());
        self.post(&message)
    }

    /// Ask a worker on this memory to give back its stack; it says `Closed`.
    pub fn close(&self) {
        // A worker that cannot be posted to is terminated all the same.
        let _ = self.post(&message("close"));
    }

    fn post(&self, message: &Object) -> Result<(), HostError> {
        self.worker.post_message(message).map_err(|error| refused(&error))
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

type Body = Box<dyn FnOnce() + Send>;

/// A call as an address in the memory that workers share.
pub fn into_pointer(body: impl FnOnce() + Send + 'static) -> u32 {
    let body: Box<Body> = Box::new(Box::new(body));
    Box::into_raw(body) as u32
}

/// Do the call at this address.
///
/// # Safety
/// `pointer` comes from [`into_pointer`] on the same memory and is called once.
pub unsafe fn call_at(pointer: u32) {
    let body = unsafe { Box::from_raw(pointer as *mut Body) };
    body();
}

fn message(tag: &str) -> Object {
    let message = Object::new();
    set(&message, "tag", &tag.into());
    message
}

fn set(object: &Object, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a fresh object takes any key");
}

fn parse(data: &JsValue) -> Said {
    let get = |key: &str| Reflect::get(data, &key.into()).unwrap_or(JsValue::UNDEFINED);
    match get("tag").as_string().as_deref() {
        Some("ready") => Said::Ready,
        Some("called") => Said::Called,
        Some("closed") => Said::Closed,
        Some("doomed") => Said::Doomed,
        Some("frame") => Said::Frame(get("frame").unchecked_into::<Uint8Array>().to_vec()),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "addresses have 32 bits")]
        Some("spawn") => Said::Spawn(get("pointer").as_f64().unwrap_or_default() as u32),
        Some("error") => Said::Failed(get("text").as_string().unwrap_or_default()),
        _ => Said::Failed("it sent a message that is none".into()),
    }
}

fn refused(error: &JsValue) -> HostError {
    HostError::Failed(format!("the browser could not send to a worker: {}", text_of(error)))
}

fn text_of(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| Object::from(error.clone()).to_string().into())
}
