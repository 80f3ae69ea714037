//! What the tests share: a service to talk to, and answers that are easy to look into.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use service::config::{Config, ConfigProvider};
use service::platform::edge::Edge;
use service::platform::server::Answers;
use service::{AppState, Routes, app};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::backing;

/// The configuration of staging (a developer's `.env` has no say there) with some variables set.
pub(crate) fn config(variables: &[(&str, &str)]) -> Config {
    let mut all = vec![("APP_ENV", "staging")];
    all.extend(variables);
    provider(env!("CARGO_MANIFEST_DIR"), &all).load().unwrap()
}

/// What it reads `config/` from, and the variables, beside those without which nothing starts.
pub(crate) fn provider(root: impl Into<PathBuf>, variables: &[(&str, &str)]) -> ConfigProvider {
    let needed = backing::SECRETS
        .iter()
        .map(|(name, value)| (variable(name), value.to_string()));
    let variables = variables
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()));
    let all: BTreeMap<_, _> = needed.chain(variables).collect();
    ConfigProvider::new(root, all)
}

/// Where the `env` provider looks for a secret.
pub(crate) fn variable(secret: &str) -> String {
    format!("SECRET_{}", secret.to_uppercase().replace('-', "_"))
}

/// A fresh folder with a copy of `config/`, to be spoilt.
pub(crate) fn folder(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(root.join("config")).unwrap();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/config")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), root.join("config").join(file.file_name())).unwrap();
    }
    root
}

/// The service with some variables set and some routes beside its own.
pub(crate) async fn service(variables: &[(&str, &str)], more: Routes) -> Edge {
    let state = AppState::new(config(variables)).await.unwrap();
    app::router(state, app::routes().merge(more))
}

/// The service as it is, once what it stands on is there.
pub(crate) async fn backed() -> Edge {
    let real = backing::real().await;
    let real = real
        .iter()
        .map(|(name, secret)| (variable(name), secret.as_str()));
    let real: Vec<_> = real.collect();
    let real: Vec<_> = real.iter().map(|(name, value)| (&**name, *value)).collect();
    let service = service(&real, Routes::new()).await;
    let ready = async {
        while send(&service, request("GET", "/health/ready")).await.status != 200 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(30), ready)
        .await
        .unwrap_or_else(|_| panic!("the service does not become ready"));
    service
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) async fn send(service: &impl Answers, request: Request<Body>) -> Answer {
    let response = service.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

pub(crate) fn request(method: &str, uri: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(uri)
        .body(Body::empty())
        .unwrap()
}

pub(crate) fn json(method: &str, uri: &str, body: &str) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(uri)
        .header("content-type", "application/json");
    request.body(Body::from(body.to_owned())).unwrap()
}

pub(crate) fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}
