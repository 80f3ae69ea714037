//! `rollback`: back to an earlier version that was recorded as good. History goes forward, and what is gone back from is
//! quarantined, so that a second rollback goes further back and never to and fro. Nothing is built.

use super::finish;
use super::plan::Step;
use super::promote::{before, recorded};
use super::run::{Placed, Run, who};
use super::swap::{Stage, Version};
use crate::error::Error;
use crate::ledger::{History, Record};
use crate::names::{Commit, Environment};
use crate::outcome::Action;
use crate::registry::{Manifest, Note, REASON};
use crate::report;

/// What is asked for.
#[derive(Debug)]
pub struct Rollback {
    /// Where.
    pub env: Environment,
    /// To which commit; otherwise the newest other one that is free.
    pub to: Option<Commit>,
    /// Why.
    pub reason: String,
}

/// Runs it.
pub fn rollback(run: &mut Run<'_>, ask: &Rollback) -> Result<(), Error> {
    let (backend, mut lock) = run.lock(ask.env)?;
    let history = run.history()?;
    run.at(Step::Newest);
    let bad = history
        .newest(ask.env)
        .ok_or_else(|| Error::NothingLeft(format!("nothing was ever recorded in {}", ask.env)))?;
    let bad = run.placed(&history, bad)?;
    run.say(&format!(
        "`{}` is to be gone back from: {}",
        bad.record, ask.reason
    ));
    if ask.to.is_none() && unfinished(run, &history, &bad)? {
        return finish_earlier(run, ask, &bad);
    }
    let target = target(run, &history, ask, &bad)?;
    run.at(Step::Unmoved);
    target.unmoved()?;
    let manifest = run.fetch(&target.digest)?;
    let version = Version {
        commit: run.commit_of(&history, &target.record, &target.digest)?,
        digest: target.digest.clone(),
    };
    run.outcome.about(run.image, &version.digest);
    run.at(Step::Current);
    let before = before(run, &history, ask.env)?;
    run.outcome.previous_digest = Some(bad.digest.clone());
    let mut stage = Stage {
        environment: ask.env,
        backend: backend.as_ref(),
        lock: lock.as_mut(),
    };
    stage.tell(run)?;
    if target.record == bad.record {
        recorded(run, before.as_ref(), &version)?;
        if stage.runs(&version)? {
            run.say("runs already, by its record");
            run.outcome.action = Action::Noop;
        } else {
            stage.redeploy(run, &version)?;
            run.outcome.action = Action::Redeployed;
        }
        return run.cache(ask.env, &version.digest);
    }
    stage.swap(run, &version, before.as_ref())?;
    finish::confirm(run, &mut stage, &history)?;
    quarantine(run, &history, &bad, &manifest, &ask.reason)?;
    finish::record(run, &stage, &history, &version, &manifest)?;
    run.outcome.action = Action::RolledBack;
    run.cache(ask.env, &version.digest)
}

/// Whether an earlier rollback wrote its record and died before its last step: the record before the newest is quarantined,
/// and the cache tag still names it. Without this, repeating that command would go back one version too far.
fn unfinished(run: &Run<'_>, history: &History, newest: &Placed) -> Result<bool, Error> {
    let environment = newest.record.environment;
    let Some(earlier) = history.records(environment).nth(1) else {
        return Ok(false);
    };
    if history.quarantine(environment, &earlier.short).is_none() {
        return Ok(false);
    }
    let earlier = run.placed(history, earlier)?;
    let cache = run.ledger.digest(environment.name())?;
    Ok(earlier.digest != newest.digest && cache.as_ref() == Some(&earlier.digest))
}

fn finish_earlier(run: &mut Run<'_>, ask: &Rollback, newest: &Placed) -> Result<(), Error> {
    run.say(&format!(
        "the rollback to `{}` was interrupted before its last step, which is done now; to go back further, repeat this",
        newest.record
    ));
    run.outcome.about(run.image, &newest.digest);
    run.outcome.record = Some(newest.record.to_string());
    run.outcome.action = Action::Noop;
    run.cache(ask.env, &newest.digest)
}

fn target(
    run: &mut Run<'_>,
    history: &History,
    ask: &Rollback,
    bad: &Placed,
) -> Result<Placed, Error> {
    run.at(Step::Target);
    let found = match &ask.to {
        Some(sha) => named(run, history, ask.env, sha)?,
        None => newest_other(run, history, ask.env, bad)?,
    };
    run.say(&format!("`{}`, {}", found.record, found.digest));
    Ok(found)
}

fn named(
    run: &Run<'_>,
    history: &History,
    environment: Environment,
    sha: &Commit,
) -> Result<Placed, Error> {
    if let Some(held) = history.quarantine(environment, sha.short()) {
        return Err(Error::Quarantined(format!(
            "{sha} was rolled back in {environment} itself (`{}`): lift that first, or choose another",
            held.mark
        )));
    }
    let record = history.record_of(environment, sha.short()).ok_or_else(|| {
        let mut known: Vec<_> = history
            .records(environment)
            .map(|record| record.short.as_str())
            .collect();
        known.dedup();
        known.truncate(5);
        Error::NothingLeft(format!(
            "{sha} was never recorded in {environment}; the newest that were: {}",
            known.join(", ")
        ))
    })?;
    run.placed(history, record)
}

fn newest_other(
    run: &Run<'_>,
    history: &History,
    environment: Environment,
    bad: &Placed,
) -> Result<Placed, Error> {
    let mut seen: Vec<&str> = vec![&bad.record.short];
    for record in history.records(environment) {
        if seen.contains(&record.short.as_str()) {
            continue;
        }
        seen.push(&record.short);
        if history.quarantine(environment, &record.short).is_some() {
            continue;
        }
        let placed = run.placed(history, record)?;
        if placed.digest != bad.digest {
            return Ok(placed);
        }
    }
    Err(Error::NothingLeft(format!(
        "{environment} has no other version that is not quarantined than `{}`, which stays; lift one, or promote a new one",
        bad.record
    )))
}

fn quarantine(
    run: &mut Run<'_>,
    history: &History,
    bad: &Placed,
    instead: &Manifest,
    reason: &str,
) -> Result<(), Error> {
    run.at(Step::Quarantine);
    let Some(mark) = history.mark(&bad.record) else {
        run.say(&format!("{} is quarantined already", bad.record.short));
        return Ok(());
    };
    let note = note(reason, &bad.record).with("dev.idp-lite.digest", bad.digest.as_str());
    keep(run, &mark.to_string(), &note, instead)
}

/// What a quarantine or a lift says.
pub fn note(reason: &str, record: &Record) -> Note {
    Note::reason(reason)
        .with("dev.idp-lite.record", &record.to_string())
        .with("dev.idp-lite.by", &who())
}

/// Keeps a note in the registry, and says it in the job's summary.
pub fn keep(run: &mut Run<'_>, tag: &str, note: &Note, instead: &Manifest) -> Result<(), Error> {
    if !run.ledger.note_once(tag, note, instead)? {
        report::warn(&format!(
            "the registry takes no notes: `{tag}` stands, its reason is only in this output"
        ));
    }
    run.say(&format!("`{tag}`"));
    if let Some(text) = note.annotations.get(REASON) {
        report::summarise(&format!("`{tag}`: {text}"));
    }
    Ok(())
}
