//! Every rule of the merge, a few files at a time.

use super::note::{Example, What};
use super::*;
use crate::tree::{Entry, Kind};

mod owners;
mod places;
mod surroundings;
mod texts;

const OWNERSHIP: &str = "[platform]\nfiles = [\"p\", \"p?\", \"platform/**\"]\n[shared]\nfiles = [\"s\", \"s?\", \"shared/**\", \"dir\", \"dir/**\"]\n[yours]\nfiles = [\"**\"]\n";

pub(super) fn classes() -> Classes {
    let parse = || Ownership::parse(OWNERSHIP).unwrap();
    Classes {
        base: parse(),
        theirs: parse(),
    }
}

pub(super) fn labels() -> Labels {
    Labels {
        base: "0.1.0".into(),
        theirs: "0.2.0".into(),
    }
}

/// A tree: a name ends with `*` for one that can be run, with `@` for a link.
fn tree(files: &[(&str, &str)]) -> Tree {
    files
        .iter()
        .map(|(path, text)| {
            let kind = match path.chars().last() {
                Some('*') => Kind::Executable,
                Some('@') => Kind::Link,
                _ => Kind::File,
            };
            let bytes = text.as_bytes().to_vec();
            (
                path.trim_end_matches(['*', '@']).to_owned(),
                Entry { kind, bytes },
            )
        })
        .collect()
}

/// As [`tree`], back.
fn shown(tree: &Tree) -> Vec<(String, String)> {
    tree.iter()
        .map(|(path, entry)| {
            let sign = match entry.kind {
                Kind::File => "",
                Kind::Executable => "*",
                Kind::Link => "@",
            };
            (
                format!("{path}{sign}"),
                String::from_utf8_lossy(&entry.bytes).into(),
            )
        })
        .collect()
}

type Files<'a> = &'a [(&'a str, &'a str)];

/// Merges three trees, and holds the result against a fourth, the notes against `notes`, and a second run against the
/// first.
#[track_caller]
fn case(
    base: Files<'_>,
    ours: Files<'_>,
    theirs: Files<'_>,
    result: Files<'_>,
    notes: &[(&str, What)],
) -> Merged {
    case_with(&classes(), base, ours, theirs, result, notes)
}

#[track_caller]
fn case_with(
    classes: &Classes,
    base: Files<'_>,
    ours: Files<'_>,
    theirs: Files<'_>,
    result: Files<'_>,
    notes: &[(&str, What)],
) -> Merged {
    let theirs = tree(theirs);
    let merged = merge(&tree(base), &tree(ours), &theirs, classes, &labels()).unwrap();
    assert_eq!(shown(&merged.tree), shown(&tree(result)));
    let said: Vec<_> = merged
        .notes
        .iter()
        .map(|note| (note.file.as_str(), note.what.clone()))
        .collect();
    assert_eq!(said, notes);
    let again = merge(&theirs, &merged.tree, &theirs, classes, &labels()).unwrap();
    assert_eq!(shown(&again.tree), shown(&merged.tree), "the second run");
    for note in &merged.notes {
        let line = note.said(&labels(), "aside");
        assert!(!line.is_empty() && !line.contains('\n'), "{line}");
        if line.contains("`aside/") {
            assert!(merged.aside.contains_key(&note.file), "{line}");
        }
    }
    merged
}

/// Ten lines, some of them replaced.
fn lines(changes: &[(usize, &str)]) -> String {
    (1..=10)
        .map(|at| {
            let change = changes.iter().find(|(line, _)| *line == at);
            change.map_or_else(|| format!("line {at}\n"), |(_, text)| (*text).to_owned())
        })
        .collect()
}

fn edited(marked: bool) -> What {
    What::EditedPlatform { marked }
}

fn from(path: &str) -> What {
    What::Renamed { from: path.into() }
}

fn yours(example: Example) -> What {
    What::KeptYours { example }
}
