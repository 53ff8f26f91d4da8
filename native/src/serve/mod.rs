//! `gilscope serve`: the site, and this machine as a host for it.

mod address;
mod announce;
mod api;
mod connections;
mod guard;
mod headers;
mod hosts;
mod lines;
mod listeners;
mod log;
mod measuring;
mod queue;
mod run;
mod runs;
mod site;
mod token;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get};
use axum::{Router, middleware};
use gilscope::host::Cancel;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

use crate::args::ServeArgs;
use crate::exit::Outcome;
use crate::interrupt;
use crate::waits::Waits;
use address::Address;
use headers::Isolation;
use hosts::Hosts;
use runs::Runs;
pub use site::bytes as site_bytes;
use token::Token;

/// Bytes of an experiment; a real one has about three hundred.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// How long answers that are under way may take to end after Ctrl-C.
const FAREWELL: Duration = Duration::from_secs(1);

/// How often it is looked whether a signal has come.
const LOOK: Duration = Duration::from_millis(100);

/// What every request can see.
struct Server {
    address: Address,
    token: Token,
    isolation: Isolation,
    hosts: Hosts,
    waits: Waits,
    runs: Runs,
    /// Turns true once, when the server is to stop.
    stop: watch::Receiver<bool>,
}

pub fn serve(args: &ServeArgs) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("cannot start the server")?.block_on(listen(args))
}

async fn listen(args: &ServeArgs) -> anyhow::Result<Outcome> {
    let waits = Waits::from_environment()?;
    let (listener, address) = address::bind(args).await?;
    let (stopping, stop) = watch::channel(false);
    tokio::spawn(tell_of_signal(interrupt::cancel_on_signal()?, stopping));
    let server = Arc::new(Server {
        address,
        token: Token::random()?,
        isolation: if args.no_isolation { Isolation::Off } else { Isolation::On },
        hosts: Hosts::default(),
        waits,
        runs: Runs::new(Token::random()?.as_str()[..8].to_owned(), stop.clone()),
        stop,
    });

    announce::tell(args, &server.address, &server.token)?;
    tokio::select! {
        () = connections::serve(listener, router(&server), stopped(server.stop.clone())) => {}
        // A browser may keep a connection open for as long as it likes.
        () = async { stopped(server.stop.clone()).await; tokio::time::sleep(FAREWELL).await } => {}
    }
    // A run that was cancelled ends its workers before it gives up its turn.
    server.runs.idle().await;
    Ok(Outcome::Done)
}

fn router(server: &Arc<Server>) -> Router {
    let site = get(site::file).layer(CompressionLayer::new());
    let api = Router::new()
        .route("/api/hosts", get(api::hosts))
        .route("/api/runs", get(api::runs).post(api::begin))
        .route("/api/runs/{id}", delete(api::cancel))
        .route("/api/runs/{id}/events", get(api::events))
        .route("/api/runs/{id}/workers/{worker}", delete(api::kill))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .route_layer(middleware::from_fn_with_state(Arc::clone(server), guard::same_origin_and_token));
    Router::new()
        .route("/", site.clone())
        .route("/{*path}", site)
        .merge(api)
        .layer(middleware::from_fn_with_state(Arc::clone(server), guard::host))
        .layer(middleware::from_fn_with_state(Arc::clone(server), headers::add))
        .with_state(Arc::clone(server))
}

/// A signal's handler can only set a flag, so look at it: seldom, because cores are measured here.
async fn tell_of_signal(cancel: Cancel, stopping: watch::Sender<bool>) {
    while !cancel.is_cancelled() {
        tokio::time::sleep(LOOK).await;
    }
    // Nobody listens once the server has ended by itself.
    let _ = stopping.send(true);
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone, and with it every way to go on.
    let _ = stop.wait_for(|stop| *stop).await;
}
