//! Keeps secrets fresh: waits for a provider at start, asks again while the service runs, and keeps what it has when the
//! provider does not answer.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, sleep, timeout_at};

use super::{Held, NotFetched, refuse_placeholder};
use crate::metrics::Exporter;
use crate::platform::health::{Readiness, Verdict};

/// The first wait after a failure; each is twice as long as the one before, and a little more or less.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait of a start.
const START_WAIT: Duration = Duration::from_secs(5);
/// Readiness asks for two words in memory.
const LIMIT: Duration = Duration::from_secs(1);

/// How old the values are.
struct Freshness {
    /// When all secrets were fetched last.
    last: Instant,
    /// Whether the try after that failed.
    failing: bool,
}

/// Fetches one secret; what fails in passing is tried again until the deadline, which also ends a try that is under way.
pub(super) async fn patiently(
    held: &Held,
    name: &str,
    deadline: Instant,
) -> Result<SecretString, NotFetched> {
    let mut waits = waits(START_WAIT);
    let mut last = None;
    loop {
        let error = match timeout_at(deadline, fetch(held, name)).await {
            Ok(Err(error)) if error.passing => error,
            Ok(other) => return other,
            Err(_) => return Err(last.unwrap_or_else(unanswered)),
        };
        // The last try is a moment before the deadline, however long the next wait would be.
        let left = deadline.saturating_duration_since(Instant::now());
        let wait = waits.next().unwrap_or(START_WAIT);
        let wait = wait.min(left.saturating_sub(FIRST_WAIT));
        if wait.is_zero() {
            return Err(error);
        }
        if last.is_none() {
            let NotFetched {
                place,
                problem,
                remedy,
                ..
            } = &error;
            tracing::warn!(secret = name, place, problem, remedy, "waiting for secrets");
        }
        last = Some(error);
        sleep(wait).await;
    }
}

/// The deadline has passed within the first try.
fn unanswered() -> NotFetched {
    NotFetched {
        place: "its answer".to_owned(),
        problem: "not there within secrets.start_deadline".to_owned(),
        remedy: "look into what the provider asks, or raise secrets.start_deadline".to_owned(),
        passing: true,
    }
}

/// Begins to ask again, and shows what comes of it.
pub(super) fn start(held: &Arc<Held>, readiness: &Readiness, exporter: &Exporter) {
    let freshness = Arc::new(Mutex::new(Freshness {
        last: Instant::now(),
        failing: false,
    }));
    let (shown, asked) = (freshness.clone(), freshness.clone());
    exporter.recorder.gauge(
        "secrets_stale_seconds",
        "How long ago secrets were fetched, while their provider does not answer; 0 while it does",
        Box::new(move || stale(&shown).map_or(0.0, |age| age.as_secs_f64())),
    );
    readiness.register_verdict("secrets", LIMIT, move || {
        let verdict = stale(&asked).map_or(Verdict::Pass, |age| {
            Verdict::Warn(format!("kept values; not refreshed for {}s", age.as_secs()))
        });
        async { verdict }
    });
    tokio::spawn(keep(Arc::downgrade(held), freshness));
}

/// Asks for as long as anybody holds the secrets.
async fn keep(held: Weak<Held>, freshness: Arc<Mutex<Freshness>>) {
    let mut failing = false;
    let mut backoff = None;
    loop {
        let Some(now) = held.upgrade() else { return };
        let refresh = now.refresh;
        let Some(pace) = now.provider.pace(refresh) else {
            return;
        };
        drop(now);
        // Never longer than the pace: what the provider was lent ends, whether or not it answers.
        let wait = backoff.as_mut().and_then(Iterator::next);
        let wait = wait.map_or(pace, |wait: Duration| wait.min(pace));
        sleep(wait).await;
        let Some(now) = held.upgrade() else { return };
        // In a task of its own: a provider that panics has not answered, and is asked again.
        let outcome = tokio::spawn(round(now)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(Missed::panicked()));
        // Sooner than the pace only where that may help: what nobody put there is not looked for every moment.
        if outcome.as_ref().is_err_and(|missed| missed.passing) {
            backoff.get_or_insert_with(|| waits(refresh));
        } else {
            backoff = None;
        }
        match &outcome {
            Ok(()) if failing => tracing::info!("secrets are fresh again"),
            Ok(()) => {}
            Err(Missed { error, .. }) if failing => {
                tracing::debug!(error, "secrets still not refreshed");
            }
            Err(Missed { error, remedy, .. }) => {
                tracing::warn!(error, remedy, "secrets not refreshed: kept as they were");
            }
        }
        failing = outcome.is_err();
        let mut freshness = freshness.lock().unwrap_or_else(PoisonError::into_inner);
        freshness.failing = failing;
        if !failing {
            freshness.last = Instant::now();
        }
    }
}

/// What came of a round that did not fetch every secret.
struct Missed {
    /// The first that was missed, and why.
    error: String,
    /// What to do about it.
    remedy: String,
    /// Whether the next round may do better shortly.
    passing: bool,
}

impl Missed {
    fn panicked() -> Self {
        Self {
            error: "the provider panicked".to_owned(),
            remedy: "look for the panic in the log".to_owned(),
            passing: true,
        }
    }
}

/// Fetches every secret once and hands on those that changed. One that is gone or forbidden does not keep the others.
#[expect(
    clippy::disallowed_methods,
    reason = "compares, so that holders hear of changes only"
)]
async fn round(held: Arc<Held>) -> Result<(), Missed> {
    let mut missed: Option<Missed> = None;
    for (reference, current) in &held.values {
        let name = reference.name();
        let fresh = match fetch(&held, name).await {
            Ok(fresh) => fresh,
            Err(error) => {
                let NotFetched {
                    place,
                    problem,
                    remedy,
                    passing,
                } = error;
                let missed = missed.get_or_insert_with(|| Missed {
                    error: format!("secret `{name}`: {place} is {problem}"),
                    remedy,
                    passing,
                });
                missed.passing = passing;
                if passing {
                    break;
                }
                continue;
            }
        };
        let changed = current.send_if_modified(|held| {
            let changed = held.expose_secret() != fresh.expose_secret();
            if changed {
                *held = Arc::new(fresh);
            }
            changed
        });
        if changed {
            tracing::info!(secret = name, "secret rotated");
        }
    }
    missed.map_or(Ok(()), Err)
}

async fn fetch(held: &Held, name: &str) -> Result<SecretString, NotFetched> {
    let secret = held.provider.fetch(name).await?;
    refuse_placeholder(secret, name, held.environment)
}

/// How old the values are, if nobody answers.
fn stale(freshness: &Mutex<Freshness>) -> Option<Duration> {
    let freshness = freshness.lock().unwrap_or_else(PoisonError::into_inner);
    freshness.failing.then(|| freshness.last.elapsed())
}

fn waits(longest: Duration) -> impl Iterator<Item = Duration> + Send {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_WAIT)
        .with_max_delay(longest)
        .without_max_times()
        .with_jitter()
        .build()
}
