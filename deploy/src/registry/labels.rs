//! What an image says of itself: the commit it was built from, and when.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use serde::Deserialize;

use crate::names::Commit;

/// An image's configuration, as far as releases look at it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Labels {
    config: Config,
    created: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Config {
    #[serde(rename = "Labels")]
    labels: Option<HashMap<String, String>>,
}

impl Labels {
    /// The commit, if `org.opencontainers.image.revision` is one.
    pub fn revision(&self) -> Option<Commit> {
        self.label("org.opencontainers.image.revision")?
            .parse()
            .ok()
    }

    /// When it was built, as it says: `org.opencontainers.image.created`, or what the builder noted.
    pub fn created(&self) -> Option<SystemTime> {
        let label = self.label("org.opencontainers.image.created");
        label
            .and_then(time)
            .or_else(|| self.created.as_deref().and_then(time))
    }

    fn label(&self, name: &str) -> Option<&str> {
        let label = self.config.labels.as_ref()?.get(name)?;
        Some(label.trim()).filter(|label| !label.is_empty())
    }
}

/// RFC 3339, with any offset.
fn time(text: &str) -> Option<SystemTime> {
    let zulu = |text: &str| humantime::parse_rfc3339_weak(text).ok();
    // `2026-01-31T12:00:00+01:00`: the sign stands six characters before the end.
    let at = text.len().checked_sub(6)?;
    let sign = text.as_bytes()[at];
    if !(sign == b'+' || sign == b'-') || !text.is_char_boundary(at) || !text.contains('T') {
        return zulu(text);
    }
    let (clock, offset) = text.split_at(at);
    let (hours, minutes) = offset[1..].split_once(':')?;
    let minutes = hours.parse::<u64>().ok()? * 60 + minutes.parse::<u64>().ok()?;
    let offset = Duration::from_secs(minutes * 60);
    let local = zulu(&format!("{clock}Z"))?;
    if sign == b'+' {
        local.checked_sub(offset)
    } else {
        local.checked_add(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Labels {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn times_are_compared_across_offsets() {
        let utc = time("2026-01-31T12:00:00Z").unwrap();
        for same in [
            "2026-01-31T13:00:00+01:00",
            "2026-01-31T06:30:00-05:30",
            "2026-01-31T12:00:00.000Z",
            "2026-01-31T12:00:00+00:00",
        ] {
            assert_eq!(time(same), Some(utc), "{same}");
        }
        for none in [
            "",
            "yesterday",
            "2026-01-31T12:00:00+é",
            "2026-01-31T12:00:00+ab:cd",
        ] {
            assert_eq!(time(none), None, "{none}");
        }
    }

    #[test]
    fn the_label_comes_before_what_the_builder_noted() {
        let both = labels(
            r#"{"created":"1970-01-01T00:00:00Z","config":{"Labels":{"org.opencontainers.image.created":"2026-01-01T00:00:00Z"}}}"#,
        );
        assert_eq!(both.created(), time("2026-01-01T00:00:00Z"));
        let fallback = labels(r#"{"created":"1970-01-01T00:00:00Z","config":{"Labels":null}}"#);
        assert_eq!(fallback.created(), Some(SystemTime::UNIX_EPOCH));
        assert_eq!(labels("{}").created(), None);
        assert_eq!(labels("{}").revision(), None);
    }
}
