//! The section `database` of the configuration, and the URL that it refers to.
#![expect(
    missing_docs,
    reason = "config/default.yaml documents the keys, for those who set them too"
)]

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use url::Url;

use crate::config::{ConfigError, SecretRef, forms};
use crate::version;

const KEY: &str = "database.url";
/// What a URL may say after its `?`. Anything else would be ignored, and said to the log by sqlx, value included.
const PARAMETERS: &[&str] = &[
    "application_name",
    "options",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
];
/// How much longer than the server the service waits for a statement: the server is to end it first, since that keeps the
/// connection.
const GRACE: Duration = Duration::from_millis(500);
/// How often the server looks whether the one that it works for is still there. Left alone, it would work to the end for a
/// request that was given up, and for a migration that was, and stand in everybody's way.
const STILL_THERE: &str = "1s";

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct DatabaseSettings {
    pub url: SecretRef,
    #[serde(deserialize_with = "forms::count")]
    pub max_connections: usize,
    #[serde(deserialize_with = "forms::limit")]
    pub acquire_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub statement_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub connect_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub readiness_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub migration_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub idle_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub max_lifetime: Duration,
}

impl DatabaseSettings {
    /// How long the service waits for all statements of one piece of work, whatever the server does.
    pub(super) fn patience(&self) -> Duration {
        self.statement_timeout + GRACE
    }

    pub(super) fn pool(&self) -> PgPoolOptions {
        PgPoolOptions::new()
            .max_connections(u32::try_from(self.max_connections).unwrap_or(u32::MAX))
            .acquire_timeout(self.acquire_timeout)
            .idle_timeout(self.idle_timeout)
            .max_lifetime(self.max_lifetime)
    }

    /// Connections for handlers: the server itself ends a statement that takes too long, and a transaction that was left
    /// alone.
    pub(super) fn for_handlers(&self, server: &PgConnectOptions) -> PgConnectOptions {
        server.clone().options([
            ("statement_timeout", milliseconds(self.statement_timeout)),
            (
                "idle_in_transaction_session_timeout",
                milliseconds(self.patience()),
            ),
            ("client_connection_check_interval", STILL_THERE.to_owned()),
        ])
    }

    /// The keeper's own connection: no migration outlives its time at the server, whatever becomes of the service.
    pub(super) fn for_keeper(&self, server: &PgConnectOptions) -> PgConnectOptions {
        server.clone().options([
            ("statement_timeout", milliseconds(self.migration_timeout)),
            ("client_connection_check_interval", STILL_THERE.to_owned()),
        ])
    }
}

fn milliseconds(limit: Duration) -> String {
    format!("{}ms", limit.as_millis().max(1))
}

/// Where the server is, and as whom to speak to it, as `url` says. A refusal never quotes it.
pub(super) fn server(url: &SecretString) -> Result<PgConnectOptions, ConfigError> {
    parse(url).map_err(|problem| {
        ConfigError::new(
            KEY,
            format!("the secret that it refers to is no URL of a database: {problem}"),
            "provide one like `postgres://USER:PASSWORD@HOST:5432/DATABASE`, with other characters than letters and \
             digits percent-encoded",
        )
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the URL leaves the process: the server is told what it says"
)]
fn parse(url: &SecretString) -> Result<PgConnectOptions, String> {
    let text = url.expose_secret();
    // The words of the parser's error are few, and none is of the URL.
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let given = |part: &str, what: &str| match part {
        "" => Err(format!("it names no {what}")),
        _ => Ok(()),
    };
    if !["postgres", "postgresql"].contains(&url.scheme()) {
        return Err("it does not begin with `postgres://`".to_owned());
    }
    given(url.host_str().unwrap_or_default(), "host")?;
    given(url.username(), "user")?;
    given(url.password().unwrap_or_default(), "password")?;
    given(url.path().trim_start_matches('/'), "database")?;
    let mut parameters = url.query_pairs();
    if url.fragment().is_some() || !parameters.all(|(name, _)| PARAMETERS.contains(&&*name)) {
        let known = PARAMETERS.join(", ");
        return Err(format!("after its `?`, only these can follow: {known}"));
    }
    let mut options = PgConnectOptions::from_str(text)
        .map_err(|_| "one of the values after its `?` is not possible".to_owned())?;
    // Where the URL leads, and as whom, it says itself: sqlx would fill its gaps from variables such as PGPORT. Its files
    // for TLS and its `options` can't be taken back from sqlx, which has looked into PGSSLROOTCERT, PGSSLCERT, PGSSLKEY and
    // PGOPTIONS; what the service sets of `options` itself comes after them, and wins.
    if url.port().is_none() {
        options = options.port(5432);
    }
    let says = |wanted: &str| url.query_pairs().any(|(name, _)| name == wanted);
    if !says("sslmode") {
        options = options.ssl_mode(PgSslMode::Prefer);
        if is_far(url.host_str().unwrap_or_default()) {
            tracing::warn!(
                key = KEY,
                "nothing checks that it is the database that is spoken to, nor that it is spoken to encrypted; add \
                 `?sslmode=verify-full` to the URL, or say with another `sslmode` that this is meant"
            );
        }
    }
    if !says("application_name") {
        options = options.application_name(version::SERVICE);
    }
    Ok(options)
}

/// Whether the way there leads over a network that others share: not on this machine, nor to a neighbour, such as another
/// service of the same compose project, whose name is one word.
fn is_far(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => !address.is_loopback(),
        // A socket's path begins with `/`, encoded.
        Err(_) => host.contains('.') && !host.starts_with('%'),
    }
}

#[cfg(test)]
mod tests {
    use super::is_far;

    #[test]
    fn a_host_that_others_share_the_way_to_is_told_apart() {
        for near in [
            "localhost",
            "127.0.0.1",
            "[::1]",
            "staging-postgres",
            "%2Frun%2Fpg.d",
        ] {
            assert!(!is_far(near), "{near}");
        }
        for far in [
            "10.0.0.7",
            "[2001:db8::1]",
            "db.example.com",
            "orders.data.svc",
        ] {
            assert!(is_far(far), "{far}");
        }
    }
}
