//! What these tests share: a service on a database of its own, and ways to wait for it.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::Request;
use axum::routing::get;
use serde_json::Value;
use service::config::ConfigProvider;
use service::error::ApiError;
use service::platform::edge::Edge;
use service::{AppState, ConfigError, app};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

/// How long a condition may take to come true.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn state(url: &str, variables: &[(&str, &str)]) -> Result<AppState, ConfigError> {
    let fixed = [("APP_ENV", "staging"), ("SECRET_DATABASE_URL", url)];
    let all = fixed.iter().chain(variables);
    let all: BTreeMap<_, _> = all
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    AppState::new(ConfigProvider::new(env!("CARGO_MANIFEST_DIR"), all).load()?).await
}

/// The service, ready or not, with a route that lets the server sleep: `/sleep/2.5` seconds.
pub(crate) async fn service(url: &str, variables: &[(&str, &str)]) -> Edge {
    let sleeps = get(
        |State(state): State<AppState>, Path(seconds): Path<f64>| async move {
            let sleep = sqlx::query("SELECT pg_sleep($1)").bind(seconds);
            let database = &state.dependencies.database;
            database.run(async |on| sleep.execute(on).await).await?;
            Ok::<_, ApiError>("slept")
        },
    );
    let state = state(url, variables).await.unwrap();
    app::router(state, app::routes().route("/sleep/{seconds}", sleeps))
}

/// Status and body of the answer.
pub(crate) async fn ask(service: &Edge, request: Request<Body>) -> (u16, Value) {
    // A health answer is no error for a client to try again.
    let health = request.uri().path().starts_with("/health/");
    let response = service.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let retry = response.headers().contains_key("retry-after");
    assert_eq!(retry, status == 503 && !health, "Retry-After");
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

pub(crate) async fn look(service: &Edge, path: &str) -> (u16, Value) {
    ask(service, Request::get(path).body(Body::empty()).unwrap()).await
}

/// Waits until readiness is `status`.
pub(crate) async fn becomes(service: &Edge, status: u16) -> Value {
    let ready = async {
        loop {
            let (seen, body) = look(service, "/health/ready").await;
            if seen == status {
                return body;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = timeout(PATIENCE, ready).await;
    waited.unwrap_or_else(|_| panic!("readiness never became {status}"))
}

/// Waits until as many of the backends of `onlooker`'s database are at what `which` says of `pg_stat_activity`.
pub(crate) async fn are(onlooker: &mut PgConnection, wanted: i64, which: &str) {
    let count = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {which}"
    );
    let are = async {
        loop {
            let seen = sqlx::query_scalar::<_, i64>(AssertSqlSafe(count.clone()));
            if seen.fetch_one(&mut *onlooker).await.unwrap() == wanted {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = timeout(PATIENCE, are).await;
    waited.unwrap_or_else(|_| panic!("there never are {wanted} backends with {which}"));
}
