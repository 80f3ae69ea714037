//! `reconcile`: what the last good record names runs again. It writes no record, and does nothing where that runs already.

use super::plan::Step;
use super::run::Run;
use super::swap::{Stage, Version};
use crate::error::Error;
use crate::names::Environment;
use crate::outcome::Action;

/// Runs it.
pub fn reconcile(run: &mut Run<'_>, environment: Environment) -> Result<(), Error> {
    let (backend, mut lock) = run.lock(environment)?;
    let history = run.history()?;
    run.at(Step::Newest);
    let Some(record) = history.good(environment) else {
        run.say(&format!(
            "nothing was recorded in {environment}, so nothing is put back"
        ));
        run.outcome.action = Action::Noop;
        return Ok(());
    };
    let placed = run.placed(&history, record)?;
    placed.unmoved()?;
    let version = Version {
        commit: run.commit_of(&history, record, &placed.digest)?,
        digest: placed.digest,
    };
    run.outcome.about(run.image, &version.digest);
    run.outcome.record = Some(record.to_string());
    run.say(&format!("`{record}`, {}", version.digest));
    let mut stage = Stage {
        environment,
        backend: backend.as_ref(),
        lock: lock.as_mut(),
    };
    run.at(Step::Current);
    if stage.runs(&version)? {
        run.say("runs already");
        run.outcome.action = Action::Noop;
    } else {
        stage.redeploy(run, &version)?;
        run.outcome.action = Action::Reconciled;
    }
    run.cache(environment, &version.digest)
}
