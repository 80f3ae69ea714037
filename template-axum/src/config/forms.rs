//! How values are written, where serde's own forms will not do.

use axum::http::HeaderValue;
use serde::de::{self, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

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
pub(super) fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
    Format::deserialize(String::deserialize(deserializer)?.into_deserializer())
}

/// `info` or `info,hyper=warn`. Nothing else: a misspelt level must not become the name of a target.
pub(super) fn targets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Targets, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.split(',')
        .map(str::trim)
        .try_fold(Targets::new(), |targets, directive| {
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
        })
}

/// A list, or its items joined by commas, as an environment variable has to have it.
pub(super) fn origins<'de, D: Deserializer<'de>>(
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
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        let plain = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ']));
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
