//! The hosts and runs of this machine, over HTTP. Whoever comes here has passed the guard.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use gilscope::companion::RunRequest;
use serde::Deserialize;

use super::hosts::Host;
use super::{Server, measuring};

const NO_SUCH_RUN: &str = "there is no such run here any more";
/// What is so now is not so later.
const UNKEPT: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

#[derive(Deserialize)]
pub struct EventsQuery {
    /// The number of the first line that is wanted.
    #[serde(default)]
    from: u64,
}

/// `GET /api/hosts`
pub async fn hosts(State(server): State<Arc<Server>>) -> Response {
    let infos: Vec<_> = server.hosts.all().await.iter().map(|host| &host.info).collect();
    ([UNKEPT], Json(infos)).into_response()
}

/// `GET /api/runs`
pub async fn runs(State(server): State<Arc<Server>>) -> Response {
    ([UNKEPT], Json(server.runs.infos())).into_response()
}

/// `POST /api/runs`: a host and an experiment in, a run that goes on by itself out.
pub async fn begin(State(server): State<Arc<Server>>, body: Bytes) -> Response {
    let asked: RunRequest = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => {
            return refuse(StatusCode::BAD_REQUEST, format!("this is not a host with an experiment: {error}"));
        }
    };
    let Host { info, place } = match server.hosts.find(&asked.host).await {
        Ok(host) => host.clone(),
        Err(error) => return refuse(StatusCode::BAD_REQUEST, error),
    };
    // One experiment for all hosts, so that they can be compared.
    let experiment = asked.experiment.clone().suited_to(info.kind);
    match server.runs.add(asked, move |cancel| measuring::start(place, experiment, cancel)) {
        Ok(info) => (StatusCode::CREATED, Json(info)).into_response(),
        Err(full) => refuse(StatusCode::SERVICE_UNAVAILABLE, full.to_string()),
    }
}

/// `GET /api/runs/{id}/events?from=N`: the lines from number N on, then those to come, to the last one.
pub async fn events(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    Query(EventsQuery { from }): Query<EventsQuery>,
) -> Response {
    let Some(run) = server.runs.find(&id) else { return refuse(StatusCode::NOT_FOUND, NO_SUCH_RUN) };
    let lines = run.events(from).map(Ok::<_, Infallible>);
    ([(header::CONTENT_TYPE, "application/x-ndjson"), UNKEPT], Body::from_stream(lines)).into_response()
}

/// `DELETE /api/runs/{id}`: cancel a run. One that has ended stays as it is.
pub async fn cancel(State(server): State<Arc<Server>>, Path(id): Path<String>) -> Response {
    let Some(run) = server.runs.find(&id) else { return refuse(StatusCode::NOT_FOUND, NO_SUCH_RUN) };
    run.cancel();
    StatusCode::NO_CONTENT.into_response()
}

fn refuse(status: StatusCode, why: impl Into<String>) -> Response {
    (status, [UNKEPT], why.into()).into_response()
}
