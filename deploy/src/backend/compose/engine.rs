//! Calls of `docker`, each with a time limit, against the engine that `DOCKER_HOST` names, wherever that is.
//!
//! What a call's failure means, its caller knows; only that there is no engine at all is found out here.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use super::super::program::{Finished, Output, Terms, Trouble, run};
use super::super::{BackendError, clock, holder};

/// How long a call may take that only asks, or changes one container.
pub(super) const CALL: Duration = Duration::from_secs(30);

/// The first Compose that knows `!reset` and `!override` in all places.
const COMPOSE: (u32, u32) = (2, 24);

/// The engine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Engine {
    /// Whether Ctrl-C ends its calls.
    interruptible: bool,
}

impl Engine {
    /// Whose calls Ctrl-C ends.
    pub(super) const INTERRUPTIBLE: Self = Self {
        interruptible: true,
    };
    /// Whose calls Ctrl-C does not end: for what must not stop half-way, and for cleaning up.
    pub(super) const STEADY: Self = Self {
        interruptible: false,
    };

    /// Whether Ctrl-C ends its calls.
    pub(super) fn interruptible(self) -> bool {
        self.interruptible
    }

    /// Runs `docker` with `args`. An exit code other than 0 is for the caller to judge, unless there is no engine.
    pub(super) fn docker(self, args: &[&str]) -> Result<Finished, BackendError> {
        self.call(Command::new("docker").args(args), args, b"", CALL)
    }

    /// The same, with something to read and a time limit of its own.
    pub(super) fn docker_within(
        self,
        limit: Duration,
        args: &[&str],
        input: &[u8],
    ) -> Result<Finished, BackendError> {
        self.call(Command::new("docker").args(args), args, input, limit)
    }

    /// Runs `docker compose` in `directory`, with nothing of the caller's that leads it to other files or projects.
    pub(super) fn compose(
        self,
        directory: &Path,
        image: &str,
        args: &[&str],
        overlay: &str,
        limit: Duration,
    ) -> Result<Finished, BackendError> {
        let mut command = Command::new("docker");
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|n| n.starts_with("COMPOSE_")) {
                command.env_remove(name);
            }
        }
        if let Some(identity) = holder::identity() {
            command.env(holder::VARIABLE, identity);
        }
        command.current_dir(directory).env("IMAGE", image);
        command.arg("compose").args(args);
        self.call(&mut command, args, overlay.as_bytes(), limit)
    }

    /// Refuses a machine without the Compose plugin, or with one that is too old.
    pub(super) fn has_compose(self) -> Result<(), BackendError> {
        let (major, minor) = COMPOSE;
        let wanted = format!("install the Compose plugin, {major}.{minor} or later");
        let finished = self.docker(&["compose", "version", "--short"])?;
        let version = finished.stdout.trim();
        if !finished.success {
            return Err(BackendError::Unreachable(format!(
                "`docker compose` does not run ({}): {wanted}",
                finished.reason()
            )));
        }
        if version_of(version).is_some_and(|version| version < COMPOSE) {
            return Err(BackendError::Unreachable(format!(
                "`docker compose` is {version}: {wanted}"
            )));
        }
        Ok(())
    }

    /// The engine's own clock: the only one that all who share it can go by.
    pub(super) fn now(self) -> Result<SystemTime, BackendError> {
        let finished = self.docker(&["info", "--format", "{{.SystemTime}}"])?;
        clock::moment(&finished.stdout).ok_or_else(|| {
            BackendError::Unreachable(format!(
                "{} does not tell its time ({}): check `docker info`",
                place(),
                finished.reason()
            ))
        })
    }

    fn call(
        self,
        command: &mut Command,
        args: &[&str],
        input: &[u8],
        limit: Duration,
    ) -> Result<Finished, BackendError> {
        let terms = Terms {
            input,
            limit,
            interruptible: self.interruptible,
            output: Output::Kept,
        };
        let finished = run(command, terms).map_err(|trouble| explain(trouble, args))?;
        if !finished.success {
            self.ping(limit)?;
        }
        Ok(finished)
    }

    /// After a failure: whether the engine is there at all. Its messages differ by version and by way of connecting.
    fn ping(self, limit: Duration) -> Result<(), BackendError> {
        let args = ["version", "--format", "{{.Server.Version}}"];
        let terms = Terms {
            input: b"",
            limit: limit.min(CALL),
            interruptible: self.interruptible,
            output: Output::Kept,
        };
        let finished = run(Command::new("docker").args(args), terms);
        let finished = finished.map_err(|trouble| explain(trouble, &args))?;
        if finished.success {
            return Ok(());
        }
        Err(BackendError::Unreachable(format!(
            "{} does not answer ({}): start it, or set DOCKER_HOST to one that runs",
            place(),
            finished.reason()
        )))
    }
}

fn explain(trouble: Trouble, args: &[&str]) -> BackendError {
    let verb = args.iter().find(|arg| !arg.starts_with('-'));
    let verb = verb.copied().unwrap_or_default();
    match trouble {
        Trouble::Missing => BackendError::Unreachable(
            "`docker` is not on PATH: install Docker's command line with the Compose plugin"
                .to_owned(),
        ),
        Trouble::Slow(limit) => BackendError::Unreachable(format!(
            "{} took more than {} s for `docker {verb}`, which was given up: see what keeps it busy, and run the same command again",
            place(),
            limit.as_secs()
        )),
        Trouble::Interrupted => BackendError::NotReady(
            "interrupted by a signal: the same command may be run again".to_owned(),
        ),
        Trouble::System(error) => BackendError::Unreachable(format!(
            "cannot run `docker` ({error}): see its permissions"
        )),
    }
}

/// The engine by its address, for messages.
fn place() -> String {
    match std::env::var("DOCKER_HOST") {
        Ok(host) if !host.is_empty() => format!("the engine at DOCKER_HOST={host}"),
        _ => "the engine of this machine".to_owned(),
    }
}

fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim_start_matches('v').split(['.', '-', '+']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version_of("2.9.1") < Some(COMPOSE));
        assert!(version_of("v2.24.0") >= Some(COMPOSE));
        assert!(version_of("5.6.1") > Some(COMPOSE));
        assert_eq!(version_of("dev"), None);
    }
}
