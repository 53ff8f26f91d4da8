//! The headers of every response.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::Server;

/// Whether pages may share memory between their workers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    On,
    Off,
}

const ISOLATING: [(&str, &str); 3] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    // Isolates an iframe of ours on a page that sends no headers (Chromium 137 and later).
    ("document-isolation-policy", "isolate-and-require-corp"),
];

const ALWAYS: [(&str, &str); 4] = [
    ("cross-origin-resource-policy", "cross-origin"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    (
        "content-security-policy",
        "default-src 'none'; connect-src 'self'; img-src 'self' data:; style-src 'self'; \
         script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors *",
    ),
];

pub async fn add(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let isolating = ISOLATING.into_iter().filter(|_| server.isolation == Isolation::On);
    for (name, value) in ALWAYS.into_iter().chain(isolating) {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
