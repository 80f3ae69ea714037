//! How values are written, where serde's own forms will not do: the config crate rounds, and takes `off` for 0.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::time::Duration;

use axum::http::{HeaderValue, Uri};
use serde::de::{self, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// Longer than any wait here has a reason to be, and short enough to be added to a clock.
const DAY: Duration = Duration::from_hours(24);

/// A port; 0 takes a free one.
pub(crate) fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    whole(deserializer, 0..=u16::MAX)
}

/// How many of something there may be. None at all would be a service that refuses everything.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    whole(deserializer, 1..=1_000_000)
}

/// How often something is tried again; 0 tries once.
pub(super) fn retries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    whole(deserializer, 0..=10)
}

/// A whole number within its bounds, or its digits.
fn whole<'de, D, N>(deserializer: D, bounds: RangeInclusive<N>) -> Result<N, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<u64> + PartialOrd + Display,
{
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a whole number")]
    enum Whole {
        Number(u64),
        Digits(String),
    }
    let number = match Whole::deserialize(deserializer)? {
        Whole::Number(number) => Some(number),
        Whole::Digits(digits) => digits.parse().ok(),
    };
    let number = number.and_then(|number| N::try_from(number).ok());
    let (first, last) = (bounds.start(), bounds.end());
    let refused = || de::Error::custom(format!("expected a whole number from {first} to {last}"));
    number
        .filter(|number| bounds.contains(number))
        .ok_or_else(refused)
}

/// `250ms`, `5s`, `2m`, up to a day; `0s` does not wait.
pub(crate) fn delay<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let delay: Duration = humantime_serde::deserialize(deserializer)?;
    let refused = || de::Error::custom("a duration of more than 24h");
    (delay <= DAY).then_some(delay).ok_or_else(refused)
}

/// A delay that leaves time for something to happen.
pub(crate) fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let limit = delay(deserializer)?;
    let refused = || de::Error::custom("a time limit of nothing, which no request could keep");
    (!limit.is_zero()).then_some(limit).ok_or_else(refused)
}

/// How a log line looks.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One flat object a line, for machines.
    Json,
    /// For a terminal.
    Pretty,
}

/// Through serde's own words for an unknown variant: the config crate's name neither the key's values nor the remedy.
pub(crate) fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
    Format::deserialize(String::deserialize(deserializer)?.into_deserializer())
}

/// How the service shows a vault who it is.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// A token that somebody has made for it.
    Token,
    /// A role and its secret, for which the vault gives a token.
    AppRole,
}

/// As [`format`].
pub(super) fn auth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Auth, D::Error> {
    Auth::deserialize(String::deserialize(deserializer)?.into_deserializer())
}

/// `info` or `info,hyper=warn`; `hyper=warn` alone leaves the others at info. Nothing else: a misspelt level must not become
/// the name of a target.
pub(crate) fn targets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Targets, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.split(',').map(str::trim).try_fold(
        Targets::new().with_default(LevelFilter::INFO),
        |targets, directive| {
            let (target, level) = directive
                .rsplit_once('=')
                .map_or((None, directive), |(target, level)| (Some(target), level));
            if !["off", "error", "warn", "info", "debug", "trace"].contains(&level) {
                return Err(de::Error::custom(format!(
                    "`{directive}` is no level and no target=level"
                )));
            }
            let level: LevelFilter = level.parse().map_err(de::Error::custom)?;
            Ok(match target {
                Some(target) => targets.with_target(target, level),
                None => targets.with_default(level),
            })
        },
    )
}

/// A list, or its items joined by commas, as an environment variable has to have it.
pub(crate) fn origins<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<HeaderValue>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a list of origins")]
    enum Origins {
        List(Vec<String>),
        Commas(String),
    }
    let origins = match Origins::deserialize(deserializer)? {
        Origins::List(origins) => origins,
        Origins::Commas(text) => text
            .split(',')
            .map(|origin| origin.trim().to_owned())
            .filter(|origin| !origin.is_empty())
            .collect(),
    };
    let parse = |origin: String| {
        // Whatever browsers would send otherwise could never match.
        let plain = origin.parse::<Uri>().is_ok_and(|uri| {
            let port = uri
                .port_u16()
                .map_or(String::new(), |port| format!(":{port}"));
            let host = uri.host().unwrap_or_default();
            let odd = |c: char| c == '*' || c.is_ascii_uppercase();
            let is = |scheme| origin == format!("{scheme}://{host}{port}");
            (is("https") || is("http")) && !host.contains(odd)
        });
        HeaderValue::try_from(&origin)
            .ok()
            .filter(|_| plain)
            .ok_or_else(|| {
                de::Error::custom(format!(
                    "`{origin}` is no origin such as `https://app.example.com`"
                ))
            })
    };
    origins.into_iter().map(parse).collect()
}

/// The name of a secret; the secret itself never stands in configuration.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "Reference")]
pub struct SecretRef(String);

impl SecretRef {
    pub(crate) fn from_checked(name: String) -> Self {
        Self(name)
    }

    /// Lower-case words joined by `-`: safe as a file name and as a part of a variable's name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

// Untagged for its `expecting`: the usual complaint would quote the value, which may be a secret put in the wrong place.
#[derive(Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected a reference such as `{secret: management-token}`, not a value"
)]
enum Reference {
    To { secret: String },
}

impl TryFrom<Reference> for SecretRef {
    type Error = &'static str;

    fn try_from(Reference::To { secret }: Reference) -> Result<Self, Self::Error> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if secret.is_empty() || !secret.chars().all(plain) {
            return Err("the name of a secret is made of `a-z`, `0-9` and `-`");
        }
        Ok(Self(secret))
    }
}
