//! What was renamed, by the template and by the service's developers.

use std::collections::BTreeMap;

use anyhow::Result;

use super::Classes;
use super::store::Store;
use crate::service::Class;
use crate::tree::{Entry, Tree};

/// How much of a file is the same, of a hundred parts, when the template renames it: git's own measure.
const TEMPLATE: u8 = 50;
/// And when a file that only the service has is to be one of the template's: it may as well be the developers' own,
/// which nothing may touch, so it has to be plain.
const SERVICE: u8 = 75;

/// Renamed files, by the path that they had.
#[derive(Debug)]
pub(super) struct Moves {
    /// Where the template has them.
    pub(super) theirs: BTreeMap<String, String>,
    /// Where the service has them.
    pub(super) ours: BTreeMap<String, String>,
}

impl Moves {
    /// Looks for them.
    pub(super) fn find(
        store: &Store,
        [base, ours, theirs]: [&Tree; 3],
        classes: &Classes,
    ) -> Result<Self> {
        let theirs_moves = by_template(store, [base, ours, theirs], classes)?;
        let ours_moves = by_service(store, [base, ours, theirs], classes, &theirs_moves)?;
        Ok(Self {
            theirs: theirs_moves,
            ours: ours_moves,
        })
    }
}

fn by_template(
    store: &Store,
    [base, ours, theirs]: [&Tree; 3],
    classes: &Classes,
) -> Result<BTreeMap<String, String>> {
    // What is the developers' own stays where it is, whatever becomes of the example.
    let gone = files(base, |path| {
        !theirs.contains_key(path) && classes.base.class(path) != Class::Yours
    });
    let new = files(theirs, |path| {
        let kept = ours.contains_key(path) && classes.theirs.class(path) == Class::Yours;
        !base.contains_key(path) && !kept
    });
    let renames = store.renames(&gone, &new, TEMPLATE)?;
    // Where the service has both, what stands at the new place is another file.
    Ok(renames
        .into_iter()
        .filter(|(from, to)| !(ours.contains_key(from) && ours.contains_key(to)))
        .collect())
}

fn by_service(
    store: &Store,
    [base, ours, theirs]: [&Tree; 3],
    classes: &Classes,
    renamed: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let gone = files(base, |path| {
        let there = renamed.get(path).map_or(path, String::as_str);
        let change = theirs
            .get(there)
            .is_some_and(|entry| there != path || base.get(path) != Some(entry));
        change
            && classes.of(there, theirs.contains_key(there)) == Class::Shared
            && !ours.contains_key(path)
            && !ours.contains_key(there)
    });
    let new = files(ours, |path| {
        !base.contains_key(path) && !theirs.contains_key(path)
    });
    let found = store.renames(&gone, &new, SERVICE)?;
    Ok(found.into_iter().collect())
}

fn files(tree: &Tree, wanted: impl Fn(&str) -> bool) -> Vec<(&str, &Entry)> {
    tree.iter()
        .map(|(path, entry)| (path.as_str(), entry))
        .filter(|(path, _)| wanted(path))
        .collect()
}
