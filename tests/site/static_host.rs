//! A host that only has files, on another site than the companion: pages that embed a lab, or the site itself.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::origins;

pub type Headers = &'static [(&'static str, &'static str)];

/// What `cargo xtask build` made.
pub const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/dist");

/// What the host has.
#[derive(Default)]
pub struct Files {
    /// Pages by their path, each with its headers.
    pub pages: HashMap<&'static str, (Headers, String)>,
    /// A folder, the path that it lies under, and the headers of its files.
    pub folder: Option<(PathBuf, &'static str, Headers)>,
    /// What becomes of a file of the folder on its way.
    pub edit: Option<fn(path: &str, content: Vec<u8>) -> Fate>,
}

pub enum Fate {
    /// It comes with this content.
    Comes(Vec<u8>),
    /// There is none.
    Missing,
    /// It is asked for, and nothing is answered.
    NeverComes,
}

pub struct StaticHost {
    /// Without a slash at the end. It is another site than the companion's, which is 127.0.0.1.
    pub origin: String,
    serving: JoinHandle<()>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl StaticHost {
    pub async fn start(files: Files) -> Result<Self> {
        let (listener, origin) = loop {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let origin = format!("http://localhost:{}", listener.local_addr()?.port());
            if origins::is_new(&origin) {
                break (listener, origin);
            }
        };
        let asked = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().fallback(answer).with_state((Arc::new(files), Arc::clone(&asked)));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Ok(Self { origin, serving, asked })
    }

    /// How often this path was asked for.
    pub fn asked_for(&self, path: &str) -> usize {
        self.asked.lock().expect("unpoisoned").iter().filter(|asked| *asked == path).count()
    }

    /// From here on nobody answers.
    pub async fn stop(&mut self) {
        self.serving.abort();
        let _ = (&mut self.serving).await;
    }
}

impl Drop for StaticHost {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

type Shared = (Arc<Files>, Arc<Mutex<Vec<String>>>);

async fn answer(State((files, asked)): State<Shared>, request: Request) -> Response {
    let path = request.uri().path();
    asked.lock().expect("unpoisoned").push(path.to_owned());
    let Some(response) = find(&files, path) else { return std::future::pending().await };
    let mut response = response.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response());
    // A connection that stays open would outlive a host that stops.
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The file, or that there is none; `None` if it never comes.
fn find(files: &Files, path: &str) -> Option<Option<Response>> {
    if let Some((headers, html)) = files.pages.get(path) {
        return Some(Some((named(headers, "text/html; charset=utf-8"), html.clone()).into_response()));
    }
    let Some((content, name, headers)) = read(files, path) else { return Some(None) };
    let fate = match files.edit {
        Some(edit) => edit(path, content),
        None => Fate::Comes(content),
    };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    match fate {
        Fate::Comes(content) => Some(Some((named(headers, kind.essence_str()), content).into_response())),
        Fate::Missing => Some(None),
        Fate::NeverComes => None,
    }
}

fn read<'a>(files: &Files, path: &'a str) -> Option<(Vec<u8>, &'a str, Headers)> {
    let (folder, under, headers) = files.folder.as_ref()?;
    let rest = path.strip_prefix(under)?;
    let name = if rest.is_empty() { "index.html" } else { rest };
    Some((std::fs::read(folder.join(name)).ok()?, name, headers))
}

fn named(headers: Headers, kind: &str) -> HeaderMap {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_str(kind).expect("a type"));
    let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    headers.chain([kind]).collect()
}
