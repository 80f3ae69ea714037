//! The Prometheus exporter: `GET /metrics` on the management address, as `OpenMetrics` text.

mod process;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{self, ConstGauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use serde::Deserialize;

use super::{Exporter, Gauge, Recorder, Sample};
use crate::config::{Config, ConfigError};
use crate::error::ApiError;
use crate::platform::in_flight::InFlight;
use crate::platform::routes::Routes;
use crate::secrets::Secrets;
use process::Process;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Upper bounds in seconds: from what a lean handler takes to what the request time-out allows.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The section `telemetry` of the configuration: metrics that are asked for need no keys.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct TelemetrySettings {}

/// Method, route and status.
type Labels = [(&'static str, String); 3];
/// The metrics of one route: few enough to be looked through.
type Route = Vec<Series>;

/// What is counted for one method and status.
struct Series {
    method: &'static str,
    status: u16,
    total: Counter,
    duration: Histogram,
}

impl Series {
    fn counts(&self, sample: &Sample<'_>) -> bool {
        (self.status, self.method) == (sample.status, sample.method)
    }
}

struct Prometheus {
    registry: RwLock<Registry>,
    total: Family<Labels, Counter>,
    duration: Family<Labels, Histogram, fn() -> Histogram>,
    gauge: gauge::Gauge,
    in_flight: InFlight,
    /// What has been counted before is found without making labels of it again.
    known: RwLock<BTreeMap<String, Route>>,
}

/// The exporter of this build.
pub fn new(_: &Config, _: &Secrets, in_flight: InFlight) -> Result<Exporter, ConfigError> {
    let prometheus = Arc::new(Prometheus::new(in_flight));
    let routes = Routes::new()
        .route("/metrics", get(scrape))
        .with_state(prometheus.clone());
    Ok(Exporter {
        recorder: prometheus,
        routes,
        tracer: None,
    })
}

impl Prometheus {
    fn new(in_flight: InFlight) -> Self {
        let mut registry = Registry::default();
        let total = Family::default();
        let duration: Family<_, _, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let gauge = gauge::Gauge::default();
        registry.register("http_requests", "Finished requests", total.clone());
        registry.register(
            "http_request_duration_seconds",
            "Time to the start of the response",
            duration.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests being served",
            gauge.clone(),
        );
        registry.register_collector(Box::new(Process));
        Self {
            registry: RwLock::new(registry),
            total,
            duration,
            gauge,
            in_flight,
            known: RwLock::default(),
        }
    }

    fn learn(&self, sample: &Sample<'_>) -> (Counter, Histogram) {
        let labels = [
            ("method", sample.method.to_owned()),
            ("route", sample.route.to_owned()),
            ("status", sample.status.to_string()),
        ];
        let duration = self.duration.get_or_create_owned(&labels);
        let total = self.total.get_or_create_owned(&labels);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let route = known.entry(sample.route.to_owned()).or_default();
        if !route.iter().any(|series| series.counts(sample)) {
            route.push(Series {
                method: sample.method,
                status: sample.status,
                total: total.clone(),
                duration: duration.clone(),
            });
        }
        (total, duration)
    }
}

impl Recorder for Prometheus {
    fn record(&self, sample: &Sample<'_>) {
        let seconds = sample.latency.as_secs_f64();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let route = known.get(sample.route).map_or(&[][..], Vec::as_slice);
        if let Some(series) = route.iter().find(|series| series.counts(sample)) {
            series.total.inc();
            series.duration.observe(seconds);
            return;
        }
        drop(known);
        let (total, duration) = self.learn(sample);
        total.inc();
        duration.observe(seconds);
    }

    fn gauge(&self, name: &'static str, help: &'static str, read: Gauge) {
        let mut registry = self
            .registry
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        registry.register_collector(Box::new(OnDemand {
            name,
            help,
            value: read,
        }));
    }
}

/// A gauge that is read when it is asked for.
struct OnDemand {
    name: &'static str,
    help: &'static str,
    value: Gauge,
}

impl fmt::Debug for OnDemand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Collector for OnDemand {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let gauge = ConstGauge::new((self.value)());
        let encoder = encoder.encode_descriptor(self.name, self.help, None, gauge.metric_type())?;
        gauge.encode(encoder)
    }
}

async fn scrape(State(prometheus): State<Arc<Prometheus>>) -> Result<impl IntoResponse, ApiError> {
    prometheus
        .gauge
        .set(i64::try_from(prometheus.in_flight.now()).unwrap_or(i64::MAX));
    let mut text = String::new();
    let registry = prometheus
        .registry
        .read()
        .unwrap_or_else(PoisonError::into_inner);
    encode(&mut text, &registry).map_err(|error| ApiError::Internal(error.into()))?;
    Ok(([(CONTENT_TYPE, OPENMETRICS)], text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use axum::body::{Body, to_bytes};
    use axum::http::{Request, Response};
    use tower::ServiceExt;

    use super::*;
    use crate::config::ConfigProvider;
    use crate::platform::edge::Edge;
    use crate::platform::management;
    use crate::{AppState, app};

    async fn state(more: &[(&str, &str)]) -> AppState {
        // A database, where the service has one, need not be there.
        let database = "postgres://nobody:nothing@127.0.0.1:1/nowhere";
        let fixed = [("APP_ENV", "staging"), ("SECRET_DATABASE_URL", database)];
        let all = fixed.iter().chain(more);
        let variables: BTreeMap<_, _> = all
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let config = ConfigProvider::new(env!("CARGO_MANIFEST_DIR"), variables).load();
        AppState::new(config.unwrap()).await.unwrap()
    }

    async fn send(router: &Edge, method: &str, path: &str, authorization: &str) -> Response<Body> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", authorization);
        router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    async fn scraped(router: &Edge) -> String {
        let response = send(router, "GET", "/metrics", "").await;
        assert_eq!(response.headers()["content-type"], OPENMETRICS);
        let text = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(text.into()).unwrap()
    }

    #[tokio::test]
    async fn requests_are_counted_by_pattern_and_never_by_path() {
        let state = state(&[]).await;
        let (public, private) = (
            app::router(
                state.clone(),
                app::routes().route("/hold", get(std::future::pending::<()>)),
            ),
            management::router(&state),
        );
        for path in ["/version", "/version", "/a", "/b?c", "/d/e"] {
            drop(send(&public, "GET", path, "").await);
        }
        drop(send(&public, "BREW", "/version", "").await);
        let unread = send(&public, "GET", "/version", "").await;
        let hold = send(&public, "GET", "/hold", "");
        assert!(tokio::time::timeout(Duration::ZERO, hold).await.is_err());

        let text = scraped(&private).await;
        for line in [
            r#"http_requests_total{method="GET",route="/version",status="200"} 3"#,
            r#"http_requests_total{method="GET",route="unmatched",status="404"} 3"#,
            r#"http_requests_total{method="OTHER",route="/version",status="405"} 1"#,
            r#"http_requests_total{method="GET",route="/hold",status="499"} 1"#,
            r#"http_request_duration_seconds_count{method="GET",route="/version",status="200"} 3"#,
            "http_requests_in_flight 1",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "no `{line}` in:\n{text}"
            );
        }
        assert!(text.ends_with("# EOF\n"));
        drop(unread);
        assert!(
            scraped(&private)
                .await
                .contains("http_requests_in_flight 0\n")
        );
        assert_eq!(send(&public, "GET", "/metrics", "").await.status(), 404);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_process_is_shown_in_seconds_and_bytes() {
        let private = management::router(&state(&[]).await);
        let text = scraped(&private).await;
        let figure = |name: &str| {
            let of = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
            text.lines().find_map(of).unwrap_or(f64::NAN)
        };
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        for (name, least, most) in [
            ("process_cpu_seconds_total", 0.0, 3600.0),
            // The kernel counts from its own start in hundredths of a second.
            (
                "process_start_time_seconds",
                1.6e9,
                since.as_secs_f64() + 2.0,
            ),
            ("process_resident_memory_bytes", 1e5, 1e10),
            ("process_virtual_memory_bytes", 1e6, 1e13),
            ("process_open_fds", 3.0, 1e6),
            ("process_max_fds", 3.0, 1e10),
            ("process_threads", 1.0, 1e4),
        ] {
            let found = figure(name);
            assert!((least..=most).contains(&found), "{name} {found}");
        }
        assert!(text.contains("# TYPE process_cpu_seconds counter\n"));
    }

    #[tokio::test]
    async fn a_token_guards_the_metrics_and_not_the_health() {
        let token = [
            ("APP__MANAGEMENT__TOKEN__SECRET", "scrape"),
            ("SECRET_SCRAPE", "sesame"),
        ];
        let private = management::router(&state(&token).await);
        for (authorization, status) in [
            ("", 401),
            ("Bearer wrong", 401),
            ("Basic sesame", 401),
            ("Bearer sesame", 200),
            ("bearer sesame", 200),
        ] {
            let response = send(&private, "GET", "/metrics", authorization).await;
            assert_eq!(response.status(), status, "{authorization}");
            assert_eq!(
                response.headers().contains_key("www-authenticate"),
                status == 401
            );
        }
        assert_eq!(
            send(&private, "GET", "/health/live", "").await.status(),
            200
        );
    }
}
