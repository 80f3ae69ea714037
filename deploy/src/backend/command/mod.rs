//! The back end `command`: a program of yours deploys. Helm, Terraform or a script take their place here without Rust.
//!
//! `IDP_BACKEND_COMMAND` names a program, or a folder with three programs that are called like the first argument:
//!
//! | call | has to |
//! |---|---|
//! | `PROGRAM deploy ENV IMAGE@DIGEST` | make that what runs, and end once it is ready |
//! | `PROGRAM running ENV` | print the digest that runs, or nothing |
//! | `PROGRAM verify ENV SHA` | end with 0 only if what runs is ready and its `/version` says that commit |
//!
//! Exit codes, after `sysexits.h`: 0 done · 69 the engine is not reachable · 75 somebody else deploys there · 78 set up wrongly,
//! and nothing was begun · anything else: not ready. `IDP_SERVICE` and `IDP_IMAGE` say which service. What it prints goes
//! to this program's standard error, but for the digest. A call is ended, with all it started, after `IDP_BACKEND_TIMEOUT` (10m).
//!
//! The lock is a file on the machine that runs this, in `IDP_BACKEND_LOCKS`. Where several machines deploy to one environment,
//! put that folder where they share it, or let the program itself lock and end with 75.

mod alive;
mod lock;
mod program;

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use self::lock::Place;
use self::program::Call;
use super::program::Finished;
use super::{Backend, BackendError, Lock};
use crate::names::{Commit, Digest, Environment, Image, Pinned};

/// How long a call may take where nobody says so.
const TIMEOUT: Duration = Duration::from_mins(10);
/// Added to a call's time: a lock outlives the longest call that it guards.
const MARGIN: Duration = Duration::from_mins(1);

/// A program with the service that it is for.
struct Command {
    path: PathBuf,
    image: Image,
    locks: PathBuf,
    timeout: Duration,
}

/// Reads the variables.
pub(super) fn open(image: &Image) -> Result<Box<dyn Backend>, BackendError> {
    let path = env::var_os("IDP_BACKEND_COMMAND").filter(|path| !path.is_empty());
    let path = PathBuf::from(path.ok_or_else(|| {
        BackendError::Unusable(
            "the back end `command` needs IDP_BACKEND_COMMAND, the path of a program or a folder of programs"
                .to_owned(),
        )
    })?);
    let timeout = match env::var("IDP_BACKEND_TIMEOUT") {
        Ok(text) => humantime::parse_duration(&text).map_err(|error| {
            BackendError::Unusable(format!(
                "IDP_BACKEND_TIMEOUT `{text}`: {error}; such as 10m"
            ))
        })?,
        Err(_) => TIMEOUT,
    };
    let locks = env::var_os("IDP_BACKEND_LOCKS").filter(|path| !path.is_empty());
    Ok(Box::new(Command {
        path,
        image: image.clone(),
        locks: locks.map_or_else(|| env::temp_dir().join("idp-deploy-locks"), PathBuf::from),
        timeout,
    }))
}

impl Command {
    fn place(&self, environment: Environment) -> Place {
        Place::new(&self.locks, &self.image, environment)
    }

    fn call(
        &self,
        environment: Environment,
        verb: &str,
        argument: Option<&str>,
        reads: bool,
    ) -> Result<Finished, BackendError> {
        let (program, verb_argument) = if self.path.is_dir() {
            (self.path.join(verb), None)
        } else {
            (self.path.clone(), Some(verb))
        };
        let arguments = verb_argument
            .into_iter()
            .chain([environment.name()])
            .chain(argument);
        let call = Call {
            program: &program,
            arguments: arguments.collect(),
            variables: [
                ("IDP_IMAGE", self.image.to_string()),
                ("IDP_SERVICE", self.image.service().to_owned()),
            ],
            timeout: self.timeout,
            reads,
            note: &self.place(environment).call(),
        };
        call.run()
    }

    /// What a call that makes or checks something came to.
    fn done(
        &self,
        environment: Environment,
        verb: &str,
        argument: &str,
    ) -> Result<(), BackendError> {
        let ended = self.call(environment, verb, Some(argument), false)?;
        let text = || {
            format!(
                "{} {verb} {environment}: {}; what it printed says why",
                self.path.display(),
                ended.how()
            )
        };
        match ended.code {
            Some(0) => Ok(()),
            Some(69) => Err(BackendError::Unreachable(text())),
            Some(75) => Err(BackendError::Locked {
                environment,
                owner: format!("somebody whom {} knows", self.path.display()),
                remaining: 0,
            }),
            Some(78) => Err(BackendError::Unusable(text())),
            _ => Err(BackendError::NotReady(text())),
        }
    }
}

impl Backend for Command {
    fn lock(
        &self,
        environment: Environment,
        owner: &str,
        wait: Duration,
    ) -> Result<Box<dyn Lock>, BackendError> {
        // Before anybody waits for anything.
        if !self.path.exists() {
            return Err(BackendError::Unusable(format!(
                "IDP_BACKEND_COMMAND: there is no {}",
                self.path.display()
            )));
        }
        let expiry = self.timeout.saturating_mul(2).saturating_add(MARGIN);
        let held = self.place(environment).take(owner, expiry, wait)?;
        Ok(Box::new(held))
    }

    fn deploy(&self, environment: Environment, image: &Pinned) -> Result<(), BackendError> {
        self.done(environment, "deploy", &image.to_string())
    }

    fn running(&self, environment: Environment) -> Result<Option<Digest>, BackendError> {
        let ended = self.call(environment, "running", None, true)?;
        let place = format!("{} running {environment}", self.path.display());
        match ended.code {
            Some(0) => {}
            Some(78) => {
                return Err(BackendError::Unusable(format!("{place}: {}", ended.how())));
            }
            _ => {
                return Err(BackendError::Unreachable(format!(
                    "{place}: {}; what it printed says why",
                    ended.how()
                )));
            }
        }
        match ended.stdout.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|error| {
                let shown: String = text.chars().take(100).collect();
                BackendError::Unusable(format!(
                    "{place} printed `{}`: {error}",
                    shown.escape_debug()
                ))
            }),
        }
    }

    fn verify(&self, environment: Environment, commit: &Commit) -> Result<(), BackendError> {
        self.done(environment, "verify", commit.as_str())
    }
}
