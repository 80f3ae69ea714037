//! Health: is the process alive, and does it want traffic.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::context;
use crate::app::AppState;

/// How old an answer of the dependencies may be, from when they were asked.
const FRESH: Duration = Duration::from_millis(500);

type Outcome = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

#[derive(Clone)]
struct Check {
    name: &'static str,
    limit: Duration,
    ask: Arc<dyn Fn() -> Outcome + Send + Sync>,
}

/// Whether the service wants traffic: not while it drains, nor while a dependency is down.
#[derive(Clone, Default)]
pub struct Readiness {
    draining: Arc<AtomicBool>,
    checks: Arc<RwLock<Vec<Check>>>,
    /// What they said last, and when they were asked.
    last: Arc<Mutex<Option<(Instant, Verdicts)>>>,
}

/// What the dependencies said, by name: nothing, or why the service is not ready.
type Verdicts = BTreeMap<&'static str, Option<&'static str>>;

impl Readiness {
    /// Adds a dependency, under a name of its own: `ask` answers within `limit`, or the service is not ready. Its error goes to the log; the
    /// client sees only that it failed.
    pub fn register<F>(
        &self,
        name: &'static str,
        limit: Duration,
        ask: impl Fn() -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let check = Check {
            name,
            limit,
            ask: Arc::new(move || Box::pin(ask())),
        };
        self.checks
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(check);
    }

    /// From now on the service wants no traffic.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the service is on its way out.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    async fn ask(&self) -> Verdicts {
        if self.is_draining() {
            return Verdicts::from([("shutdown", Some("draining"))]);
        }
        // In a task of its own: a round that a client's leaving could end would be begun anew by the next.
        let round = context::spawn(self.clone().round()).await;
        round.unwrap_or_else(|_| Verdicts::from([("health", Some("failed"))]))
    }

    /// Asks every dependency, all at once; or shares a recent answer, so that dependencies feel nothing of how many ask.
    async fn round(self) -> Verdicts {
        let mut last = self.last.lock().await;
        let checks = self
            .checks
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((began, verdicts)) = &*last
            && began.elapsed() < FRESH
            && verdicts.len() == checks.len()
        {
            return verdicts.clone();
        }
        let began = Instant::now();
        let asked: Vec<_> = checks
            .into_iter()
            .map(|check| {
                (
                    check.name,
                    context::spawn(async move {
                        tokio::time::timeout(check.limit, (check.ask)()).await
                    }),
                )
            })
            .collect();
        let mut verdicts = Verdicts::new();
        for (name, answer) in asked {
            let failed = match answer.await {
                Ok(Ok(Ok(()))) => None,
                Ok(Ok(Err(error))) => {
                    tracing::warn!(check = name, error, "not ready");
                    Some("failed")
                }
                Ok(Err(_)) => {
                    tracing::warn!(check = name, "not ready: timed out");
                    Some("timed out")
                }
                // The panic hook has logged it.
                Err(_) => Some("panicked"),
            };
            verdicts.insert(name, failed);
        }
        *last = Some((began, verdicts.clone()));
        verdicts
    }
}

/// `GET /health/live` touches nothing; `GET /health/ready` asks the dependencies.
pub fn routes() -> Router<AppState> {
    let live = || async { Json(json!({ "status": "live" })) };
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let verdicts = state.readiness.ask().await;
    let (status, word) = if verdicts.values().all(Option::is_none) {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    };
    let checks = verdicts.into_iter().map(|(name, failed)| match failed {
        None => (name, json!({ "status": "pass" })),
        Some(detail) => (name, json!({ "status": "fail", "detail": detail })),
    });
    let checks: BTreeMap<_, _> = checks.collect();
    (status, Json(json!({ "status": word, "checks": checks })))
}
