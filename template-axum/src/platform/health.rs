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
use serde::Serialize;
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
    last: Arc<Mutex<Option<Round>>>,
}

/// What the dependencies said, and when.
struct Round {
    began: Instant,
    report: Report,
}

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

    async fn ask(&self) -> Report {
        if self.is_draining() {
            return Report::of(BTreeMap::from([("shutdown", Verdict::fail("draining"))]));
        }
        // In a task of its own: a round that a client's leaving could end would be begun anew by the next.
        let round = context::spawn(self.clone().round());
        let failed = |_| Report::of(BTreeMap::from([("health", Verdict::fail("failed"))]));
        round.await.unwrap_or_else(failed)
    }

    /// Asks every dependency, all at once; or shares a recent answer, so that dependencies feel nothing of how many ask.
    async fn round(self) -> Report {
        let mut last = self.last.lock().await;
        let checks = self
            .checks
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let recent = last.as_ref().filter(|round| {
            round.began.elapsed() < FRESH && round.report.checks.len() == checks.len()
        });
        if let Some(round) = recent {
            return round.report.clone();
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
        let mut verdicts = BTreeMap::new();
        for (name, answer) in asked {
            let verdict = match answer.await {
                Ok(Ok(Ok(()))) => Verdict {
                    status: "pass",
                    detail: None,
                },
                Ok(Ok(Err(error))) => {
                    tracing::warn!(check = name, error, "not ready");
                    Verdict::fail("failed")
                }
                Ok(Err(_)) => {
                    tracing::warn!(check = name, "not ready: timed out");
                    Verdict::fail("timed out")
                }
                // The panic hook has logged it.
                Err(_) => Verdict::fail("panicked"),
            };
            verdicts.insert(name, verdict);
        }
        let report = Report::of(verdicts);
        *last = Some(Round {
            began,
            report: report.clone(),
        });
        report
    }
}

#[derive(Clone, Serialize)]
struct Report {
    status: &'static str,
    checks: BTreeMap<&'static str, Verdict>,
}

impl Report {
    fn of(checks: BTreeMap<&'static str, Verdict>) -> Self {
        let ready = checks.values().all(|verdict| verdict.status == "pass");
        Self {
            status: if ready { "ready" } else { "unavailable" },
            checks,
        }
    }
}

#[derive(Clone, Serialize)]
struct Verdict {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
}

impl Verdict {
    fn fail(detail: &'static str) -> Self {
        Self {
            status: "fail",
            detail: Some(detail),
        }
    }
}

/// `GET /health/live` touches nothing; `GET /health/ready` asks the dependencies.
pub fn routes() -> Router<AppState> {
    let live = || async { Json(BTreeMap::from([("status", "live")])) };
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Report>) {
    let report = state.readiness.ask().await;
    let status = if report.status == "ready" {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(report))
}
