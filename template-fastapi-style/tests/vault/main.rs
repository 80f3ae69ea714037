//! The provider `vault` against a real OpenBao server, which each test starts for itself.
//!
//! Without `bao` on PATH the tests say so and pass; with `REQUIRE_BAO` set they fail.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

#[path = "../api/backing.rs"]
#[expect(dead_code, reason = "what they lead to need not be there")]
mod backing;
mod bao;
mod down;
mod login;
mod read;

use std::collections::BTreeMap;
use std::time::Duration;

use service::AppState;
use service::config::{Config, ConfigProvider, SecretRef};

/// Key and path of the secret that a refusal is about: secrets are fetched in any order.
fn about(said: &str) -> (&'static str, &'static str) {
    if said.starts_with("database.url: ") {
        ("database.url", "secret/data/demo/database-url")
    } else {
        ("management.token", "secret/data/demo/management-token")
    }
}

/// The configuration of staging with some variables set, `management.token` being the secret `management-token`.
fn config(variables: &[(&str, &str)]) -> Config {
    let common = [
        ("APP_ENV", "staging"),
        ("APP__SECRETS__PROVIDER", "vault"),
        ("APP__SECRETS__VAULT__PATH", "demo"),
        ("APP__SECRETS__REFRESH", "100ms"),
        ("APP__SECRETS__DIRECTORY", "nowhere"),
        ("APP__MANAGEMENT__TOKEN__SECRET", "management-token"),
    ];
    let variables = common.iter().chain(variables);
    let variables: BTreeMap<_, _> = variables
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    ConfigProvider::new(env!("CARGO_MANIFEST_DIR"), variables)
        .load()
        .unwrap()
}

/// Why the service does not start.
async fn refusal(variables: &[(&str, &str)]) -> String {
    match AppState::new(config(variables)).await {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn names(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "`{word}` in: {said}");
    }
}

fn holds(state: &AppState, value: &str) -> bool {
    let token = state.config.settings.management.token.clone();
    state.secrets.matches(&token.unwrap(), value)
}

fn token(state: &AppState) -> SecretRef {
    state.config.settings.management.token.clone().unwrap()
}

/// Waits until `condition` holds; a test that waits for too long has failed.
async fn until<F: Future<Output = bool>>(what: &str, condition: impl Fn() -> F) {
    let patience = Duration::from_secs(30);
    let waited = tokio::time::timeout(patience, async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    waited
        .await
        .unwrap_or_else(|_| panic!("not within {patience:?}: {what}"));
}
