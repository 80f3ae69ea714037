//! Health: is the process alive, and does it want traffic.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::context;
use super::routes::Routes;
use crate::app::AppState;

/// How long an answer of the dependencies is shared, from when the last of them gave it. Not from when they were asked: a
/// slow round would be over by then for all who had waited for it, and each would begin one of its own.
const FRESH: Duration = Duration::from_millis(500);

type Outcome = Pin<Box<dyn Future<Output = Verdict> + Send>>;

/// What a dependency says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Pass,
    /// The service can do its work, but somebody should look. Clients are shown the text: it names nothing of the inside.
    Warn(String),
    /// The service cannot do its work. The text goes to the log only.
    Fail(String),
}

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
    /// What they said last, and when the last of them did.
    last: Arc<Mutex<Option<(Instant, Verdicts)>>>,
}

/// What clients are told, by name of the dependency.
type Verdicts = BTreeMap<&'static str, Verdict>;

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
        self.register_verdict(name, limit, move || {
            let answer = ask();
            async { answer.await.map_or_else(Verdict::Fail, |()| Verdict::Pass) }
        });
    }

    /// As [`Self::register`], for a dependency that can also be half well.
    pub fn register_verdict<F>(
        &self,
        name: &'static str,
        limit: Duration,
        ask: impl Fn() -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Verdict> + Send + 'static,
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
            return Verdicts::from([("shutdown", failed("draining"))]);
        }
        // In a task of its own: a round that a client's leaving could end would be begun anew by the next.
        let round = context::spawn(self.clone().round()).await;
        round.unwrap_or_else(|_| Verdicts::from([("health", failed("failed"))]))
    }

    /// Asks every dependency, all at once; or shares a recent answer, so that dependencies feel nothing of how many ask.
    async fn round(self) -> Verdicts {
        let mut last = self.last.lock().await;
        let checks = self
            .checks
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((ended, verdicts)) = &*last
            && ended.elapsed() < FRESH
            && verdicts.len() == checks.len()
        {
            return verdicts.clone();
        }
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
            let verdict = match answer.await {
                Ok(Ok(Verdict::Fail(error))) => {
                    tracing::warn!(check = name, error, "not ready");
                    failed("failed")
                }
                Ok(Ok(verdict)) => verdict,
                Ok(Err(_)) => {
                    tracing::warn!(check = name, "not ready: timed out");
                    failed("timed out")
                }
                // The panic hook has logged it.
                Err(_) => failed("panicked"),
            };
            verdicts.insert(name, verdict);
        }
        *last = Some((Instant::now(), verdicts.clone()));
        verdicts
    }
}

/// What a client may know of a failure.
fn failed(detail: &str) -> Verdict {
    Verdict::Fail(detail.to_owned())
}

/// `GET /health/live` touches nothing; `GET /health/ready` asks the dependencies.
pub fn routes() -> Routes {
    let live = || async { Json(json!({ "status": "live" })) };
    Routes::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let verdicts = state.readiness.ask().await;
    let down = |verdict: &Verdict| matches!(verdict, Verdict::Fail(_));
    let (status, word) = if verdicts.values().any(down) {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    } else {
        (StatusCode::OK, "ready")
    };
    let checks = verdicts.into_iter().map(|(name, verdict)| match verdict {
        Verdict::Pass => (name, json!({ "status": "pass" })),
        Verdict::Warn(detail) => (name, json!({ "status": "warn", "detail": detail })),
        Verdict::Fail(detail) => (name, json!({ "status": "fail", "detail": detail })),
    });
    let checks: BTreeMap<_, _> = checks.collect();
    (status, Json(json!({ "status": word, "checks": checks })))
}
