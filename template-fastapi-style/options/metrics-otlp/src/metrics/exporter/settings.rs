//! The section `telemetry` of the configuration. `OTEL_*` variables mean nothing here: there is one way in.

use std::time::Duration;

use axum::http::Uri;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::config::{SecretRef, forms};

/// Where metrics and spans go, and how often; config/default.yaml explains each key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct TelemetrySettings {
    /// The collector, without a `/` at the end.
    #[serde(deserialize_with = "endpoint")]
    pub endpoint: String,
    /// How long metrics and spans gather.
    #[serde(deserialize_with = "forms::limit")]
    pub export_interval: Duration,
    /// How long the collector may take to accept what it is sent.
    #[serde(deserialize_with = "forms::limit")]
    pub export_timeout: Duration,
    /// The part of traces that begin here which is exported.
    #[serde(deserialize_with = "ratio")]
    pub sample_ratio: f64,
    /// Sent as `Authorization: Bearer`.
    pub token: Option<SecretRef>,
}

/// What config/default.yaml says, for a service that has deleted the section from it.
impl Default for TelemetrySettings {
    fn default() -> Self {
        Self {
            endpoint: "http://localhost:4318".to_owned(),
            export_interval: Duration::from_secs(10),
            export_timeout: Duration::from_secs(5),
            sample_ratio: 1.0,
            token: None,
        }
    }
}

/// An address to which `/v1/traces` and `/v1/metrics` can be added.
fn endpoint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let text = text.strip_suffix('/').unwrap_or(&text);
    let plain = text.parse::<Uri>().is_ok_and(|uri| {
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        // What stands before an `@` is a secret, and this is no place for one.
        let host = uri.authority().is_some_and(|authority| {
            !authority.as_str().contains('@') && !uri.host().is_none_or(str::is_empty)
        });
        web && host && uri.query().is_none()
    });
    // Not quoted: it may hold a password.
    plain.then(|| text.to_owned()).ok_or_else(|| {
        D::Error::custom(
            "expected an address such as `http://localhost:4318`, without user, password and query",
        )
    })
}

/// From 0 to 1, or its digits.
fn ratio<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number")]
    enum Ratio {
        Number(f64),
        Digits(String),
    }
    let ratio = match Ratio::deserialize(deserializer)? {
        Ratio::Number(number) => Some(number),
        Ratio::Digits(digits) => digits.parse().ok(),
    };
    ratio
        .filter(|ratio| (0.0..=1.0).contains(ratio))
        .ok_or_else(|| D::Error::custom("expected a number from 0 to 1"))
}
