//! `gilscope serve`: the site on 127.0.0.1, and this machine as a host for it.

mod guard;
mod headers;
mod queue;
mod run;
mod site;
mod token;

use std::io::{IsTerminal, stdout};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

use crate::args::ServeArgs;
use crate::exit::{Outcome, UsageError};
use crate::{interrupt, output};
use headers::Isolation;
use queue::Queue;
use token::Token;

/// Bytes of an experiment; a real one has about three hundred.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// How long answers that are under way may take to end after Ctrl-C.
const FAREWELL: Duration = Duration::from_secs(1);

/// What every request can see.
struct Server {
    port: u16,
    token: Token,
    isolation: Isolation,
    queue: Queue,
    /// Turns true once, when the server is to stop.
    stop: watch::Receiver<bool>,
}

pub fn serve(args: &ServeArgs) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("cannot start the server")?.block_on(listen(args))
}

async fn listen(args: &ServeArgs) -> anyhow::Result<Outcome> {
    // Only this machine: never another interface.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).await.map_err(|error| UsageError {
        flag: "--port".into(),
        value: args.port.to_string(),
        remedy: format!("{error}; use another port, or 0 for any free one"),
    })?;
    let port = listener.local_addr().context("cannot tell the port")?.port();
    let (stopping, stop) = watch::channel(false);
    interrupt::cancel_on_signal(move || {
        // Nobody listens once the server has ended by itself.
        let _ = stopping.send(true);
    })?;
    let isolation = if args.no_isolation { Isolation::Off } else { Isolation::On };
    let server = Arc::new(Server { port, token: Token::random()?, isolation, queue: Queue::default(), stop });

    announce(args, port)?;
    let serving = axum::serve(listener, router(&server)).with_graceful_shutdown(stopped(server.stop.clone()));
    tokio::select! {
        served = async { serving.await } => served.context("the server failed")?,
        // A browser may keep a connection open for as long as it likes.
        () = async { stopped(server.stop.clone()).await; tokio::time::sleep(FAREWELL).await } => {}
    }
    // A run that was cancelled ends its workers before it gives up its turn.
    server.queue.idle().await;
    Ok(Outcome::Done)
}

fn router(server: &Arc<Server>) -> Router {
    let site = get(site::file).layer(CompressionLayer::new());
    let api = Router::new()
        .route("/api/run", post(run::stream))
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

/// Tell where the site is, and open it where somebody is there to look.
fn announce(args: &ServeArgs, port: u16) -> anyhow::Result<()> {
    let url = format!("http://127.0.0.1:{port}/");
    output::text(&format!("gilscope is at {url} (Ctrl-C stops it)\n"))?;
    let open = args.open || (!args.no_open && stdout().is_terminal());
    if open && open::that_detached(&url).is_err() && args.open {
        anstream::eprintln!("No browser could be opened: open {url} yourself.");
    }
    Ok(())
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone, and with it every way to go on.
    let _ = stop.wait_for(|stop| *stop).await;
}
