//! `Cargo.lock`: resolved for the merged manifest, with as little change as that takes.
//!
//! A lock file is no text to be merged by lines. What the template changed (an entry taken out, one put in) is done to the
//! service's own, and cargo then completes what is missing and drops what nothing uses.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use super::LOCK;
use super::merge::Note;
use crate::interrupt::Folder;
use crate::lock::{Block, blocks, settle};
use crate::render::in_memory;
use crate::tree::{Entry, Kind, Tree};

/// What became of the lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it was.
    Kept,
    /// It is the template's.
    Replaced,
    /// The template's changes were made to it, and cargo resolved the rest.
    Resolved,
    /// It is as it was, and does not fit.
    Waits {
        /// Why.
        why: String,
        /// What to do.
        remedy: String,
    },
}

impl Outcome {
    /// Why somebody has to do something, and what.
    pub fn open(&self) -> Option<(&str, &str)> {
        match self {
            Self::Waits { why, remedy } => Some((why, remedy)),
            _ => None,
        }
    }
}

/// What to type when it waits.
const REMEDY: &str = "cargo update --workspace";

/// Puts the lock file into `after`, which holds everything else. `locks` are those of base, ours and theirs.
pub(super) fn resolve(
    after: &mut Tree,
    ours: &Tree,
    theirs: &Tree,
    locks: [Option<Entry>; 3],
    notes: &[Note],
) -> Result<Outcome> {
    let [base, own, wanted] = locks;
    let same = |other: &Tree| manifests(after) == manifests(other);
    let (outcome, entry) = match (own, wanted) {
        // A service whose developers threw it away, or a template that has none.
        (None, _) => (Outcome::Kept, None),
        (own, None) => (Outcome::Kept, own),
        (own, wanted) if own == wanted => (Outcome::Kept, own),
        (own, wanted) if wanted == base && same(ours) => (Outcome::Kept, own),
        (own, wanted) if own == base && same(theirs) => (Outcome::Replaced, wanted),
        (Some(own), Some(wanted)) => {
            let open = notes
                .iter()
                .find(|note| note.what.is_conflict() && is_manifest(&note.file));
            if let Some(note) = open {
                let waits = Outcome::Waits {
                    why: format!("it waits for what is decided in `{}`", note.file),
                    remedy: format!("decide there, then run: {REMEDY}"),
                };
                (waits, Some(own))
            } else {
                resolved(after, base.as_ref(), own, &wanted)?
            }
        }
    };
    if let Some(entry) = entry {
        after.insert(LOCK.to_owned(), entry);
    }
    Ok(outcome)
}

fn is_manifest(path: &str) -> bool {
    path == "Cargo.toml" || path.ends_with("/Cargo.toml")
}

fn manifests(tree: &Tree) -> Vec<(&String, &Entry)> {
    tree.iter().filter(|(path, _)| is_manifest(path)).collect()
}

fn resolved(
    after: &Tree,
    base: Option<&Entry>,
    own: Entry,
    wanted: &Entry,
) -> Result<(Outcome, Option<Entry>)> {
    let text = |entry: &Entry| entry.text().unwrap_or_default().replace("\r\n", "\n");
    let entries = |entry: Option<&Entry>| blocks(&entry.map(text).unwrap_or_default());
    let seed = carried(&entries(base), entries(Some(&own)), entries(Some(wanted)));
    let folder = Folder::new("lock-", &in_memory())?;
    write(folder.path(), after)?;
    Ok(match settle(folder.path(), &seed) {
        Ok(mut lock) => {
            if own.text().is_some_and(|text| text.contains("\r\n")) {
                lock = lock.replace('\n', "\r\n");
            }
            let bytes = lock.into_bytes();
            let kind = own.kind;
            (Outcome::Resolved, Some(Entry { kind, bytes }))
        }
        Err(error) => {
            let said = error.to_string();
            let line = said.lines().find(|line| line.starts_with("error"));
            let said = line.or(said.lines().next()).unwrap_or_default();
            let said = said.trim_start_matches("error: ");
            let waits = Outcome::Waits {
                why: format!("cargo could not resolve it: {said}"),
                remedy: REMEDY.to_owned(),
            };
            (waits, Some(own))
        }
    })
}

/// The service's entries, with what the template took out taken out, and what it put in put in.
fn carried(base: &[Block], own: Vec<Block>, wanted: Vec<Block>) -> Vec<Block> {
    let key = |block: &Block| (block.name.clone(), block.version.clone());
    let before: BTreeSet<_> = base.iter().map(key).collect();
    let then: BTreeSet<_> = wanted.iter().map(key).collect();
    let kept = own
        .into_iter()
        .filter(|block| then.contains(&key(block)) || !before.contains(&key(block)));
    let mut all: Vec<Block> = kept.collect();
    all.extend(
        wanted
            .into_iter()
            .filter(|block| !before.contains(&key(block))),
    );
    all
}

fn write(folder: &Path, tree: &Tree) -> Result<()> {
    for (path, entry) in tree {
        if entry.kind == Kind::Link {
            continue;
        }
        let path = folder.join(path);
        let attempt = || {
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            std::fs::write(&path, &entry.bytes)
        };
        attempt().with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(entries: &[(&str, &str)]) -> Vec<Block> {
        entries
            .iter()
            .map(|(name, version)| Block {
                name: (*name).into(),
                version: (*version).into(),
                text: format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n"),
            })
            .collect()
    }

    #[test]
    fn what_the_template_changed_is_changed_and_the_rest_stays() {
        let base = lock(&[("axum", "0.8.1"), ("gone", "1.0.0"), ("same", "1.0.0")]);
        let own = lock(&[
            ("axum", "0.8.1"),
            ("gone", "1.0.0"),
            ("mine", "3.0.0"),
            ("same", "1.0.5"),
        ]);
        let wanted = lock(&[("axum", "0.8.4"), ("new", "2.0.0"), ("same", "1.0.0")]);
        let all = carried(&base, own, wanted);
        let all: Vec<_> = all
            .iter()
            .map(|block| format!("{} {}", block.name, block.version))
            .collect();
        assert_eq!(all, ["mine 3.0.0", "same 1.0.5", "axum 0.8.4", "new 2.0.0"]);
    }
}
