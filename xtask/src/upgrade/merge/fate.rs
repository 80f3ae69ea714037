//! What becomes of one file, by whose it is. Where lines have to be merged for that, it is left open.

use super::note::{Example, What};
use super::sides::Sides;
use super::three::{Three, merge};
use crate::service::Class;
use crate::tree::Entry;

/// What becomes of a file.
#[derive(Debug)]
pub(super) struct Fate<'a> {
    /// Where the service has it.
    pub(super) from: Option<&'a str>,
    /// Where it is to stand, if anywhere.
    pub(super) to: &'a str,
    /// Whose it is.
    pub(super) class: Class,
    /// What it is to hold; nothing where it is to be no more, or stays away.
    pub(super) entry: Option<Entry>,
    /// What to say of it.
    pub(super) notes: Vec<What>,
    /// As the template has it.
    pub(super) theirs: Option<&'a Entry>,
    /// Whether that found no place in the service.
    pub(super) is_aside: bool,
}

/// What is known of a file so far.
#[derive(Debug)]
pub(super) enum Verdict<'a> {
    /// Everything.
    Settled(Fate<'a>),
    /// All but its lines.
    Open(Sides<'a>, Three),
}

impl<'a> Fate<'a> {
    /// What becomes of `sides` with `entry` as its content.
    pub(super) fn new(sides: &Sides<'a>, entry: Option<Entry>, notes: Vec<What>) -> Self {
        Self {
            from: sides.ours.map(|(path, _)| path),
            to: sides.place(),
            class: sides.class,
            entry,
            notes,
            theirs: sides.theirs.map(|(_, entry)| entry),
            is_aside: false,
        }
    }

    /// The service's stays, and the template's is shown beside it.
    fn kept(sides: &Sides<'a>, what: What) -> Self {
        Self {
            is_aside: true,
            ..Self::new(
                sides,
                sides.ours.map(|(_, entry)| entry.clone()),
                vec![what],
            )
        }
    }
}

impl<'a> Verdict<'a> {
    /// Of `sides`.
    pub(super) fn of(sides: Sides<'a>) -> Self {
        // One that becomes the developers' own under another name was shared until then, and is theirs from here on.
        let mine = sides.class == Class::Yours && !sides.renamed();
        if mine {
            return Self::Settled(yours(&sides));
        }
        let [base, ours, theirs] =
            [sides.base, sides.ours, sides.theirs].map(|at| at.map(|(_, entry)| entry));
        match (base, ours, theirs) {
            (_, Some(ours), Some(theirs)) => both(sides, base, ours, theirs),
            (None, None, Some(theirs)) => {
                Self::Settled(Fate::new(&sides, Some(theirs.clone()), vec![What::Added]))
            }
            (Some(base), None, Some(theirs)) => Self::Settled(deleted(&sides, base != theirs)),
            (Some(base), Some(ours), None) => Self::Settled(dropped(&sides, base, ours)),
            (_, ours, None) => Self::Settled(Fate::new(&sides, ours.cloned(), Vec::new())),
        }
    }
}

/// One that is the developers' own: theirs, if the service has it.
fn yours<'a>(sides: &Sides<'a>) -> Fate<'a> {
    let [base, ours, theirs] =
        [sides.base, sides.ours, sides.theirs].map(|at| at.map(|(_, entry)| entry));
    let example = match (base, ours, theirs) {
        (None, None, Some(theirs)) => {
            return Fate::new(sides, Some(theirs.clone()), vec![What::Added]);
        }
        (None, Some(ours), Some(theirs)) if ours != theirs => Example::New,
        (Some(base), Some(ours), Some(theirs)) if base != theirs && ours != theirs => {
            Example::Changed
        }
        (Some(_), Some(_), None) => Example::Removed,
        _ => return Fate::new(sides, ours.cloned(), Vec::new()),
    };
    Fate::kept(sides, What::KeptYours { example })
}

/// One that the service has deleted, and the template still has.
fn deleted<'a>(sides: &Sides<'a>, changed: bool) -> Fate<'a> {
    if changed || sides.class == Class::Platform {
        return Fate::kept(sides, What::DeletedByYou);
    }
    Fate::new(sides, None, Vec::new())
}

/// One that the template no longer has.
fn dropped<'a>(sides: &Sides<'a>, base: &Entry, ours: &Entry) -> Fate<'a> {
    if Three::of(Some(base), ours, base).is_untouched() {
        Fate::new(sides, None, vec![What::Removed])
    } else {
        Fate::kept(sides, What::DeletedByTemplate)
    }
}

fn both<'a>(
    sides: Sides<'a>,
    base: Option<&'a Entry>,
    ours: &'a Entry,
    theirs: &'a Entry,
) -> Verdict<'a> {
    let three = Three::of(base, ours, theirs);
    match merge(&three) {
        Ok(Some(bytes)) => Verdict::Settled(settled(&sides, &three, bytes, true)),
        Ok(None) => Verdict::Open(sides, three),
        Err(what) => Verdict::Settled(Fate {
            notes: [moved(&sides), vec![what]].concat(),
            ..Fate::kept(&sides, What::Binary)
        }),
    }
}

/// What becomes of a file that the service and the template have, once its lines are merged to `bytes`.
pub(super) fn settled<'a>(
    sides: &Sides<'a>,
    three: &Three,
    bytes: Vec<u8>,
    clean: bool,
) -> Fate<'a> {
    let is_theirs = three.is_theirs(&bytes);
    let entry = three.entry(bytes);
    let mut notes = moved(sides);
    if sides.class == Class::Platform && three.is_edited() && !(is_theirs && clean) {
        notes.push(What::EditedPlatform { marked: !clean });
    } else if !clean {
        notes.push(What::Conflict);
    } else if sides.ours.is_some_and(|(_, ours)| *ours != entry) {
        let what = if three.is_untouched() {
            What::Replaced
        } else {
            What::Merged
        };
        notes.push(what);
    }
    Fate::new(sides, Some(entry), notes)
}

/// What to say of where a file stands.
fn moved(sides: &Sides<'_>) -> Vec<What> {
    let (Some((was, _)), Some((is, _)), Some((there, _))) = (sides.base, sides.ours, sides.theirs)
    else {
        return Vec::new();
    };
    if was == is && is != there {
        let from = was.to_owned();
        vec![What::Renamed { from }]
    } else if is != there && was != there {
        let theirs = there.to_owned();
        vec![What::RenamedByBoth { theirs }]
    } else if is != there {
        let from = there.to_owned();
        vec![What::Followed { from }]
    } else {
        Vec::new()
    }
}
