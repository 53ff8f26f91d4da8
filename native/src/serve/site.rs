//! The site, from inside the binary.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

use super::Server;
use super::headers::{UNFRAMED, UNSHARED};

/// What `cargo xtask build` made. A debug build reads it from the folder instead, when asked.
#[derive(RustEmbed)]
#[folder = "../www/dist"]
#[allow_missing = true]
// For hosts that only have files: there pages may be kept, here they carry a token.
#[exclude = "_headers"]
#[exclude = "sw.js*"]
struct Site;

/// The page that may ask for runs on this machine. All others are files like any, which other sites may show.
const INDEX: &str = "index.html";
/// Stands in for a site that was not there when the binary was built.
const NO_SITE: &str = "<!doctype html><html lang=\"en\"><head><title>gilscope</title></head><body>\
    <p>This binary was built without the site: <code>cargo xtask build</code> makes one that has it.</p></body></html>";

/// Bytes of the site, if this binary has one.
#[expect(clippy::cast_precision_loss, reason = "it is rounded anyway")]
pub fn bytes() -> Option<f64> {
    Site::get(INDEX)?;
    Some(Site::iter().filter_map(|path| Site::get(&path)).map(|file| file.data.len() as f64).sum())
}

/// What the address of a page may carry.
#[derive(Deserialize)]
pub struct PageQuery {
    token: Option<String>,
}

pub async fn file(
    State(server): State<Arc<Server>>,
    Query(query): Query<PageQuery>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { INDEX } else { path };
    // It carries the token, so whoever is let in from elsewhere must know it already.
    let knows_token = query.token.is_some_and(|token| server.token.is(&token));
    if path == INDEX && server.address.is_remote() && !knows_token {
        return (StatusCode::FORBIDDEN, "this page needs its token: open the address that gilscope printed")
            .into_response();
    }
    match is_plain(path).then(|| Site::get(path)).flatten() {
        Some(file) if path == INDEX => index(&String::from_utf8_lossy(&file.data), server.token.as_str()),
        Some(file) => asset(path, file, &headers),
        None if path == INDEX => index(NO_SITE, server.token.as_str()),
        None => (StatusCode::NOT_FOUND, "there is no such file here").into_response(),
    }
}

/// Whether a path leads to nothing but a file of the site. A debug build looks for it in a folder, and others are next to
/// that.
fn is_plain(path: &str) -> bool {
    let is_name = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && is_name(part))
}

/// It carries the token, so no other origin may read it or show it, and no cache may keep it.
fn index(html: &str, token: &str) -> Response {
    let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8");
    let headers = [kind, (header::CACHE_CONTROL, "no-store"), UNFRAMED, UNSHARED];
    (headers, with_token(html, token)).into_response()
}

/// An empty token tells a page that the companion serves it, and that there is nothing to ask it for.
fn with_token(html: &str, token: &str) -> String {
    html.replacen("<head>", &format!("<head><meta name=\"gilscope-token\" content=\"{token}\">"), 1)
}

fn asset(path: &str, file: EmbeddedFile, request: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    // Weak, because compression may change the bytes that are sent.
    let etag = format!("W/\"{}\"", hash[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let known = request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let headers = [
        (header::CONTENT_TYPE, kind.to_string()),
        (header::CACHE_CONTROL, caching(path).to_owned()),
        (header::ETAG, etag),
        // For a page in a sandbox, whose origin is nobody's.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    // Compressed when the site was built; the server's own compression leaves these alone.
    match takes_brotli(request).then(|| Site::get(&format!("{path}.br"))).flatten() {
        Some(twin) => {
            let encoding = [(header::CONTENT_ENCODING, "br"), (header::VARY, "accept-encoding")];
            (headers, encoding, twin.data).into_response()
        }
        None if path.ends_with(".html") => {
            (headers, with_token(&String::from_utf8_lossy(&file.data), "")).into_response()
        }
        None => (headers, file.data).into_response(),
    }
}

fn takes_brotli(request: &HeaderMap) -> bool {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| coding.split(';').next().is_some_and(|name| name.trim() == "br"))
}

/// Vite puts a hash of the content into the name of whatever it puts into `assets/`.
fn caching(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_the_first_thing_in_the_head() {
        let page = with_token("<html><head><title>t</title></head></html>", "abc");
        assert_eq!(page, "<html><head><meta name=\"gilscope-token\" content=\"abc\"><title>t</title></head></html>");
    }

    #[test]
    fn a_path_leads_nowhere_else() {
        for plain in ["index.html", "assets/main-1a2B_3c.js", "assets/core.wasm"] {
            assert!(is_plain(plain), "{plain}");
        }
        let crooked = ["..", "../package.json", "assets/../../package.json", "./sw.js", "assets//a.js", "C:\\boot.ini"];
        for crooked in
            crooked.into_iter().chain(["..%2fpackage.json", "%2e%2e/package.json", "a\0.js", ".git/config", ""])
        {
            assert!(!is_plain(crooked), "{crooked}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(caching("assets/main-1a2b3c.js").contains("immutable"));
        assert_eq!(caching("embed.js"), "no-cache");
    }
}
