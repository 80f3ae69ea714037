//! Which file of the one belongs to which of the others.

use std::collections::{BTreeMap, BTreeSet};

use super::Classes;
use super::moves::Moves;
use crate::service::Class;
use crate::tree::{Entry, Tree};

/// A file and where it stands.
pub(super) type At<'a> = (&'a str, &'a Entry);

/// One file as each has it, wherever it stands there. The template knows it: base or theirs has it.
#[derive(Debug)]
pub(super) struct Sides<'a> {
    /// Whose it is.
    pub(super) class: Class,
    /// As the recorded version renders it.
    pub(super) base: Option<At<'a>>,
    /// As the service has it.
    pub(super) ours: Option<At<'a>>,
    /// As the wanted version renders it.
    pub(super) theirs: Option<At<'a>>,
}

impl<'a> Sides<'a> {
    /// Everything that the template knows.
    pub(super) fn of(
        [base, ours, theirs]: [&'a Tree; 3],
        moves: &Moves,
        classes: &Classes,
    ) -> Vec<Self> {
        let at = |tree: &'a Tree, path: &str| {
            tree.get_key_value(path)
                .map(|(path, entry)| (path.as_str(), entry))
        };
        let mut all = Vec::new();
        for (path, entry) in base {
            let there = moves.theirs.get(path).map_or(path.as_str(), String::as_str);
            // Where the service has it, if not here: where the service moved it to, or where the template has.
            let here = at(ours, path)
                .or_else(|| at(ours, moves.ours.get(path)?))
                .or_else(|| at(ours, there));
            all.push(Self {
                class: classes.of(there, theirs.contains_key(there)),
                base: Some((path, entry)),
                ours: here,
                theirs: at(theirs, there),
            });
        }
        let renamed: BTreeSet<_> = moves.theirs.values().collect();
        for (path, entry) in theirs {
            if base.contains_key(path) || renamed.contains(path) {
                continue;
            }
            all.push(Self {
                class: classes.of(path, true),
                base: None,
                ours: at(ours, path),
                theirs: Some((path, entry)),
            });
        }
        all
    }

    /// Whether the template has it under another name than it had.
    pub(super) fn renamed(&self) -> bool {
        matches!((self.base, self.theirs), (Some((from, _)), Some((to, _))) if from != to)
    }

    /// Where the service is to have it: where the template has moved it to, unless the service has moved it as well.
    pub(super) fn place(&self) -> &'a str {
        match (self.base, self.ours, self.theirs) {
            (Some((was, _)), Some((is, _)), Some((to, _))) if was == is => to,
            (_, Some((is, _)), _) => is,
            (_, None, Some((to, _))) => to,
            (Some((was, _)), None, None) => was,
            (None, None, None) => "",
        }
    }
}

/// The files that are the service's alone.
pub(super) fn own<'a>(ours: &'a Tree, sides: &[Sides<'a>]) -> BTreeMap<&'a str, &'a Entry> {
    let known: BTreeSet<_> = sides
        .iter()
        .filter_map(|sides| sides.ours)
        .map(|(path, _)| path)
        .collect();
    ours.iter()
        .map(|(path, entry)| (path.as_str(), entry))
        .filter(|(path, _)| !known.contains(path))
        .collect()
}
