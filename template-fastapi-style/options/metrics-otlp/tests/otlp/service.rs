//! The service in this process, with a collector and the process's log, shared by the tests: a log can be installed once.

use std::collections::BTreeMap;
use std::mem::forget;
use std::sync::{LazyLock, mpsc};
use std::thread;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::get;
use service::config::{Config, ConfigProvider};
use service::platform::context::{self, Context};
use service::platform::edge::Edge;
use service::platform::logging;
use service::{AppState, Routes, app};
use tower::ServiceExt;
use tracing::{Instrument, info_span};

use crate::collector::{Collector, Manner};

/// A collector, and a service that sends to it all the time.
pub(crate) static SHARED: LazyLock<(Collector, Edge)> = LazyLock::new(|| {
    let collector = Collector::start(Manner::Takes);
    let config = config(&collector, &[]);
    forget(logging::install(&config));
    let service = service(config);
    (collector, service)
});

/// A database, where the service has one, need not be there.
pub(crate) const DATABASE: (&str, &str) = (
    "SECRET_DATABASE_URL",
    "postgres://nobody:nothing@127.0.0.1:1/nowhere",
);

pub(crate) fn config(collector: &Collector, more: &[(&str, &str)]) -> Config {
    let endpoint = collector.endpoint();
    let mut variables = BTreeMap::new();
    for (name, value) in [
        ("APP_ENV", "staging"),
        DATABASE,
        ("APP__TELEMETRY__ENDPOINT", &endpoint),
        ("APP__TELEMETRY__EXPORT_INTERVAL", "20ms"),
        // The gauge that panics would fill it.
        ("APP__LOG__LEVEL", "info,service::platform::logging=off"),
    ]
    .iter()
    .chain(more)
    {
        variables.insert((*name).to_owned(), (*value).to_owned());
    }
    let provider = ConfigProvider::new(env!("CARGO_MANIFEST_DIR"), variables);
    provider.load().unwrap()
}

/// The service, with a route that shows what its calls carry and makes spans of its own, and one that fails.
pub(crate) fn service(config: Config) -> Edge {
    let (told, heard) = mpsc::channel();
    // What it is made of lives as long as the tests.
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async move {
            let state = AppState::new(config).await.unwrap();
            let gauge = Box::new(|| 7.5);
            let recorder = &state.exporter.recorder;
            recorder.gauge("queue_oldest_message_seconds", "How old it is", gauge);
            let broken = Box::new(|| panic!("a gauge that panics"));
            recorder.gauge("broken_ratio", "Never seen", broken);
            let more = Routes::new()
                .route("/jobs/{id}", get(work))
                .route(
                    "/refuse/{what}",
                    get(async || StatusCode::UNPROCESSABLE_ENTITY),
                )
                .route("/fail", get(async || StatusCode::INTERNAL_SERVER_ERROR));
            let _ = told.send(app::router(state.clone(), app::routes().merge(more)));
            std::future::pending::<()>().await;
        });
    });
    heard.recv().unwrap()
}

/// Answers the `traceparent` that a call from here would carry.
async fn work() -> String {
    let step = async { tokio::task::yield_now().await };
    step.instrument(info_span!("step", size = 3)).await;
    let aside = async { info_span!("aside").in_scope(|| {}) };
    context::spawn(aside).await.unwrap();
    let mut headers = HeaderMap::new();
    Context::current().unwrap().inject(&mut headers);
    headers["traceparent"].to_str().unwrap().to_owned()
}

/// The answer to a request with this `traceparent`, if any.
pub(crate) async fn ask(
    service: &Edge,
    method: &str,
    path: &str,
    traceparent: Option<&str>,
) -> String {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(traceparent) = traceparent {
        request = request.header("traceparent", traceparent);
    }
    let request = request.body(Body::empty()).unwrap();
    let answer = service.clone().oneshot(request).await.unwrap();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}
