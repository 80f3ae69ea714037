//! Containers as the engine describes them.

use std::collections::HashMap;
use std::time::SystemTime;

use serde::Deserialize;

use super::super::{BackendError, clock};
use super::engine::Engine;
use super::project::Project;
use crate::names::Digest;

/// The part of `docker inspect` that is read here.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Container {
    pub(super) id: String,
    pub(super) name: String,
    /// The program that is its first process.
    pub(super) path: String,
    created: String,
    #[serde(default)]
    restart_count: u64,
    pub(super) state: State,
    config: Config,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct State {
    pub(super) status: String,
    pub(super) exit_code: i64,
    started_at: String,
    health: Option<Health>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Health {
    status: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    /// What it was started from, by the name that was given.
    image: String,
    #[serde(default)]
    labels: Option<HashMap<String, String>>,
}

impl Container {
    /// What runs, and is not known to be ill: a container that is dead, paused, being restarted or unhealthy does not run
    /// anything that somebody could rely on.
    pub(super) fn runs(&self) -> bool {
        self.state.status == "running" && !self.ill()
    }

    /// Whether the image's own HEALTHCHECK gave it up.
    pub(super) fn ill(&self) -> bool {
        let health = self.state.health.as_ref();
        health.is_some_and(|health| health.status == "unhealthy")
    }

    /// The digest that it was started by.
    pub(super) fn digest(&self) -> Option<Digest> {
        self.config.image.rsplit_once('@')?.1.parse().ok()
    }

    /// What it was started from.
    pub(super) fn reference(&self) -> &str {
        &self.config.image
    }

    /// This life of it: another one has begun when this is another.
    pub(super) fn life(&self) -> (u64, &str) {
        (self.restart_count, &self.state.started_at)
    }

    pub(super) fn label(&self, name: &str) -> Option<&str> {
        let labels = self.config.labels.as_ref()?;
        labels.get(name).map(String::as_str)
    }

    /// When it was created, by the engine's clock.
    pub(super) fn created(&self) -> Option<SystemTime> {
        clock::moment(&self.created)
    }
}

/// Those with these ids or names that are there.
pub(super) fn inspect(engine: Engine, names: &[&str]) -> Result<Vec<Container>, BackendError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = vec!["container", "inspect"];
    args.extend(names);
    let finished = engine.docker(&args)?;
    // Some may have gone since they were listed; then the exit code is 1, and the others are told nevertheless.
    serde_json::from_str(&finished.stdout).map_err(|error| {
        BackendError::Unreachable(format!(
            "`docker container inspect` answers in an unknown shape ({error}; {}): check the engine's version",
            finished.reason()
        ))
    })
}

/// All containers, running or not, for which these filters hold.
pub(super) fn list(engine: Engine, filters: &[String]) -> Result<Vec<Container>, BackendError> {
    let mut args = vec!["container", "ls", "--all", "--quiet", "--no-trunc"];
    for filter in filters {
        args.extend(["--filter", filter]);
    }
    let finished = engine.docker(&args)?;
    if !finished.success {
        return Err(BackendError::Unreachable(format!(
            "the engine does not list its containers ({}): check `docker ps`",
            finished.reason()
        )));
    }
    inspect(
        engine,
        &finished.stdout.split_whitespace().collect::<Vec<_>>(),
    )
}

/// The containers of the project's service, not its candidate.
pub(super) fn of_service(
    engine: Engine,
    project: &Project<'_>,
) -> Result<Vec<Container>, BackendError> {
    let label = |key: &str, value: &str| format!("label=com.docker.compose.{key}={value}");
    let filters = [
        label("project", &project.name),
        label("service", project.environment.name()),
        label("oneoff", "False"),
    ];
    list(engine, &filters)
}

/// Removes a container, whatever it does. One that is not there is removed already.
pub(super) fn remove(engine: Engine, name: &str) -> Result<(), BackendError> {
    let finished = engine.docker(&["container", "rm", "--force", "--volumes", name])?;
    let absent = finished.stderr.contains("No such container");
    // Somebody else is at it.
    let going = finished.stderr.contains("already in progress");
    if finished.success || absent || going {
        return Ok(());
    }
    Err(BackendError::NotReady(format!(
        "container `{name}` cannot be removed ({}): `docker rm --force {name}` by hand, then run the same command again",
        finished.reason()
    )))
}
