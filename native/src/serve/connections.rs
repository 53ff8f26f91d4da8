//! Connections: only so many at once, and none that keeps a place without asking for anything.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

/// Most connections at once. A page needs six, and a run needs descriptors too. Who comes later waits for a place.
pub const MOST: usize = 256;
/// How long the head of a request may take, and how long nothing may be asked on a connection that is open.
const HEAD: Duration = Duration::from_secs(10);
/// Bytes of a head. Browsers send a host's cookies to all of its ports, so it may be longer than ours.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// How long to wait where the system gives no connection, because there are no descriptors left.
const BREATH: Duration = Duration::from_millis(200);

/// Answer who comes, until `stopped`; then let those end who are being answered.
pub async fn serve(listener: TcpListener, router: Router, stopped: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(MAX_HEAD_BYTES);
    let (places, open) = (Arc::new(Semaphore::new(MOST)), GracefulShutdown::new());
    let mut stopped = pin!(stopped);
    loop {
        let (stream, place) = tokio::select! {
            () = &mut stopped => break,
            next = next(&listener, &places) => next,
        };
        let service = TowerToHyperService::new(router.clone());
        let answering = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A connection that breaks is its client's affair.
            let _ = answering.await;
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// The next connection, as soon as there is a place for it.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    let place = Arc::clone(places).acquire_owned().await.expect("nobody closes the semaphore");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            Err(_) => sleep(BREATH).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn server() -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(async || "here"));
        tokio::spawn(serve(listener, router, std::future::pending()));
        address
    }

    /// What a server that is only told so much answers before it hangs up.
    async fn answer(to: std::net::SocketAddr, said: &str) -> String {
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    /// The clock is the test's: it moves on when nothing else does.
    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_more_is_hung_up_on() {
        let server = server().await;
        for said in ["", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: here\r\nX-Long: "] {
            assert!(!answer(server, said).await.contains("here"), "{said:?}");
        }
        let kept_open = answer(server, "GET / HTTP/1.1\r\nHost: here\r\n\r\n").await;
        assert!(kept_open.ends_with("here"), "it is answered, and then hung up on: {kept_open}");
    }

    #[tokio::test]
    async fn a_head_that_is_too_long_is_refused() {
        let server = server().await;
        let long = "x".repeat(2 * MAX_HEAD_BYTES);
        let many = "X-One: 1\r\n".repeat(200);
        for head in [format!("X-Long: {long}\r\n"), many] {
            let answer = answer(server, &format!("GET / HTTP/1.1\r\nHost: here\r\n{head}\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
        }
        let answer = answer(server, &format!("GET /{long} HTTP/1.1\r\nHost: here\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
}
