//! The hosts and runs of this machine, over HTTP. Whoever comes here has passed the guard.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use gilscope::companion::RunRequest;
use gilscope::experiment::MAX_WORKERS;
use serde::Deserialize;
use tokio::time::timeout;

use super::hosts::{Host, NATIVE};
use super::{MAX_BODY_BYTES, Server, measuring};

const NO_SUCH_RUN: &str = "there is no such run here any more";
/// What is so now is not so later.
const UNKEPT: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// How long a request's body may take.
const BODY: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
pub struct EventsQuery {
    /// The number of the first line that is wanted.
    #[serde(default)]
    from: String,
}

impl EventsQuery {
    fn first(&self) -> Option<u64> {
        if self.from.is_empty() { Some(0) } else { self.from.parse().ok() }
    }
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
pub async fn begin(State(server): State<Arc<Server>>, request: Request) -> Response {
    let body = match body(request).await {
        Ok(body) => body,
        Err((status, why)) => return refuse(status, why),
    };
    let asked: RunRequest = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => {
            return refuse(StatusCode::BAD_REQUEST, format!("this is not a host with an experiment: {error}"));
        }
    };
    let Host { info, any } = match server.hosts.find(&asked.host).await {
        Ok(host) => host.clone(),
        Err(error) => return refuse(StatusCode::BAD_REQUEST, error),
    };
    // One experiment for all hosts, so that they can be compared.
    let experiment = asked.experiment.clone().suited_to(info.kind);
    let waits = server.waits;
    match server.runs.add(asked, move |controls| measuring::start(any, experiment, controls, waits)) {
        Ok(info) => (StatusCode::CREATED, Json(info)).into_response(),
        Err(full) => refuse(StatusCode::SERVICE_UNAVAILABLE, full.to_string()),
    }
}

/// The body of a request; else its status, and what is wrong with it.
async fn body(request: Request) -> Result<Bytes, (StatusCode, String)> {
    let late = (
        StatusCode::REQUEST_TIMEOUT,
        format!("the experiment did not come within {} s: send it again", BODY.as_secs()),
    );
    let body = timeout(BODY, Bytes::from_request(request, &())).await.map_err(|_| late)?;
    body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            (error.status(), format!("an experiment has at most {MAX_BODY_BYTES} bytes: shorten it"))
        }
        status => (status, error.body_text()),
    })
}

/// `GET /api/runs/{id}/events?from=N`: the lines from number N on, then those to come, to the last one.
pub async fn events(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    Query(query): Query<EventsQuery>,
) -> Response {
    let Some(first) = query.first() else {
        let why = format!("from cannot be '{}': give the number of a line, 0 for all", query.from);
        return refuse(StatusCode::BAD_REQUEST, why);
    };
    let Some(run) = server.runs.find(&id) else { return refuse(StatusCode::NOT_FOUND, NO_SUCH_RUN) };
    let lines = run.events(first).map(Ok::<_, Infallible>);
    ([(header::CONTENT_TYPE, "application/x-ndjson"), UNKEPT], Body::from_stream(lines)).into_response()
}

/// `DELETE /api/runs/{id}`: cancel a run. One that has ended stays as it is.
pub async fn cancel(State(server): State<Arc<Server>>, Path(id): Path<String>) -> Response {
    let Some(run) = server.runs.find(&id) else { return refuse(StatusCode::NOT_FOUND, NO_SUCH_RUN) };
    run.cancel();
    StatusCode::NO_CONTENT.into_response()
}

/// `DELETE /api/runs/{id}/workers/{worker}`: kill a worker process in the middle of its task, to see what follows. One
/// that has no task stays as it is.
pub async fn kill(State(server): State<Arc<Server>>, Path((id, worker)): Path<(String, String)>) -> Response {
    let Some(run) = server.runs.find(&id) else { return refuse(StatusCode::NOT_FOUND, NO_SUCH_RUN) };
    if run.asked.host != NATIVE {
        let why = format!("host cannot be '{}' here: only worker processes of {NATIVE} can be killed", run.asked.host);
        return refuse(StatusCode::BAD_REQUEST, why);
    }
    let Some(worker) = worker.parse().ok().filter(|worker| *worker < MAX_WORKERS) else {
        let why = format!("worker cannot be '{worker}': give its number, at most {}", MAX_WORKERS - 1);
        return refuse(StatusCode::BAD_REQUEST, why);
    };
    run.kill(worker);
    StatusCode::NO_CONTENT.into_response()
}

fn refuse(status: StatusCode, why: impl Into<String>) -> Response {
    (status, [UNKEPT], why.into()).into_response()
}

#[cfg(test)]
mod tests {
    use super::super::connections;
    use super::*;
    use axum::Router;
    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// The clock is the test's: it moves on when nothing else does.
    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_comes_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let answer = async |request| match body(request).await {
            Ok(_) => "it came".into_response(),
            Err((status, why)) => refuse(status, why),
        };
        tokio::spawn(connections::serve(listener, Router::new().route("/", post(answer)), std::future::pending()));
        let head = "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // To the end: it is also hung up on.
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.ends_with("the experiment did not come within 10 s: send it again"), "{answer}");
    }
}
