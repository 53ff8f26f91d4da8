//! Who may ask: this server's own pages, and nobody who only found the port.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Server;
use super::address::Address;

/// The header that carries the token of the page.
const TOKEN: &str = "x-gilscope-token";
/// Whose page has asked: <https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header>.
const SITE: &str = "sec-fetch-site";

/// Refuse every name but our own. A foreign page can make its name point to our address and then read what we answer
/// (DNS rebinding), but the browser tells the name.
pub async fn host(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    match own_host(request.headers(), &server.address) {
        Some(_) => next.run(request).await,
        None => refuse("this server answers to its own address only: open the one that it printed"),
    }
}

/// Refuse what does not come from a page that this server sent in its present life.
pub async fn same_origin_and_token(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    if !is_same_origin(&request, &server.address) {
        return refuse("only a page of this server may ask for runs");
    }
    if !text(request.headers(), TOKEN).is_some_and(|token| server.token.is(token)) {
        return refuse("the token is not of this start of the server: reload the page");
    }
    next.run(request).await
}

/// Browsers tell the origin of every request that may change something. Of one that only reads, they tell it to other
/// origins alone: <https://fetch.spec.whatwg.org/#append-a-request-origin-header>.
fn is_same_origin(request: &Request, address: &Address) -> bool {
    let headers = request.headers();
    // Browsers also tell this of every request, and no page can change it.
    if headers.get_all(SITE).iter().any(|site| site != "same-origin") {
        return false;
    }
    if request.method() == Method::GET && !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let own_origin = own_host(headers, address).map(|host| format!("http://{host}"));
    own_origin.is_some() && own_origin.as_deref() == text(headers, header::ORIGIN.as_str())
}

/// The request's host, if it is one of ours.
fn own_host<'a>(headers: &'a HeaderMap, address: &Address) -> Option<&'a str> {
    text(headers, header::HOST.as_str()).filter(|host| address.is_called(host))
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

    #[test]
    fn a_header_given_twice_counts_as_none() {
        let address = Address::new("127.0.0.1:1".parse().unwrap());
        let mut headers = HeaderMap::new();
        headers.append(header::HOST, "localhost:1".parse().unwrap());
        assert_eq!(own_host(&headers, &address), Some("localhost:1"));
        headers.append(header::HOST, "localhost:1".parse().unwrap());
        assert_eq!(own_host(&headers, &address), None);
    }
}
