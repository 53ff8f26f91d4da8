//! One run, from its place in the queue to its last line. It belongs to no connection.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::stream::{self, Stream};
use gilscope::companion::{RunInfo, RunProgress, RunRequest, Said};
use gilscope::host::Controls;
use gilscope::report::Report;
use gilscope::session::{Event, RunError};
use tokio::sync::watch;

use super::listeners::Listeners;
use super::log::Log;
use super::measuring::Measuring;
use super::queue::Turn;
use crate::samples::Samples;

/// How long a run goes on when nobody listens: long enough to reload a page or to change a network, short enough that a
/// machine is not kept busy for a page that was closed.
pub const GRACE: Duration = Duration::from_secs(60);

pub struct Run {
    pub id: String,
    pub asked: RunRequest,
    pub log: Log,
    listeners: Listeners,
    progress: Mutex<RunProgress>,
    cancelled: watch::Sender<bool>,
    controls: Controls,
}

/// Why a run is not gone on with.
enum GivenUp {
    Cancelled,
    Abandoned,
    Stopped,
}

impl Run {
    pub fn new(id: String, asked: RunRequest, ahead: u32) -> Self {
        let progress = Mutex::new(RunProgress::Queued { ahead });
        let (log, listeners, cancelled, controls) = Default::default();
        Self { id, asked, log, listeners, progress, cancelled, controls }
    }

    pub fn info(&self) -> RunInfo {
        let RunRequest { host, experiment } = self.asked.clone();
        let progress = *self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        RunInfo { id: self.id.clone(), host, experiment, progress }
    }

    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    /// Have a worker process killed, if it has a task now.
    pub fn kill(&self, worker: u32) {
        self.controls.kills.add(worker);
    }

    /// What the run says from line `from` on, to its end. Whoever holds this listens.
    pub fn events(self: Arc<Self>, from: u64) -> impl Stream<Item = Bytes> + use<> {
        let listening = self.listeners.join();
        stream::unfold((self, listening, from), async |(run, listening, from)| {
            let piece = run.log.piece(from).await?;
            Some((piece.bytes.into(), (run, listening, piece.next)))
        })
    }

    /// Wait for the turn, and measure, unless `stopped` comes first.
    pub async fn live(
        &self,
        mut turn: Turn,
        stopped: impl Future<Output = ()>,
        begin: impl FnOnce(Controls) -> Measuring,
    ) {
        let mut given_up = std::pin::pin!(self.given_up(stopped));
        let last = tokio::select! {
            biased;
            why = &mut given_up => why.into(),
            () = turn.begin(|ahead| self.queued(ahead)) => self.measure(begin, given_up).await,
        };
        self.set(RunProgress::Ended);
        self.log.end(&last);
    }

    async fn given_up(&self, stopped: impl Future<Output = ()>) -> GivenUp {
        let mut cancelled = self.cancelled.subscribe();
        tokio::select! {
            _ = cancelled.wait_for(|cancelled| *cancelled) => GivenUp::Cancelled,
            () = self.listeners.gone_for(GRACE) => GivenUp::Abandoned,
            () = stopped => GivenUp::Stopped,
        }
    }

    /// Tell what happens, to the end; once `given_up`, that comes when the workers have ended.
    async fn measure(
        &self,
        begin: impl FnOnce(Controls) -> Measuring,
        mut given_up: Pin<&mut impl Future<Output = GivenUp>>,
    ) -> Said {
        let mut measuring = begin(self.controls.clone());
        let mut samples = Samples::default();
        let mut why = None;
        self.set(RunProgress::Running { done: 0.0 });
        loop {
            tokio::select! {
                event = measuring.events.recv() => match event {
                    Some(event) => self.happened(event, &mut samples),
                    None => break,
                },
                given_up = &mut given_up, if why.is_none() => {
                    self.controls.cancel.cancel();
                    why = Some(given_up);
                }
            }
        }
        match (measuring.report.await, why) {
            (Ok(Err(RunError::Cancelled)), Some(why)) => why.into(),
            (Ok(measured), _) => said(measured),
            (Err(_), _) => error("the run broke off: this is a defect of gilscope, and its terminal shows more"),
        }
    }

    fn queued(&self, ahead: u32) {
        self.set(RunProgress::Queued { ahead });
        self.log.push(&Said::Queued { ahead });
    }

    fn happened(&self, event: Event, samples: &mut Samples) {
        samples.watch(&event);
        self.set(RunProgress::Running { done: samples.share() });
        self.log.push(&Said::Event { event });
    }

    fn set(&self, progress: RunProgress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }
}

impl From<GivenUp> for Said {
    fn from(why: GivenUp) -> Self {
        match why {
            GivenUp::Cancelled => error(RunError::Cancelled),
            GivenUp::Abandoned => error(format_args!(
                "the run was cancelled, because no page had listened to it for {} s",
                GRACE.as_secs()
            )),
            GivenUp::Stopped => error("the run was cancelled, because the server was stopped"),
        }
    }
}

fn said(measured: Result<Report, RunError>) -> Said {
    match measured {
        Ok(report) => Said::Report { report: Box::new(report) },
        Err(RunError::Field(error)) => Said::Error { message: error.to_string(), field: Some(error.field) },
        Err(other) => error(other),
    }
}

fn error(message: impl ToString) -> Said {
    Said::Error { message: message.to_string(), field: None }
}
