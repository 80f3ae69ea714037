//! A collector of the tests' own: it reads back what it is sent.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use service::platform::server;
use tokio::net::TcpListener;

/// How a collector takes what it is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Takes,
    Refuses,
    /// Asks to be tried again at once.
    Throttles,
    Hangs,
}

#[derive(Default)]
pub(crate) struct Received {
    pub(crate) asked: usize,
    pub(crate) spans: Vec<Span>,
    /// The latest of each name.
    pub(crate) metrics: BTreeMap<String, Metric>,
    pub(crate) resource: BTreeMap<String, String>,
    pub(crate) headers: HeaderMap,
}

/// It serves until the tests end.
#[derive(Clone)]
pub(crate) struct Collector {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Received>>,
}

impl Collector {
    pub(crate) fn start(manner: Manner) -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into(), manner)
    }

    pub(crate) fn start_at(address: SocketAddr, manner: Manner) -> Self {
        let received = Arc::new(Mutex::new(Received::default()));
        let (told, heard) = std::sync::mpsc::channel();
        let state = received.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async move {
                let listener = TcpListener::bind(address).await.unwrap();
                told.send(listener.local_addr().unwrap()).unwrap();
                let router = Router::new()
                    .route("/v1/traces", post(traces))
                    .route("/v1/metrics", post(metrics))
                    .with_state((manner, state));
                server::forever(listener, router, Duration::from_mins(1)).await;
            });
        });
        let address = heard.recv().unwrap();
        Self { address, received }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn received(&self) -> MutexGuard<'_, Received> {
        self.received.lock().unwrap()
    }

    /// What `find` finds in what was received, as soon as it does.
    pub(crate) fn eventually<T>(&self, find: impl Fn(&Received) -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(found) = find(&self.received()) {
                return found;
            }
            assert!(Instant::now() < deadline, "it was never sent");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The span of this name in this trace, as soon as it is there.
    pub(crate) fn span(&self, trace: &str, name: &str) -> Span {
        let wanted = |span: &&Span| hex(&span.trace_id) == trace && span.name == name;
        self.eventually(|received| received.spans.iter().find(wanted).cloned())
    }
}

async fn answer(manner: Manner) -> Response {
    match manner {
        Manner::Takes => StatusCode::OK.into_response(),
        Manner::Refuses => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Manner::Throttles => {
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "0")]).into_response()
        }
        Manner::Hangs => pending().await,
    }
}

async fn traces(
    State((manner, received)): State<(Manner, Arc<Mutex<Received>>)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    {
        let request = ExportTraceServiceRequest::decode(body).unwrap();
        let mut received = received.lock().unwrap();
        received.asked += 1;
        received.headers = headers;
        for spans in request.resource_spans {
            received.resource = attributes(&spans.resource.unwrap().attributes);
            let spans = spans.scope_spans.into_iter().flat_map(|scope| scope.spans);
            received.spans.extend(spans);
        }
    }
    answer(manner).await
}

async fn metrics(
    State((manner, received)): State<(Manner, Arc<Mutex<Received>>)>,
    body: Bytes,
) -> Response {
    {
        let request = ExportMetricsServiceRequest::decode(body).unwrap();
        let mut received = received.lock().unwrap();
        received.asked += 1;
        let scopes = request.resource_metrics.into_iter();
        let scopes = scopes.flat_map(|metrics| metrics.scope_metrics);
        for metric in scopes.flat_map(|scope| scope.metrics) {
            received.metrics.insert(metric.name.clone(), metric);
        }
    }
    answer(manner).await
}

pub(crate) fn attributes(list: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Option<AnyValue>| match value.as_ref().unwrap().value.as_ref().unwrap() {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    list.iter()
        .map(|attribute| (attribute.key.clone(), text(&attribute.value)))
        .collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
