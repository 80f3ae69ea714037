//! Deploys by digest and proves it; when either fails, puts back what the newest record names, in the same breath.

use super::plan::Step;
use super::run::{Placed, Run};
use crate::backend::{Backend, BackendError, Lock};
use crate::error::Error;
use crate::names::{Commit, Digest, Environment};
use crate::outcome::Action;

/// What is meant to run.
#[derive(Clone, Debug)]
pub struct Version {
    /// What `/version` has to say.
    pub commit: Commit,
    /// What is deployed.
    pub digest: Digest,
}

/// What counted before, for the case that the new version fails.
pub struct Before {
    /// Its record.
    pub placed: Placed,
    /// Its commit.
    pub commit: Commit,
}

/// Where a version goes, and who holds the lock there.
pub struct Stage<'a> {
    /// The environment.
    pub environment: Environment,
    /// What deploys there.
    pub backend: &'a dyn Backend,
    /// Held all along.
    pub lock: &'a mut dyn Lock,
}

impl Stage<'_> {
    /// Deploys and verifies.
    pub fn swap(
        &mut self,
        run: &mut Run<'_>,
        version: &Version,
        before: Option<&Before>,
    ) -> Result<(), Error> {
        run.at(Step::Deploy);
        self.lock.renew()?;
        let pinned = run.pinned(&version.digest);
        run.say(&format!("{pinned} to {}", self.environment));
        run.so_far = format!(
            "{} may run {} and has no record of it: the same command goes on from there, `reconcile` puts the last record back",
            self.environment, version.digest
        );
        let failed = match self.backend.deploy(self.environment, &pinned) {
            Ok(()) => {
                run.at(Step::Verify);
                self.prove(version).err()
            }
            // It says of itself that it did not begin.
            Err(error @ (BackendError::Unusable(_) | BackendError::Locked { .. })) => {
                run.so_far = String::new();
                return Err(error.into());
            }
            Err(error) => Some(error),
        };
        match failed {
            None => {
                run.say(&format!("ready, and says {}", version.commit));
                run.outcome.changed = true;
                Ok(())
            }
            Some(error) => Err(self.restore(run, version, &error, before)),
        }
    }

    /// Ready, of this commit, and of this digest: `/version` alone could be said by another build.
    pub fn prove(&self, version: &Version) -> Result<(), BackendError> {
        self.backend.verify(self.environment, &version.commit)?;
        match self.backend.running(self.environment)? {
            Some(digest) if digest == version.digest => Ok(()),
            other => Err(BackendError::NotReady(format!(
                "{} runs {} and not {}",
                self.environment,
                other.map_or("nothing".to_owned(), |digest| digest.to_string()),
                version.digest
            ))),
        }
    }

    /// Says what runs. What can't be asked is not deployed to: nothing was changed then.
    pub fn tell(&self, run: &Run<'_>) -> Result<(), Error> {
        let running = self.backend.running(self.environment)?;
        run.say(&format!(
            "{} runs {}",
            self.environment,
            running.map_or("nothing".to_owned(), |digest| digest.to_string())
        ));
        Ok(())
    }

    /// Whether it runs as it should, without touching anything.
    pub fn runs(&self, version: &Version) -> Result<bool, Error> {
        if self.backend.running(self.environment)?.as_ref() != Some(&version.digest) {
            return Ok(false);
        }
        match self.backend.verify(self.environment, &version.commit) {
            Ok(()) => Ok(true),
            Err(BackendError::NotReady(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deploys what is recorded already; there is nothing else to put back when it fails.
    pub fn redeploy(&mut self, run: &mut Run<'_>, version: &Version) -> Result<(), Error> {
        run.at(Step::Deploy);
        self.lock.renew()?;
        let pinned = run.pinned(&version.digest);
        run.say(&format!("{pinned} to {}", self.environment));
        let mut ended = self.backend.deploy(self.environment, &pinned);
        if ended.is_ok() {
            run.at(Step::Verify);
            ended = self.prove(version);
        }
        match ended {
            Ok(()) => {
                run.say(&format!("ready, and says {}", version.commit));
                run.outcome.changed = true;
                Ok(())
            }
            Err(error @ (BackendError::Unusable(_) | BackendError::Locked { .. })) => {
                Err(error.into())
            }
            Err(error) => {
                run.outcome.action = Action::NotRestored;
                Err(Error::NotRestored(format!(
                    "{} was recorded in {} and does not run: {error}; roll back to another version",
                    version.commit, self.environment
                )))
            }
        }
    }

    fn restore(
        &mut self,
        run: &mut Run<'_>,
        version: &Version,
        failure: &BackendError,
        before: Option<&Before>,
    ) -> Error {
        run.at(Step::Restore);
        run.say(&format!("{} failed: {failure}", version.commit));
        run.so_far = String::new();
        run.outcome.action = Action::NotRestored;
        let environment = self.environment;
        let failed = format!("{} failed in {environment}: {failure}", version.commit);
        let Some(before) = before else {
            return Error::NotRestored(format!(
                "{failed}; nothing was recorded there before, so nothing was put back"
            ));
        };
        let record = &before.placed.record;
        if before.placed.digest == version.digest {
            return Error::NotRestored(format!(
                "{failed}; it is what `{record}` names, so there is nothing else to put back: roll back to another version"
            ));
        }
        let old = Version {
            commit: before.commit.clone(),
            digest: before.placed.digest.clone(),
        };
        match self.put_back(run, &old, &before.placed) {
            Ok(how) => {
                run.outcome.action = Action::Restored;
                run.outcome.changed = false;
                run.outcome.about(run.image, &old.digest);
                run.outcome.record = Some(record.to_string());
                Error::Restored(format!("{failed}; `{record}` {how}"))
            }
            Err(error) => Error::NotRestored(format!(
                "{failed}; `{record}` could not be put back: {error}; run `idp-deploy reconcile --image {} --env {environment}` once that is mended",
                run.image
            )),
        }
    }

    fn put_back(
        &mut self,
        run: &Run<'_>,
        old: &Version,
        placed: &Placed,
    ) -> Result<&'static str, Error> {
        placed.unmoved()?;
        self.lock.renew()?;
        // A back end that starts the candidate beside the running version has nothing to put back, and a needless swap
        // would cost connections.
        if self.runs(old).unwrap_or(false) {
            run.say(&format!("`{}` runs still", placed.record));
            return Ok("runs still");
        }
        self.backend
            .deploy(self.environment, &run.pinned(&old.digest))?;
        self.prove(old)?;
        run.say(&format!("`{}` was deployed again", placed.record));
        Ok("was deployed again")
    }
}
