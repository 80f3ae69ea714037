//! The three-way merge of an upgrade: what the recorded version renders, the service as it is committed, and what the
//! wanted version renders.
//!
//! Works on trees in memory, and writes nothing but a repository of its own that vanishes. Nothing of the service's is
//! lost: where nobody but a person can decide, both stand in the file, or the service's stays and the template's is
//! handed over beside it.
//!
//! A path's class is what the wanted version's `.idp/ownership.toml` says, or for what that version no longer has, the
//! recorded one's. A file that changes its class is treated as what it becomes.

mod bare;
mod eol;
mod fate;
mod import;
mod moves;
mod note;
mod place;
#[cfg(test)]
mod property;
mod sides;
mod store;
#[cfg(test)]
mod tests;
mod text;
mod three;

use anyhow::Result;

use fate::{Fate, Verdict, settled};
use moves::Moves;
pub use note::Note;
use sides::Sides;
use store::Store;
use text::{Style, Text, Texts};
use three::Three;

use crate::service::{Class, Ownership};
use crate::tree::Tree;

/// What becomes of a service's files.
#[derive(Debug)]
pub struct Merged {
    /// All of them.
    pub tree: Tree,
    /// What the template has and the service did not take, under the path of the note that says so.
    pub aside: Tree,
    /// What became of each that somebody should hear of, by path.
    pub notes: Vec<Note>,
}

/// Who owns what.
#[derive(Debug)]
pub struct Classes {
    /// As the recorded version has it.
    pub base: Ownership,
    /// As the wanted version has it.
    pub theirs: Ownership,
}

/// What the versions are called.
#[derive(Debug)]
pub struct Labels {
    /// The recorded one, such as `0.1.0`.
    pub base: String,
    /// The wanted one.
    pub theirs: String,
}

impl Classes {
    fn of(&self, path: &str, in_theirs: bool) -> Class {
        let ownership = if in_theirs { &self.theirs } else { &self.base };
        ownership.class(path)
    }
}

/// Merges `base`, `ours` and `theirs`.
///
/// # Errors
/// When git is missing, too old, or fails.
pub fn merge(
    base: &Tree,
    ours: &Tree,
    theirs: &Tree,
    classes: &Classes,
    labels: &Labels,
) -> Result<Merged> {
    let store = Store::default();
    let trees = [base, ours, theirs];
    let moves = Moves::find(&store, trees, classes)?;
    let sides = Sides::of(trees, &moves, classes);
    let own = sides::own(ours, &sides);
    let verdicts = sides.into_iter().map(Verdict::of).collect();
    let mut fates = settle(&store, verdicts, [&labels.base, &labels.theirs])?;
    let tree = place::place(own, &mut fates);
    Ok(report(tree, &fates))
}

/// Merges the lines of what is open.
fn settle<'a>(
    store: &Store,
    verdicts: Vec<Verdict<'a>>,
    labels: [&str; 2],
) -> Result<Vec<Fate<'a>>> {
    let mut fates = Vec::new();
    let mut open = Vec::new();
    for verdict in verdicts {
        match verdict {
            Verdict::Settled(fate) => fates.push(fate),
            Verdict::Open(sides, three) => open.push((sides, three)),
        }
    }
    let (based, new): (Vec<_>, Vec<_>) = open
        .into_iter()
        .partition(|(_, three)| three.base.is_some());
    let merged = lines(store, &based, Style::WithBase, labels)?;
    let mut torn = Vec::new();
    for ((sides, mut three), text) in based.into_iter().zip(merged) {
        // The platform's: what was edited by hand is not taken over in silence, and not lost. It is held against what
        // the template has, without what they have in common.
        if sides.class == Class::Platform && text.clean && text.bytes != three.theirs.bytes {
            three.ours.bytes = text.bytes;
            torn.push((sides, three));
        } else {
            fates.push(settled(&sides, &three, text.bytes, text.clean));
        }
    }
    torn.extend(new);
    let merged = lines(store, &torn, Style::Sides, labels)?;
    for ((sides, three), text) in torn.iter().zip(merged) {
        fates.push(settled(sides, three, text.bytes, text.clean));
    }
    Ok(fates)
}

fn lines(
    store: &Store,
    open: &[(Sides<'_>, Three)],
    style: Style,
    labels: [&str; 2],
) -> Result<Vec<Text>> {
    let texts: Vec<_> = open
        .iter()
        .map(|(sides, three)| Texts {
            base: match style {
                Style::WithBase => three.base.as_ref().map(|base| base.bytes.as_slice()),
                Style::Sides => None,
            },
            ours: &three.ours.bytes,
            theirs: &three.theirs.bytes,
            label: match sides.class {
                Class::Platform => "edited by hand",
                Class::Shared | Class::Yours => "yours",
            },
        })
        .collect();
    store.merge(&texts, style, labels)
}

fn report(tree: Tree, fates: &[Fate<'_>]) -> Merged {
    let mut notes = Vec::new();
    let mut aside = Tree::new();
    for fate in fates {
        if let (true, Some(entry)) = (fate.is_aside, fate.theirs) {
            aside.insert(fate.to.to_owned(), entry.clone());
        }
        notes.extend(fate.notes.iter().map(|what| Note {
            file: fate.to.to_owned(),
            class: fate.class,
            what: what.clone(),
        }));
    }
    notes.sort_by(|a, b| a.file.cmp(&b.file));
    Merged { tree, aside, notes }
}
