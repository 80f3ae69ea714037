//! One shop for each story, and what is unlike in its answers.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::http::Request as HttpRequest;
use axum::http::header::CONTENT_LENGTH;
use serde_json::Value;
use service::config::ConfigProvider;
use service::platform::edge::Edge;
use service::{AppState, Routes, app, shop};
use tower::ServiceExt;

use crate::corpus::{Request, Response};

/// Those that a client can depend on.
const HEADERS: [&str; 6] = [
    "content-type",
    "location",
    "allow",
    "www-authenticate",
    "cache-control",
    "content-disposition",
];

/// The routes of the shop, made once.
pub(crate) struct Shop {
    routes: Routes,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let routes = shop::routes().unpublished();
        Self { routes }
    }

    /// On its first day.
    pub(crate) async fn open(&self) -> Edge {
        let variables = [("APP_ENV", "staging")];
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        let config = ConfigProvider::new(env!("CARGO_MANIFEST_DIR"), variables.into()).load();
        let state = AppState::new(config.unwrap()).await.unwrap();
        app::router(state, self.routes.clone())
    }
}

pub(crate) async fn send(service: &Edge, asked: &Request) -> Answer {
    let mut request = HttpRequest::builder()
        .method(asked.method.as_str())
        .uri(&asked.path)
        .header("host", "shop.test");
    for (name, value) in &asked.headers {
        request = request.header(name, value);
    }
    let body = asked.body();
    if let Some(body) = &body {
        request = request.header(CONTENT_LENGTH, body.len());
    }
    let request = request.body(Body::from(body.unwrap_or_default())).unwrap();
    let response = service.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    // A task in the background gets its turn.
    tokio::task::yield_now().await;
    let headers = HEADERS.iter().filter_map(|&name| {
        let value = parts.headers.get(name)?.to_str().unwrap();
        Some((name.to_owned(), value.to_owned()))
    });
    Answer {
        status: parts.status.as_u16(),
        headers: headers.collect(),
        body,
    }
}

/// What differs: `status`, `body`, and names of headers. JSON is compared as values, whatever its white space.
pub(crate) fn unlike(theirs: &Response, ours: &Answer) -> Vec<String> {
    let mut unlike = Vec::new();
    if theirs.status != ours.status {
        unlike.push("status".to_owned());
    }
    for name in HEADERS {
        if theirs.headers.get(name) != ours.headers.get(name) {
            unlike.push(name.to_owned());
        }
    }
    let body = theirs.body();
    let same = match (serde_json::from_slice::<Value>(&body), ours.json()) {
        (Ok(theirs), Some(ours)) => theirs == ours,
        _ => body == ours.body,
    };
    if !same {
        unlike.push("body".to_owned());
    }
    unlike
}

impl Answer {
    /// For people.
    pub(crate) fn told(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        format!("{} {:?} {body}", self.status, self.headers)
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}
