//! The candidate: the new version beside the running one, with the same configuration, networks and database, under a
//! name of its own. It publishes no port and does not answer to the service's name, so nobody's requests reach it.

use std::io::{Write, stderr};
use std::time::Duration;

use super::super::BackendError;
use super::container::remove;
use super::engine::Engine;
use super::project::Project;
use crate::names::Pinned;

/// How long Compose may take to start it: networks and volumes are made with it.
const START: Duration = Duration::from_mins(2);
/// How many of its last log lines are shown.
const LINES: &str = "20";

/// A candidate that runs; dropped, it is removed.
#[derive(Debug)]
pub(super) struct Candidate {
    name: String,
}

impl Candidate {
    /// Starts it, in place of one that a killed run left.
    pub(super) fn start(
        engine: Engine,
        project: &Project<'_>,
        image: &Pinned,
    ) -> Result<Self, BackendError> {
        let name = project.candidate();
        remove(engine, &name)?;
        // From here on, since a call that is interrupted may have started it.
        let candidate = Self { name };
        let service = project.environment.name();
        let args = [
            "run",
            "--detach",
            "--no-deps",
            "--pull",
            "never",
            "--name",
            &candidate.name,
            service,
        ];
        let finished = project.compose(engine, image, &args, START)?;
        if finished.success {
            return Ok(candidate);
        }
        Err(BackendError::NotReady(format!(
            "{}: the candidate {image} does not start ({}): see `docker compose --profile {service} config`; the running version was not touched",
            project.name,
            finished.reason()
        )))
    }

    /// The name of its container.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Candidate {
    fn drop(&mut self) {
        // It served nobody, so there is nothing to drain. What stays, the next run removes.
        let _ = remove(Engine::STEADY, &self.name);
    }
}

/// Shows the last log lines of a container, on standard error.
pub(super) fn show_log(name: &str) {
    let args = ["container", "logs", "--tail", LINES, name];
    let Ok(finished) = Engine::STEADY.docker(&args) else {
        return;
    };
    for line in finished.stdout.lines().chain(finished.stderr.lines()) {
        // A service's log may hold what it was sent: nothing that moves a terminal's cursor.
        let shown: String = line.chars().filter(|c| !c.is_control()).collect();
        let _ = writeln!(stderr(), "  {name} | {shown}");
    }
}
