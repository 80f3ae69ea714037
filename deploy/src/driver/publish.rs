//! `publish`: an image that CI has passed gets the tag of its commit, for good, and `latest-dev`.

use super::plan::Step;
use super::run::Run;
use crate::error::Error;
use crate::ledger::LATEST;
use crate::names::{Commit, Digest};
use crate::outcome::Action;
use crate::registry::Manifest;
use crate::report;

/// What is asked for.
#[derive(Debug)]
pub struct Publish {
    /// Built from this commit.
    pub sha: Commit,
    /// What the build pushed.
    pub digest: Digest,
}

/// Runs it.
pub fn publish(run: &mut Run<'_>, ask: &Publish) -> Result<(), Error> {
    run.at(Step::Resolve);
    let manifest = run.fetch(&ask.digest)?;
    run.outcome.about(run.image, &manifest.digest);
    run.say(&format!("{} is there", run.pinned(&manifest.digest)));
    belongs(run, ask, &manifest)?;
    run.at(Step::Tag);
    let tagged = run.ledger.write_once(ask.sha.as_str(), &manifest)?;
    run.say(&format!("`{}`{}", ask.sha, already(tagged)));
    run.outcome.changed = tagged;
    run.so_far = format!(
        "`{}` is published; `{LATEST}` was not moved, which the same command does",
        ask.sha
    );
    let moved = latest(run, &manifest)?;
    run.outcome.changed |= moved;
    run.outcome.action = if run.outcome.changed {
        Action::Published
    } else {
        Action::Noop
    };
    Ok(())
}

/// The image does not say that it is another commit's.
fn belongs(run: &mut Run<'_>, ask: &Publish, manifest: &Manifest) -> Result<(), Error> {
    run.at(Step::Unmoved);
    match run.client.labels(manifest)?.revision() {
        Some(said) if said != ask.sha => Err(Error::Mismatch(format!(
            "{} says by its label that it was built from {said}, and not from {}: give the digest that this commit's build pushed",
            run.pinned(&manifest.digest),
            ask.sha
        ))),
        Some(_) => Ok(()),
        None => {
            report::warn(
                "the image has no label `org.opencontainers.image.revision`: whether it is this commit's can't be told",
            );
            Ok(())
        }
    }
}

/// Moves `latest-dev`, but not back: a run of yesterday that is repeated has an older image.
fn latest(run: &mut Run<'_>, manifest: &Manifest) -> Result<bool, Error> {
    run.at(Step::Latest);
    if let Some(there) = run.client.manifest(LATEST)?
        && there.digest != manifest.digest
    {
        let (ours, theirs) = (run.client.labels(manifest)?, run.client.labels(&there)?);
        if let (Some(ours), Some(theirs)) = (ours.created(), theirs.created())
            && ours < theirs
        {
            run.say(&format!(
                "`{LATEST}` stays: it names a newer image, {}",
                there.digest
            ));
            return Ok(false);
        }
    }
    let moved = run.ledger.move_to(LATEST, manifest)?;
    run.say(&format!("`{LATEST}`{}", already(moved)));
    Ok(moved)
}

fn already(written: bool) -> &'static str {
    if written { "" } else { " already" }
}
