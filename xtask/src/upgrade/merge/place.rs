//! Puts every file in its place: a file can't stand where another's folder is.
//!
//! What the service has keeps its place; what the template brings or moves waits, and is named.

use std::collections::{BTreeMap, BTreeSet};

use super::fate::Fate;
use super::note::What;
use crate::tree::{Entry, Tree};

/// The whole result of `own`, which is the service's alone, and `fates`. A fate that found no place says so.
pub(super) fn place<'a>(own: BTreeMap<&'a str, &'a Entry>, fates: &mut [Fate<'a>]) -> Tree {
    let mut held = BTreeMap::new();
    // One that can't move stays where another was to go: from the start, until nothing is held that was not.
    while let Some((at, by)) = collision(&own, fates, &held) {
        held.insert(at, by);
    }
    for (at, by) in held {
        let fate = &mut fates[at];
        fate.notes
            .retain(|what| !matches!(what, What::Added | What::Renamed { .. }));
        let theirs = fate.to.to_owned();
        fate.notes.push(What::Blocked { theirs, by });
        if let Some(from) = fate.from {
            fate.to = from;
        } else {
            fate.entry = None;
            fate.is_aside = true;
        }
    }
    let own = own
        .into_iter()
        .map(|(path, entry)| (path.to_owned(), entry.clone()));
    let fates = fates
        .iter()
        .filter_map(|fate| Some((fate.to.to_owned(), fate.entry.clone()?)));
    own.chain(fates).collect()
}

/// The first of `fates` that can't stand where it is to, and what stands in its way.
fn collision(
    own: &BTreeMap<&str, &Entry>,
    fates: &[Fate<'_>],
    held: &BTreeMap<usize, String>,
) -> Option<(usize, String)> {
    let mut taken: BTreeSet<&str> = own.keys().copied().collect();
    let there = || {
        fates
            .iter()
            .enumerate()
            .filter(|(_, fate)| fate.entry.is_some())
    };
    for (at, fate) in there() {
        match fate.from {
            Some(from) if from == fate.to || held.contains_key(&at) => taken.insert(from),
            _ => continue,
        };
    }
    // What moves comes before what is new: it carries the service's own lines.
    for moves in [true, false] {
        for (at, fate) in there() {
            let waits = fate.from.is_some() == moves && fate.from != Some(fate.to);
            if !waits || held.contains_key(&at) {
                continue;
            }
            if let Some(by) = blocker(&taken, fate.to) {
                return Some((at, by));
            }
            taken.insert(fate.to);
        }
    }
    None
}

/// What keeps a file from standing at `path`.
fn blocker(taken: &BTreeSet<&str>, path: &str) -> Option<String> {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    let above = folders.chain([path]).find(|above| taken.contains(above));
    let inside = format!("{path}/");
    let below = taken
        .iter()
        .copied()
        .find(|below| below.starts_with(&inside));
    above.or(below).map(str::to_owned)
}
