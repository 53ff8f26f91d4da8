//! The browser host.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use wasm_bindgen::prelude::{Closure, JsCast, JsValue, wasm_bindgen};
use web_sys::EventTarget;

use super::alarm::Ticker;
use super::clock::{self, BrowserClock};
use super::environment;
use super::isolated::IsolatedPool;
use super::shared::{Discipline, SharedPool};
use crate::experiment::{Channel, Dispatch, Experiment, Model, StartMethod};
use crate::host::{Arm, Cancel, Clock, Controls, Host, HostError, Kills, Memory, Patience, Pool, Sample, Sink};
use crate::model::processes::Sharing;
use crate::model::turns;
use crate::report::{HostFacts, HostKind, LockTransport, MachineFacts, Warning, WarningCode};
use crate::{shared_memory, workload};

/// Most bytes that a task may come with: they are there twice, in a memory of 256 MiB.
const MAX_DATA_BYTES: u32 = 64 << 20;

/// Most workers of one pool: a browser allows few hundred in all.
pub const MAX_WORKERS: u32 = 32;

/// What a worker is made from.
#[derive(Clone)]
pub struct Site {
    /// The compiled module, compiled once for the page and all workers.
    pub module: JsValue,
    /// Address of the worker script, on the page's own origin: a text, or a `TrustedScriptURL`.
    pub worker_url: JsValue,
}

/// What every pool is given.
#[derive(Clone)]
pub struct Context {
    pub site: Site,
    pub experiment: Experiment,
    pub clock: BrowserClock,
    pub cancel: Cancel,
    pub kills: Kills,
    pub recording: bool,
    pub patience: Patience,
}

impl Context {
    /// A worker that is started for one request is not warmed up: the request would wait for that.
    pub fn is_cold(&self) -> bool {
        self.experiment.dispatch == Dispatch::Fresh
    }
}

/// Runs one experiment in web workers.
pub struct BrowserHost {
    site: Site,
    clock: BrowserClock,
    controls: Controls,
    recording: bool,
    patience: Patience,
    hidden: Hidden,
    beat: Beat,
}

impl BrowserHost {
    pub fn new(site: Site, controls: Controls, recording: bool, patience: Patience) -> Self {
        let clock = BrowserClock::start();
        Self { site, clock, controls, recording, patience, hidden: Hidden::watch(), beat: Beat::watch(clock) }
    }
}

impl Host for BrowserHost {
    type Pool = BrowserPool;

    fn facts(&self) -> HostFacts {
        let isolated = environment::unshared_reason().is_none();
        HostFacts {
            kind: HostKind::Browser,
            engine: environment::engine(),
            os: environment::os(),
            logical_cores: environment::logical_cores(),
            machine: MachineFacts::default(),
            ceiling: BTreeMap::new(),
            isolated,
            lock: Some(if isolated { LockTransport::SharedMemory } else { LockTransport::Messages }),
        }
    }

    fn now_us(&self) -> f64 {
        self.clock.now_us()
    }

    fn unix_s(&self) -> Option<u64> {
        clock::unix_s()
    }

    fn max_workers(&self) -> u32 {
        MAX_WORKERS
    }

    fn unavailable(&self, model: Model, experiment: &Experiment) -> Option<String> {
        if let Some(reason) = experiment.library.outside_python() {
            return Some(reason);
        }
        let has_data = workload::find(&experiment.workload).is_some_and(|workload| workload.input.is_some());
        if has_data && experiment.size > MAX_DATA_BYTES {
            return Some(format!("a page's memory has no room for so much data; use size {MAX_DATA_BYTES} at most"));
        }
        match model {
            Model::Processes if experiment.start_method != StartMethod::Spawn => {
                Some("a browser starts every worker afresh; use start-method spawn".into())
            }
            Model::Processes if experiment.channel == Channel::Queue => {
                Some("a browser's messages are queued by themselves; use message, transfer or shared-memory".into())
            }
            Model::Processes if shared_memory::words(experiment, 1).is_some() => environment::unshared_reason(),
            Model::Serial | Model::Processes | Model::EventLoop => None,
            Model::Threads => {
                let unshared = environment::unshared_reason()?;
                Some(format!("{}; {unshared}", turns::unavailable(experiment)?))
            }
            Model::FreeThreads => environment::unshared_reason(),
        }
    }

    fn disturbances(&mut self) -> Vec<Warning> {
        let text = "the page was hidden while measuring, and browsers slow hidden pages down; keep it in view";
        let hidden = self.hidden.take().then(|| Warning { code: WarningCode::HiddenTab, text: text.into() });
        let stood_still = self.beat.take_gap_s().map(|gap_s| Warning {
            code: WarningCode::StoodStill,
            text: format!(
                "the page stood still for {gap_s:.0} s while measuring: the machine slept, or a script or the browser \
                 held the page up; run again"
            ),
        });
        hidden.into_iter().chain(stood_still).collect()
    }

