//! The image on the engine, and what it says of itself.

use std::time::Duration;

use serde::Deserialize;

use super::super::BackendError;
use super::engine::Engine;
use crate::names::{Commit, Pinned};

/// A slow registry, and an image at the upper end of what a service has.
const PULL: Duration = Duration::from_mins(10);
/// The label that names the commit an image was built from.
const REVISION: &str = "org.opencontainers.image.revision";

/// What is read of an image.
#[derive(Debug)]
pub(super) struct Facts {
    /// The commit that it was built from.
    pub(super) commit: Commit,
    /// How long it asks to be given before its failures count.
    pub(super) start_period: Option<Duration>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    #[serde(default)]
    labels: Option<std::collections::HashMap<String, String>>,
    #[serde(default)]
    healthcheck: Option<Healthcheck>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Healthcheck {
    /// In nanoseconds.
    #[serde(default)]
    start_period: u64,
}

/// Makes sure that the engine has the image, by its digest, and reads it.
pub(super) fn fetch(engine: Engine, image: &Pinned) -> Result<Facts, BackendError> {
    let reference = image.to_string();
    let inspect = [
        "image",
        "inspect",
        "--format",
        "{{json .Config}}",
        &reference,
    ];
    let mut finished = engine.docker(&inspect)?;
    if !finished.success {
        pull(engine, &reference)?;
        finished = engine.docker(&inspect)?;
    }
    facts(&finished.stdout).map_err(|what| {
        BackendError::Unusable(format!(
            "{reference}: {what}; build it as the service's README says"
        ))
    })
}

fn pull(engine: Engine, reference: &str) -> Result<(), BackendError> {
    let finished = engine.docker_within(PULL, &["pull", "--quiet", reference], b"")?;
    if finished.success {
        return Ok(());
    }
    Err(BackendError::Unreachable(format!(
        "the engine cannot pull {reference} ({}): `docker login` where this runs, and see that the engine reaches the registry",
        finished.reason()
    )))
}

fn facts(config: &str) -> Result<Facts, String> {
    let config: Config = serde_json::from_str(config)
        .map_err(|error| format!("the engine describes it in an unknown shape ({error})"))?;
    let labels = config.labels.unwrap_or_default();
    let commit = labels
        .get(REVISION)
        .ok_or_else(|| format!("it has no label {REVISION}"))?;
    Ok(Facts {
        commit: commit.parse().map_err(|_| {
            format!(
                "its label {REVISION} is `{}`, no commit",
                commit.escape_debug()
            )
        })?,
        start_period: config
            .healthcheck
            .map(|health| Duration::from_nanos(health.start_period)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_does_not_say_its_commit_is_refused() {
        let with = |revision: &str| {
            facts(&format!(
                r#"{{"Labels": {{"{REVISION}": "{revision}"}}, "Healthcheck": {{"StartPeriod": 60000000000}}}}"#
            ))
        };
        let good = with(&"a".repeat(40)).unwrap();
        assert_eq!(good.start_period, Some(Duration::from_mins(1)));
        assert!(with("unknown").unwrap_err().contains("unknown"));
        assert!(facts(r#"{"Labels": null}"#).unwrap_err().contains(REVISION));
        assert!(facts("").is_err());
    }
}
