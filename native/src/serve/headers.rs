//! The headers of every response.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
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
         script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; frame-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors *; require-trusted-types-for 'script'; \
         trusted-types gilscope lit-html",
    ),
];

/// A second policy, for the page that can start runs on this machine: no foreign page may show it in a frame and lure
/// a reader's click into it. Of several policies each must be kept.
pub const UNFRAMED: (HeaderName, &str) = (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'");

/// In place of the one that all have, for the same page: no foreign page may load it as an image or a script, and with
/// it the token into a process of its own.
pub const UNSHARED: (HeaderName, &str) = (HeaderName::from_static("cross-origin-resource-policy"), "same-origin");

pub async fn add(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let isolating = ISOLATING.into_iter().filter(|_| server.isolation == Isolation::On);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS.into_iter().chain(isolating) {
        // The page's own resource policy is the stricter one.
        if name != UNSHARED.0 || !headers.contains_key(UNSHARED.0) {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_hosts_are_told_the_same_headers() {
        let told = include_str!("../../../www/public/_headers");
        let (paths, others) = told.split_once("\n\n").expect("one block for all paths, then more");
        let told: Vec<_> = paths.lines().skip(1).filter_map(|line| line.trim().split_once(": ")).collect();
        let ours = ALWAYS.into_iter().chain(ISOLATING).chain([("access-control-allow-origin", "*")]);
        for (name, value) in ours.clone() {
            assert!(
                told.iter().any(|(told, says)| told.eq_ignore_ascii_case(name) && *says == value),
                "{name}: {value}"
            );
        }
        assert_eq!(told.len(), ours.count(), "{paths}");
        assert!(paths.starts_with("/*\n") && others.starts_with("/assets/*\n"), "{told:?}");
    }
}
