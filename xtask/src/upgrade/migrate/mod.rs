//! What a template's upgrade scripts do to a service, before its files are merged with those of the wanted version.
//!
//! All of it happens in memory, on what the service has committed and what it answered: nothing is read from or written to
//! its folder, so a dry run shows what a run does. A script that fails changes nothing at all.

mod answers;
mod error;
mod files;
mod path;
mod run;
mod state;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail};
use semver::Version;

use crate::pack::{Answers, Template};
use crate::report::Source;
use crate::rules::template::model::hooks::Rhai;
use crate::rules::template::model::{is_script, upgrades};
use crate::tree::{Entry, Kind, Tree};

/// What one script did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The version that it belongs to.
    pub version: Version,
    /// The script, as `template-axum/upgrades/0.3.0.rhai`.
    pub script: String,
    /// What it did, as part of a sentence: "moved `a` to `b`, deleted `c`", or "nothing was left to do".
    pub what: String,
    /// What a person has to do.
    pub notes: Vec<String>,
    /// Files that it moved, in its order; `follow` moves them on another side of a merge.
    pub moved: Vec<(String, String)>,
}

/// Runs the scripts of `template`, the wanted version's, on the files and the answers of a service of version `from`: those
/// of versions above `from` up to `to`, in their order.
///
/// # Errors
/// At the place in the script, with what is wrong and a remedy; then `ours` and `answers` are as they were.
pub fn migrate(
    template: &Template,
    from: &Version,
    to: &Version,
    ours: &mut Tree,
    answers: &mut Answers,
) -> Result<Vec<Done>> {
    let mut due = scripts(template)?;
    due.retain(|(version, _)| from < version && version <= to);
    if due.is_empty() {
        return Ok(Vec::new());
    }
    due.sort_by(|one, other| one.0.cmp(&other.0));
    let due = due
        .into_iter()
        .map(|(version, path)| Ok((version, source(template, path)?)))
        .collect::<Result<Vec<_>>>()?;
    // Copies, so that a failure leaves both as they were.
    let before = (ours.clone(), answers.clone());
    let (tree, answered, done) = Rhai::with(|rhai| run::all(rhai, &due, before))??;
    *ours = tree;
    *answers = answered;
    Ok(done)
}

/// What to go to where the target is `version` and no release: scripts for the version to come belong to it too.
///
/// # Errors
/// When a script's name is no version.
pub fn newest(template: &Template, version: &Version) -> Result<Version> {
    let versions = scripts(template)?.into_iter().map(|(version, _)| version);
    Ok(versions.fold(version.clone(), Version::max))
}

/// Moves in `base` what the scripts moved in the service, so that a merge sees one file and not one that went and another
/// that came.
pub fn follow(base: &mut Tree, done: &[Done]) {
    for (from, to) in done.iter().flat_map(|done| &done.moved) {
        if base.contains_key(to) {
            continue;
        }
        if let Some(entry) = base.remove(from) {
            base.insert(to.clone(), entry);
        }
    }
}

/// The scripts of a template, each with the version that its name says.
fn scripts(template: &Template) -> Result<Vec<(Version, &str)>> {
    let files = template.files.iter().map(String::as_str);
    files
        .filter(|path| path.starts_with(upgrades::FOLDER) && is_script(path))
        .map(|path| {
            let version = upgrades::version(path).with_context(|| {
                format!(
                    "{}/{path} is named by no version; name it `{}X.Y.Z.rhai` in the pack",
                    template.name,
                    upgrades::FOLDER
                )
            })?;
            Ok((version, path))
        })
        .collect()
}

fn source(template: &Template, path: &str) -> Result<Source> {
    let place = format!("{}/{path}", template.name);
    let entry = Entry::read(&template.dir.join(path))?;
    let file = entry.filter(|entry| entry.kind != Kind::Link);
    match file.as_ref().and_then(Entry::text) {
        Some(text) => Ok(Source::new(place, text)),
        None => bail!("{place} is no file of text; write it in UTF-8 in the pack"),
    }
}