    async fn start(
        &mut self,
        arm: Arm,
        experiment: &Experiment,
        sink: &mut dyn Sink,
    ) -> Result<BrowserPool, HostError> {
        let context = Context {
            site: self.site.clone(),
            experiment: experiment.clone(),
            clock: self.clock,
            cancel: self.controls.cancel.clone(),
            kills: self.controls.kills.clone(),
            recording: self.recording,
            patience: self.patience,
        };
        Ok(match arm {
            Arm::Model { model: Model::Serial, .. } => {
                BrowserPool::Isolated(Box::new(IsolatedPool::start(context, arm, Sharing::All, sink).await?))
            }
            Arm::Model { model: Model::EventLoop, .. } => {
                BrowserPool::Isolated(Box::new(IsolatedPool::start(context, arm, Sharing::Events, sink).await?))
            }
            Arm::Bare { .. } | Arm::Model { model: Model::Processes, .. } => {
                BrowserPool::Isolated(Box::new(IsolatedPool::start(context, arm, Sharing::Chunks, sink).await?))
            }
            Arm::Model { model: Model::Threads, .. } if environment::unshared_reason().is_some() => {
                BrowserPool::Isolated(Box::new(IsolatedPool::start(context, arm, Sharing::Turns, sink).await?))
            }
            Arm::Model { model: Model::Threads, .. } => {
                BrowserPool::Shared(Box::new(SharedPool::start(context, arm, Discipline::Lock, sink).await?))
            }
            Arm::Model { model: Model::FreeThreads, .. } => {
                BrowserPool::Shared(Box::new(SharedPool::start(context, arm, Discipline::Rayon, sink).await?))
            }
        })
    }
}

/// A pool of one model's workers.
pub enum BrowserPool {
    Isolated(Box<IsolatedPool>),
    Shared(Box<SharedPool>),
}

impl Pool for BrowserPool {
    fn startup_us(&self) -> Vec<f64> {
        match self {
            Self::Isolated(pool) => pool.startup_us(),
            Self::Shared(pool) => pool.startup_us.clone(),
        }
    }

    fn stable(&self) -> bool {
        match self {
            Self::Isolated(pool) => pool.stable(),
            Self::Shared(pool) => pool.stable(),
        }
    }

    fn memory(&self) -> Vec<Memory> {
        match self {
            Self::Isolated(pool) => pool.memory(),
            Self::Shared(pool) => pool.memory(),
        }
    }

    async fn sample(&mut self, tasks: Range<u32>, sink: &mut dyn Sink) -> Result<Sample, HostError> {
        match self {
            Self::Isolated(pool) => pool.sample(tasks, sink).await,
            Self::Shared(pool) => pool.sample(tasks, sink).await,
        }
    }

    async fn stop(self, sink: &mut dyn Sink) {
        match self {
            Self::Isolated(pool) => pool.stop(sink),
            Self::Shared(pool) => pool.stop(sink).await,
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: EventTarget;
}

/// A page that does nothing for so long has been held up: none of ours does.
const HELD_UP_S: f64 = 3.0;
const BEAT_MS: u32 = 250;

/// Whether the page has gone on since it was last asked.
struct Beat {
    clock: BrowserClock,
    last_us: Rc<Cell<f64>>,
    longest_us: Rc<Cell<f64>>,
    _ticker: Ticker,
}

impl Beat {
    fn watch(clock: BrowserClock) -> Self {
        let (last_us, longest_us) = (Rc::new(Cell::new(clock.now_us())), Rc::new(Cell::new(0.0)));
        let (last, longest) = (last_us.clone(), longest_us.clone());
        let ticker = Ticker::start(BEAT_MS, move || {
            let now_us = clock.now_us();
            longest.set(f64::max(longest.get(), now_us - last.replace(now_us)));
        });
        Self { clock, last_us, longest_us, _ticker: ticker }
    }

    /// How long the page stood still, if it did; the beat that ends that may be still to come.
    fn take_gap_s(&self) -> Option<f64> {
        let since_us = self.clock.now_us() - self.last_us.get();
        let gap_s = f64::max(self.longest_us.take(), since_us) / 1e6;
        if gap_s <= HELD_UP_S {
            return None;
        }
        self.last_us.set(self.clock.now_us());
        Some(gap_s)
    }
}

/// Whether the page was hidden since it was last asked.
struct Hidden {
    since: Rc<Cell<bool>>,
    listener: Closure<dyn FnMut()>,
}

const VISIBILITY_CHANGE: &str = "visibilitychange";

impl Hidden {
    fn watch() -> Self {
        let since = Rc::new(Cell::new(is_hidden()));
        let seen = since.clone();
        let listener = Closure::new(move || seen.set(true));
        let page = DOCUMENT.with(EventTarget::clone);
        // A page without this event is one that is never hidden.
        let _ = page.add_event_listener_with_callback(VISIBILITY_CHANGE, listener.as_ref().unchecked_ref());
        Self { since, listener }
    }

    /// A page that is still hidden stays so.
    fn take(&self) -> bool {
        self.since.replace(is_hidden())
    }
}

fn is_hidden() -> bool {
    let state = DOCUMENT.with(|page| js_sys::Reflect::get(page, &"visibilityState".into()));
    state.is_ok_and(|state| state.as_string().as_deref() == Some("hidden"))
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let page = DOCUMENT.with(EventTarget::clone);
        let _ = page.remove_event_listener_with_callback(VISIBILITY_CHANGE, self.listener.as_ref().unchecked_ref());
    }
}
