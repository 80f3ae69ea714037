//! What has to hold before anything is deployed, in the order that decides which refusal is heard.

use super::plan::Step;
use super::promote::Promote;
use super::run::Run;
use crate::error::Error;
use crate::ledger::{History, Record};
use crate::names::{Commit, Digest, Environment};
use crate::registry::Manifest;
use crate::report;

/// What passed.
pub struct Wanted {
    /// By the bytes.
    pub manifest: Manifest,
}

/// All of them.
pub fn pass(run: &mut Run<'_>, history: &History, ask: &Promote) -> Result<Wanted, Error> {
    let proof = ask
        .to
        .before()
        .map(|stage| Proof::find(history, stage, &ask.sha));
    let digest = resolve(run, &ask.sha)?;
    let manifest = unmoved(run, ask, proof.as_ref(), &digest)?;
    proven(run, proof.as_ref(), ask)?;
    free(run, history, ask)?;
    newer(run, history, ask, &manifest)?;
    Ok(Wanted { manifest })
}

/// What the stage before says.
struct Proof {
    stage: Environment,
    record: Option<Record>,
}

impl Proof {
    fn find(history: &History, stage: Environment, sha: &Commit) -> Self {
        Self {
            stage,
            record: history.record_of(stage, sha.short()).cloned(),
        }
    }
}

fn resolve(run: &mut Run<'_>, sha: &Commit) -> Result<Digest, Error> {
    run.at(Step::Resolve);
    let digest = run.ledger.digest(sha.as_str())?.ok_or_else(|| {
        Error::NoImage(format!(
            "nothing was published as {}:{sha}; `idp-deploy publish` does it once CI has passed",
            run.image
        ))
    })?;
    run.outcome.about(run.image, &digest);
    run.say(&format!("{sha} is {digest}"));
    Ok(digest)
}

/// The commit's tag, the record of the stage before and what was built agree, and the bytes are there.
fn unmoved(
    run: &mut Run<'_>,
    ask: &Promote,
    proof: Option<&Proof>,
    tagged: &Digest,
) -> Result<Manifest, Error> {
    run.at(Step::Unmoved);
    let differs = |who: &str, digest: &Digest| {
        Error::Mismatch(format!(
            "{}:{} names {tagged}, and {who} {digest}: the tag was moved, or this is another build",
            run.image, ask.sha
        ))
    };
    if let Some(given) = ask.digest.as_ref().filter(|given| *given != tagged) {
        return Err(differs("`--digest` says", given));
    }
    if let Some(record) = proof.and_then(|proof| proof.record.as_ref()) {
        let recorded = run.ledger.digest(&record.to_string())?;
        if let Some(recorded) = recorded.filter(|recorded| recorded != tagged) {
            return Err(differs(&format!("`{record}`"), &recorded));
        }
    }
    run.fetch(tagged)
}

fn proven(run: &mut Run<'_>, proof: Option<&Proof>, ask: &Promote) -> Result<(), Error> {
    run.at(Step::Proven);
    let Some(proof) = proof else {
        run.say("published, so CI has passed");
        return Ok(());
    };
    match &proof.record {
        Some(record) => {
            run.say(&format!("`{record}`"));
            Ok(())
        }
        None => Err(Error::Unproven(format!(
            "{} has no record in {}: promote it there first",
            ask.sha, proof.stage
        ))),
    }
}

/// Neither here, nor in the stage that should have proven it.
fn free(run: &mut Run<'_>, history: &History, ask: &Promote) -> Result<(), Error> {
    run.at(Step::Free);
    for environment in [Some(ask.to), ask.to.before()].into_iter().flatten() {
        if let Some(held) = history.quarantine(environment, ask.sha.short()) {
            return Err(Error::Quarantined(format!(
                "{} was rolled back in {environment} (`{}`); once it is known why, `idp-deploy lift --image {} --env {environment} --sha {} --reason TEXT`",
                ask.sha, held.mark, run.image, ask.sha
            )));
        }
    }
    Ok(())
}

/// A lower number in the stage before; for dev, which has none, an earlier `created` label. Never git's history, and never
/// this machine's clock.
fn newer(
    run: &mut Run<'_>,
    history: &History,
    ask: &Promote,
    manifest: &Manifest,
) -> Result<(), Error> {
    run.at(Step::Newer);
    let Some(current) = history
        .good(ask.to)
        .filter(|record| record.short != ask.sha.short())
    else {
        return Ok(());
    };
    let older = match ask.to.before() {
        Some(stage) => {
            let seq = |short: &str| history.record_of(stage, short).map(|record| record.seq);
            match (seq(ask.sha.short()), seq(&current.short)) {
                (Some(asked), Some(runs)) if asked < runs => Some(format!(
                    "{stage} had it as number {asked}, and what runs as number {runs}"
                )),
                _ => None,
            }
        }
        None => created_earlier(run, current, manifest)?,
    };
    let Some(why) = older else {
        return Ok(());
    };
    let text = format!("{} is older than `{current}`: {why}", ask.sha);
    if ask.allow_older {
        run.say(&format!("{text}; allowed"));
        return Ok(());
    }
    Err(Error::Older(format!(
        "{text}; `--allow-older` if that is meant, `rollback` if {} is bad",
        current.short
    )))
}

fn created_earlier(
    run: &Run<'_>,
    current: &Record,
    manifest: &Manifest,
) -> Result<Option<String>, Error> {
    let Some(runs) = run.client.manifest(&current.to_string())? else {
        return Ok(None);
    };
    let asked = run.client.labels(manifest)?.created();
    let runs = run.client.labels(&runs)?.created();
    let (Some(asked), Some(runs)) = (asked, runs) else {
        report::warn(
            "an image has no label `org.opencontainers.image.created`: which is older can't be told",
        );
        return Ok(None);
    };
    let time = |at| humantime::format_rfc3339_seconds(at);
    Ok((asked < runs).then(|| format!("created {}, and what runs {}", time(asked), time(runs))))
}
