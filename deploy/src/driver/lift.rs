//! `lift`: a commit that was rolled back may be deployed again. Nothing is deployed.

use super::plan::Step;
use super::rollback::{keep, note};
use super::run::Run;
use crate::error::Error;
use crate::ledger::Record;
use crate::names::{Commit, Environment};
use crate::outcome::Action;

/// What is asked for.
#[derive(Debug)]
pub struct Lift {
    /// Where.
    pub env: Environment,
    /// Which commit.
    pub sha: Commit,
    /// Why.
    pub reason: String,
}

/// Runs it.
pub fn lift(run: &mut Run<'_>, ask: &Lift) -> Result<(), Error> {
    let history = run.history()?;
    run.at(Step::Lift);
    let digest = run.ledger.digest(ask.sha.as_str())?.ok_or_else(|| {
        Error::NoImage(format!(
            "nothing was published as {}:{}",
            run.image, ask.sha
        ))
    })?;
    run.outcome.about(run.image, &digest);
    let Some(held) = history.quarantine(ask.env, ask.sha.short()) else {
        run.say(&format!("{} is not quarantined in {}", ask.sha, ask.env));
        run.outcome.action = Action::Noop;
        return Ok(());
    };
    let record = Record {
        seq: held.lift.seq,
        short: held.lift.short.clone(),
        environment: ask.env,
    };
    let manifest = run.fetch(&digest)?;
    keep(
        run,
        &held.lift.to_string(),
        &note(&ask.reason, &record),
        &manifest,
    )?;
    run.outcome.changed = true;
    run.outcome.action = Action::Lifted;
    Ok(())
}
