//! `POST /api/run`: an experiment in, its events and its report out, one JSON object a line.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use gilscope::experiment::Experiment;
use gilscope::host::Cancel;
use gilscope::report::Report;
use gilscope::session::{Event, RunError};
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::{Server, stopped};
use crate::measure;

/// One line of the answer.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line {
    /// Other runs come first.
    Queued {
        ahead: u32,
    },
    Event {
        event: Event,
    },
    /// The last line of a run that measured something.
    Report {
        report: Box<Report>,
    },
    /// The last line of one that did not.
    Error {
        message: String,
        /// The field of the experiment that is to blame, if one is.
        #[serde(skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
}

impl From<Result<Report, RunError>> for Line {
    fn from(measured: Result<Report, RunError>) -> Self {
        match measured {
            Ok(report) => Self::Report { report: Box::new(report) },
            Err(error) => {
                let message = error.to_string();
                let field = if let RunError::Field(error) = error { Some(error.field) } else { None };
                Self::Error { message, field }
            }
        }
    }
}

impl Line {
    fn encode(&self) -> Bytes {
        let mut json = serde_json::to_vec(self).expect("lines have text keys only");
        json.push(b'\n');
        json.into()
    }
}

pub async fn stream(State(server): State<Arc<Server>>, body: Bytes) -> Response {
    let experiment: Experiment = match serde_json::from_slice(&body) {
        Ok(experiment) => experiment,
        Err(error) => {
            let line = Line::Error { message: format!("this is not an experiment: {error}"), field: None };
            return (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], line.encode())
                .into_response();
        }
    };
    // Unbounded, because a page that reads slowly must not slow down what is measured.
    let (lines, receiver) = mpsc::unbounded_channel();
    tokio::spawn(take_turn(server, experiment, lines));
    let lines = UnboundedReceiverStream::new(receiver).map(|line: Line| Ok::<_, Infallible>(line.encode()));
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(lines)).into_response()
}

/// Measure when it is this run's turn; give up when nobody listens any more.
async fn take_turn(server: Arc<Server>, experiment: Experiment, lines: mpsc::UnboundedSender<Line>) {
    let listener = lines.clone();
    let given_up = async {
        tokio::select! { () = listener.closed() => {}, () = stopped(server.stop.clone()) => {} }
    };
    tokio::pin!(given_up);
    let queued = |ahead| drop(lines.send(Line::Queued { ahead }));
    let _turn = tokio::select! {
        turn = server.queue.turn(queued) => turn,
        () = &mut given_up => return,
    };
    let cancel = Cancel::default();
    let mut measured = start(experiment, cancel.clone(), lines);
    tokio::select! {
        _ = &mut measured => {}
        () = &mut given_up => {
            cancel.cancel();
            // The turn ends when the workers have.
            let _ = measured.await;
        }
    }
}

/// Measure on a thread of its own: it may be pinned to cores, so no other run may inherit it. The
/// receiver hears, or fails, when the thread is done.
fn start(experiment: Experiment, cancel: Cancel, lines: mpsc::UnboundedSender<Line>) -> oneshot::Receiver<()> {
    let (done, measured) = oneshot::channel();
    std::thread::spawn(move || {
        let watch = &mut |event| drop(lines.send(Line::Event { event }));
        let report = measure::measure(&measure::Place::Native, &experiment, cancel, true, watch);
        drop(lines.send(report.into()));
        let _ = done.send(());
    });
    measured
}
