//! After deploy and verify: the record, which is the commit point, and what follows from it.

use super::plan::Step;
use super::run::Run;
use super::swap::{Stage, Version};
use crate::error::Error;
use crate::ledger::{History, Record};
use crate::registry::Manifest;

/// Makes sure that nobody else deployed here meanwhile.
pub fn confirm(run: &mut Run<'_>, stage: &mut Stage<'_>, history: &History) -> Result<(), Error> {
    run.at(Step::Confirm);
    stage.lock.renew()?;
    let environment = stage.environment;
    let now = run.ledger.read()?;
    if now.newest(environment) != history.newest(environment) {
        let newest = now.newest(environment).map(ToString::to_string);
        return Err(Error::Locked(format!(
            "somebody else recorded `{}` while this ran: the lock was lost",
            newest.unwrap_or_default()
        )));
    }
    Ok(())
}

/// Writes the record.
pub fn record(
    run: &mut Run<'_>,
    stage: &Stage<'_>,
    history: &History,
    version: &Version,
    manifest: &Manifest,
) -> Result<Record, Error> {
    run.at(Step::Record);
    let record = history.next(stage.environment, &version.commit);
    run.ledger.write_once(&record.to_string(), manifest)?;
    run.say(&format!("`{record}`"));
    run.outcome.record = Some(record.to_string());
    run.so_far = format!(
        "`{record}` is written, so it is deployed; only the tag `{}` is stale, which the same command repairs",
        stage.environment
    );
    Ok(record)
}
