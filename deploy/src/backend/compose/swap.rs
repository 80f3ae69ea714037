//! The swap: Compose ends the running container, with the service's own drain, and starts the new one in its place.
//!
//! One published port belongs to one container at a time, so there is a moment in which nobody listens; see
//! docs/deploying-with-compose.md for its length. The new container is created before the old one is told to end, and
//! its image is there already: that is all that plain Compose allows.

use std::time::Duration;

use super::super::BackendError;
use super::candidate::show_log;
use super::container::{Container, of_service, remove};
use super::engine::Engine;
use super::probe::{Patience, ask, until_ready};
use super::project::Project;
use crate::names::{Commit, Pinned};

/// Longer than any sensible `stop_grace_period`.
const SWAP: Duration = Duration::from_mins(5);

/// Makes `image` what runs.
pub(super) fn swap(
    engine: Engine,
    project: &Project<'_>,
    image: &Pinned,
    commit: &Commit,
    within: Duration,
) -> Result<(), BackendError> {
    clear(engine, project)?;
    let service = project.environment.name();
    let mut args = vec![
        "up",
        "--detach",
        "--no-deps",
        "--no-build",
        "--pull",
        "never",
    ];
    if stuck(engine, project, image, commit)? {
        args.push("--force-recreate");
    }
    args.push(service);
    let finished = project.compose(engine, image, &args, SWAP)?;
    if !finished.success {
        return Err(BackendError::NotReady(format!(
            "{}: {image} was ready, but Compose cannot put it in place ({}): see `docker compose -p {} ps --all`",
            project.name,
            finished.reason(),
            project.name
        )));
    }
    let running = of_service(engine, project)?;
    let Some(new) = running.iter().find(|c| is(c, image)) else {
        return Err(BackendError::NotReady(format!(
            "{}: {image} was ready, but does not run after the swap: see `docker compose -p {} ps --all`",
            project.name, project.name
        )));
    };
    // The candidate has proven that it stays ready.
    let patience = Patience {
        within,
        steady: Duration::ZERO,
    };
    until_ready(engine, &new.id, commit, patience)?.map_err(|reason| {
        show_log(new.name.trim_start_matches('/'));
        BackendError::NotReady(format!(
            "{}: {image} was ready beside the version before, but is not in its place ({reason}); its last log lines are above",
            project.name
        ))
    })
}

/// Removes what a killed swap created and never started. Compose would remove it too, but may want its name before.
fn clear(engine: Engine, project: &Project<'_>) -> Result<(), BackendError> {
    let containers = of_service(engine, project)?;
    let mut created = containers.iter().filter(|c| c.state.status == "created");
    created.try_for_each(|container| remove(engine, &container.id))
}

/// Whether this very image is in place already and not well: Compose would leave it as it is.
fn stuck(
    engine: Engine,
    project: &Project<'_>,
    image: &Pinned,
    commit: &Commit,
) -> Result<bool, BackendError> {
    for container in of_service(engine, project)? {
        if is(&container, image) && ask(engine, &container, commit)?.is_err() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is(container: &Container, image: &Pinned) -> bool {
    container.reference() == image.to_string()
}
