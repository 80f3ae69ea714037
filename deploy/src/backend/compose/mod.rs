//! Docker Compose on the engine that `DOCKER_HOST` names: one project an environment, made from the service's own compose
//! file, which has one profile an environment.
//!
//! A deployment is: the image by its digest; what stands beside the service, such as its database; a candidate beside the
//! running version, until it is ready and says it is the image's own commit; the swap. It never builds, never deploys a
//! tag, and never touches the running version before the candidate has proven itself.

mod candidate;
mod container;
mod engine;
mod image;
mod lock;
mod probe;
mod project;
mod swap;

use std::path::PathBuf;
use std::time::Duration;

use self::candidate::{Candidate, show_log};
use self::container::of_service;
use self::engine::Engine;
use self::probe::Patience;
use self::project::Project;
use super::{Backend, BackendError, Lock};
use crate::names::{Commit, Digest, Environment, Pinned};

/// How long a database may take to be there.
const COMPANIONS: Duration = Duration::from_mins(3);
/// What an image without a HEALTHCHECK is given.
const START_PERIOD: Duration = Duration::from_mins(1);
/// What comes on top of the time that an image asks for.
const MARGIN: Duration = Duration::from_secs(30);
/// How long a candidate has to stay ready: one that dies right after its start is no candidate.
const STEADY: Duration = Duration::from_secs(2);

/// One service on one engine.
#[derive(Clone, Debug)]
pub struct Compose {
    service: String,
    directory: PathBuf,
    ready_within: Option<Duration>,
    lock_ttl: Duration,
}

impl Compose {
    /// The service of that name, whose compose file is in `directory`.
    #[must_use]
    pub fn new(service: &str, directory: impl Into<PathBuf>) -> Self {
        Self {
            service: service.to_owned(),
            directory: directory.into(),
            ready_within: None,
            lock_ttl: lock::TTL,
        }
    }

    /// Gives a version so long to become ready, whatever its image asks for.
    #[must_use]
    pub fn ready_within(self, limit: Duration) -> Self {
        Self {
            ready_within: Some(limit),
            ..self
        }
    }

    /// Lets a lock that is not renewed expire after so long.
    #[must_use]
    pub fn lock_ttl(self, ttl: Duration) -> Self {
        Self {
            lock_ttl: ttl,
            ..self
        }
    }

    fn project(&self, environment: Environment) -> Project<'_> {
        Project::new(&self.service, &self.directory, environment)
    }
}

impl Backend for Compose {
    fn lock(
        &self,
        environment: Environment,
        owner: &str,
        wait: Duration,
    ) -> Result<Box<dyn Lock>, BackendError> {
        let name = project::name(&self.service, environment);
        let held = lock::acquire(environment, &name, owner, wait, self.lock_ttl)?;
        Ok(Box::new(held))
    }

    fn deploy(&self, environment: Environment, image: &Pinned) -> Result<(), BackendError> {
        let engine = Engine::INTERRUPTIBLE;
        let project = self.project(environment);
        engine.has_compose()?;
        let companions = project.companions(engine, image)?;
        let facts = image::fetch(engine, image)?;
        start_companions(engine, &project, image, &companions)?;

        let within = self
            .ready_within
            .unwrap_or_else(|| facts.start_period.unwrap_or(START_PERIOD) + MARGIN);
        let candidate = Candidate::start(engine, &project, image)?;
        let patience = Patience {
            within,
            steady: STEADY,
        };
        let name = candidate.name();
        probe::until_ready(engine, name, &facts.commit, patience)?.map_err(|reason| {
            show_log(name);
            BackendError::NotReady(format!(
                "{}: the candidate {image} is not ready ({reason}); its last log lines are above, and the running version was not touched",
                project.name
            ))
        })?;
        swap::swap(Engine::STEADY, &project, image, &facts.commit, within)
    }

    fn running(&self, environment: Environment) -> Result<Option<Digest>, BackendError> {
        let containers = of_service(Engine::INTERRUPTIBLE, &self.project(environment))?;
        let mut digests: Vec<_> = containers
            .iter()
            .filter(|container| container.runs())
            .map(container::Container::digest)
            .collect();
        digests.dedup();
        // Two at once are what a killed swap leaves: neither is what runs.
        Ok(match digests.as_slice() {
            [one] => one.clone(),
            _ => None,
        })
    }

    fn verify(&self, environment: Environment, commit: &Commit) -> Result<(), BackendError> {
        let engine = Engine::INTERRUPTIBLE;
        let project = self.project(environment);
        let containers = of_service(engine, &project)?;
        let not_ready = |what: &str| {
            BackendError::NotReady(format!(
                "{}: {what}: see `docker compose -p {} ps --all`, or deploy again",
                project.name, project.name
            ))
        };
        let Some(container) = containers.iter().find(|container| container.runs()) else {
            return Err(not_ready("nothing runs that is well"));
        };
        probe::ask(engine, container, commit)?.map_err(|reason| not_ready(&reason))
    }
}

/// Starts what stands beside the service, and waits for it. What is there already stays as it is: a database is not
/// replaced in passing because a line of the compose file has changed.
fn start_companions(
    engine: Engine,
    project: &Project<'_>,
    image: &Pinned,
    companions: &[String],
) -> Result<(), BackendError> {
    if companions.is_empty() {
        return Ok(());
    }
    let mut args = vec!["up", "--detach", "--wait", "--no-recreate", "--quiet-pull"];
    args.extend(companions.iter().map(String::as_str));
    let finished = project.compose(engine, image, &args, COMPANIONS)?;
    if finished.success {
        return Ok(());
    }
    Err(BackendError::NotReady(format!(
        "{}: what the service stands on ({}) is not ready ({}): see `docker compose -p {} logs`; the running version was not touched",
        project.name,
        companions.join(", "),
        finished.reason(),
        project.name
    )))
}
