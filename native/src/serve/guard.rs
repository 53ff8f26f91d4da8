//! Who may ask: this machine's own pages, and nobody who only found the port.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Server;

/// The header that carries the token of the page.
const TOKEN: &str = "x-gilscope-token";

/// Refuse every name but our own. A foreign page can make its name point to 127.0.0.1 and then read
/// what we answer (DNS rebinding), but the browser tells the name.
pub async fn host(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    match own_host(request.headers(), server.port) {
        Some(_) => next.run(request).await,
        None => refuse("this server answers to 127.0.0.1 and localhost only"),
    }
}

/// Refuse what does not come from a page that this server sent in its present life.
pub async fn same_origin_and_token(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let own_origin = own_host(headers, server.port).map(|host| format!("http://{host}"));
    if own_origin.as_deref() != text(headers, header::ORIGIN.as_str()) {
        return refuse("only a page of this server may start a run");
    }
    if !text(headers, TOKEN).is_some_and(|token| server.token.is(token)) {
        return refuse("the token is not of this start of the server: reload the page");
    }
    next.run(request).await
}

/// The request's host, if it is one of ours.
fn own_host(headers: &HeaderMap, port: u16) -> Option<&str> {
    let host = text(headers, header::HOST.as_str())?;
    let (name, given) = host.rsplit_once(':').unwrap_or((host, "80"));
    (matches!(name, "127.0.0.1" | "localhost") && given == port.to_string()).then_some(host)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let only = values.next().filter(|_| values.next().is_none())?;
    only.to_str().ok()
}

fn refuse(why: &'static str) -> Response {
    (StatusCode::FORBIDDEN, why).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(host: &str, port: u16) -> bool {
        own_host(&HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]), port).is_some()
    }

    #[test]
    fn only_this_machine_s_own_names_with_the_right_port_are_ours() {
        assert!(is_own("127.0.0.1:8765", 8765) && is_own("localhost:8765", 8765) && is_own("localhost", 80));
        for foreign in
            ["localhost:1", "localhost", "evil.example:8765", "127.0.0.1.evil.example:8765", "[::1]:8765", ""]
        {
            assert!(!is_own(foreign, 8765), "{foreign}");
        }
    }

    #[test]
    fn a_header_given_twice_counts_as_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::HOST, "localhost:1".parse().unwrap());
        headers.append(header::HOST, "localhost:1".parse().unwrap());
        assert_eq!(own_host(&headers, 1), None);
    }
}
