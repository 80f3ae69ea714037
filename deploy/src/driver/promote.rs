//! `promote`: all conditions first, then deploy, verify, record.

use super::finish;
use super::gates::{self, Wanted};
use super::plan::Step;
use super::run::Run;
use super::swap::{Before, Stage, Version};
use crate::error::Error;
use crate::ledger::History;
use crate::names::{Commit, Digest, Environment};
use crate::outcome::Action;
use crate::report;

/// What is asked for.
#[derive(Debug)]
pub struct Promote {
    /// Which commit.
    pub sha: Commit,
    /// Where to.
    pub to: Environment,
    /// What was built for it; always known for dev.
    pub digest: Option<Digest>,
    /// Even if older than what runs.
    pub allow_older: bool,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// Runs it.
pub fn promote(run: &mut Run<'_>, ask: &Promote) -> Result<(), Error> {
    if ask.dry_run {
        let history = run.history()?;
        let wanted = gates::pass(run, &history, ask)?;
        return plan(run, ask, &history, &wanted);
    }
    let (backend, mut lock) = run.lock(ask.to)?;
    let history = run.history()?;
    let wanted = gates::pass(run, &history, ask)?;
    let mut stage = Stage {
        environment: ask.to,
        backend: backend.as_ref(),
        lock: lock.as_mut(),
    };
    let version = Version {
        commit: ask.sha.clone(),
        digest: wanted.manifest.digest.clone(),
    };
    run.at(Step::Current);
    let before = before(run, &history, ask.to)?;
    let current = recorded(run, before.as_ref(), &version)?;
    stage.tell(run)?;
    if current && stage.runs(&version)? {
        run.say("runs already, by its record");
        run.outcome.action = Action::Noop;
        return run.cache(ask.to, &version.digest);
    }
    if current {
        // Its record stands: what failed since was what ran.
        stage.redeploy(run, &version)?;
        run.outcome.action = Action::Redeployed;
        return run.cache(ask.to, &version.digest);
    }
    stage.swap(run, &version, before.as_ref())?;
    finish::confirm(run, &mut stage, &history)?;
    finish::record(run, &stage, &history, &version, &wanted.manifest)?;
    run.outcome.action = Action::Promoted;
    run.cache(ask.to, &version.digest)
}

/// What counts in an environment, ready to be put back.
pub fn before(
    run: &mut Run<'_>,
    history: &History,
    environment: Environment,
) -> Result<Option<Before>, Error> {
    let Some(record) = history.good(environment) else {
        return Ok(None);
    };
    let placed = run.placed(history, record)?;
    run.outcome.previous_digest = Some(placed.digest.clone());
    let commit = run.commit_of(history, record, &placed.digest)?;
    if let Err(error) = placed.unmoved() {
        report::warn(&format!("{error}; it will not be put back if this fails"));
    }
    Ok(Some(Before { placed, commit }))
}

/// Whether this version is what the record that counts names.
pub fn recorded(
    run: &mut Run<'_>,
    before: Option<&Before>,
    version: &Version,
) -> Result<bool, Error> {
    let Some(before) = before.filter(|before| before.commit == version.commit) else {
        return Ok(false);
    };
    if before.placed.digest != version.digest {
        return Err(Error::Mismatch(format!(
            "`{}` names {}, and {} is {}: the record was overwritten",
            before.placed.record, before.placed.digest, version.commit, version.digest
        )));
    }
    run.outcome.record = Some(before.placed.record.to_string());
    Ok(true)
}

fn plan(run: &mut Run<'_>, ask: &Promote, history: &History, wanted: &Wanted) -> Result<(), Error> {
    run.at(Step::Current);
    let version = Version {
        commit: ask.sha.clone(),
        digest: wanted.manifest.digest.clone(),
    };
    let before = before(run, history, ask.to)?;
    if recorded(run, before.as_ref(), &version)? {
        run.say("recorded already; would be deployed again only if it does not run");
    } else {
        run.say(&format!(
            "would deploy {} to {} and record it as `{}`",
            run.pinned(&version.digest),
            ask.to,
            history.next(ask.to, &ask.sha)
        ));
    }
    run.outcome.action = Action::Planned;
    Ok(())
}
