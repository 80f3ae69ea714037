//! What holds for any three trees, tried on some hundred random ones.

use std::collections::BTreeSet;

use super::note::What;
use super::tests::{classes, labels};
use super::{Class, Merged, merge};
use crate::tree::{Entry, Kind, Tree};

/// How many are tried.
const TREES: u64 = 200;

/// Where files can stand: of every class, and such that one's folder is another's file.
const PATHS: &[&str] = &[
    "p",
    "p1",
    "p2",
    "platform/a",
    "platform/a/b",
    "platform/c d",
    "s",
    "s1",
    "s2",
    "s3",
    "shared/a",
    "shared/ä",
    "shared/b/c",
    "dir",
    "dir/a",
    "dir/b",
    "y",
    "y1",
    "yours/a",
    "yours/b",
];

/// Numbers that look random, the same each time.
/// <https://doi.org/10.18637/jss.v008.i14>
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn path(&mut self) -> String {
        PATHS[self.below(PATHS.len())].to_owned()
    }

    fn line(&mut self, side: &str) -> String {
        format!("{side} {}", self.below(1_000_000_000))
    }

    fn tree(&mut self) -> Tree {
        let mut tree = Tree::new();
        for _ in 0..self.below(14) {
            let (path, file) = (self.path(), self.file("base"));
            put(&mut tree, path, file);
        }
        tree
    }

    fn file(&mut self, side: &str) -> Entry {
        let lines: Vec<_> = (0..self.below(16)).map(|_| self.line(side)).collect();
        let end = ["\n", "\n", "\n", ""][self.below(4)];
        let text = lines.join("\n") + end;
        Entry {
            kind: [Kind::File, Kind::File, Kind::Executable][self.below(3)],
            bytes: text.into_bytes(),
        }
    }

    /// `tree`, as somebody has worked on it.
    fn changed(&mut self, tree: &Tree, side: &str) -> Tree {
        let mut tree = tree.clone();
        for _ in 0..self.below(12) {
            let paths: Vec<_> = tree.keys().cloned().collect();
            if paths.is_empty() || self.below(5) == 0 {
                let (path, file) = (self.path(), self.file(side));
                put(&mut tree, path, file);
                continue;
            }
            let path = paths[self.below(paths.len())].clone();
            let mut entry = tree.remove(&path).unwrap();
            let mut to = path;
            match self.below(12) {
                0 => continue,
                1 | 2 => to = self.path(),
                3 => to = format!("{to}/{}", self.line("in")),
                4 => entry.kind = [Kind::File, Kind::Executable][self.below(2)],
                5 if self.below(3) == 0 => {
                    entry.kind = Kind::Link;
                    entry.bytes = self.line(side).into_bytes();
                }
                6 if self.below(3) == 0 => entry.bytes.push(0),
                7 => entry.bytes = ends_turned(&entry.bytes),
                _ if entry.kind != Kind::Link => entry.bytes = self.edited(&entry.bytes, side),
                _ => {}
            }
            put(&mut tree, to, entry);
        }
        tree
    }

    fn edited(&mut self, bytes: &[u8], side: &str) -> Vec<u8> {
        let mut lines: Vec<_> = bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect();
        let at = self.below(lines.len() + 1);
        let new = format!("{}\n", self.line(side)).into_bytes();
        match self.below(3) {
            0 if at < lines.len() => drop(lines.remove(at)),
            1 if at < lines.len() => lines[at] = new,
            _ => lines.insert(at.min(lines.len().saturating_sub(1)), new),
        }
        lines.concat()
    }
}

/// Puts a file to where there is room for it.
fn put(tree: &mut Tree, path: String, entry: Entry) {
    let is_in_the_way = |other: &String| {
        other.starts_with(&format!("{path}/")) || path.starts_with(&format!("{other}/"))
    };
    if !tree.keys().any(is_in_the_way) && !tree.contains_key(&path) {
        tree.insert(path, entry);
    }
}

fn ends_turned(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let turned = if text.contains("\r\n") {
        text.replace("\r\n", "\n")
    } else {
        text.replace('\n', "\r\n")
    };
    turned.into_bytes()
}

/// Every line of `trees`, line endings aside.
fn lines<'a>(trees: impl IntoIterator<Item = &'a Entry>) -> BTreeSet<&'a [u8]> {
    let lines = trees
        .into_iter()
        .flat_map(|entry| entry.bytes.split(|byte| *byte == b'\n'));
    lines
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect()
}

fn merged([base, ours, theirs]: [&Tree; 3]) -> Merged {
    merge(base, ours, theirs, &classes(), &labels()).unwrap()
}

fn each(mut check: impl FnMut(u64, [&Tree; 3])) {
    for seed in 1..=TREES {
        let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let base = numbers.tree();
        let ours = numbers.changed(&base, "ours");
        let theirs = numbers.changed(&base, "theirs");
        check(seed, [&base, &ours, &theirs]);
    }
}

#[test]
fn a_service_that_nobody_touched_is_as_the_template_has_it() {
    each(|seed, [base, _, theirs]| {
        let merged = merged([base, base, theirs]);
        let decides = |path: &str| classes().of(path, theirs.contains_key(path)) != Class::Yours;
        let of = |tree: &Tree| -> Tree {
            let files = tree.iter().filter(|(path, _)| decides(path));
            files
                .map(|(path, entry)| (path.clone(), entry.clone()))
                .collect()
        };
        // An example that stays can be in the way.
        let is_blocked = merged
            .notes
            .iter()
            .any(|note| matches!(note.what, What::Blocked { .. }));
        assert!(is_blocked || of(&merged.tree) == of(theirs), "seed {seed}");
        for (path, entry) in base.iter().filter(|(path, _)| !decides(path)) {
            assert_eq!(merged.tree.get(path), Some(entry), "seed {seed}");
        }
    });
}

#[test]
fn a_template_that_did_not_change_changes_nothing() {
    each(|seed, [base, ours, _]| {
        assert_eq!(merged([base, ours, base]).tree, *ours, "seed {seed}");
    });
}

#[test]
fn a_second_run_changes_nothing_and_no_line_is_lost() {
    let mut seen = BTreeSet::new();
    each(|seed, [base, ours, theirs]| {
        let first = merged([base, ours, theirs]);
        let tree = &first.tree;
        assert_eq!(merged([theirs, tree, theirs]).tree, *tree, "seed {seed}");

        let known = lines(base.values());
        let stand = lines(tree.values());
        for line in lines(ours.values()).difference(&known) {
            assert!(
                stand.contains(line),
                "seed {seed}: {}",
                String::from_utf8_lossy(line)
            );
        }
        // Nor of the template's: what finds no place is handed over.
        let shown = lines(tree.values().chain(first.aside.values()));
        let classes = classes();
        let theirs_of = theirs
            .iter()
            .filter(|(path, _)| classes.of(path, true) != Class::Yours);
        for line in lines(theirs_of.map(|(_, entry)| entry)).difference(&known) {
            assert!(
                shown.contains(line),
                "seed {seed}: {}",
                String::from_utf8_lossy(line)
            );
        }
        for (path, entry) in ours {
            let is_followed = first.notes.iter().any(|note| {
                note.file == *path
                    && matches!(
                        note.what,
                        What::Followed { .. } | What::RenamedByBoth { .. }
                    )
            });
            let is_template = base.contains_key(path) || theirs.contains_key(path);
            let class = classes.of(path, theirs.contains_key(path));
            if !is_followed && (!is_template || class == Class::Yours) {
                assert_eq!(tree.get(path), Some(entry), "seed {seed}: {path}");
            }
        }
        for path in tree.keys() {
            let folder = format!("{path}/");
            assert!(
                !tree.keys().any(|other| other.starts_with(&folder)),
                "seed {seed}: {path}"
            );
        }
        let marked = |entry: &Entry| lines([entry]).contains(&b">>>>>>> 0.2.0"[..]);
        for (path, entry) in tree.iter().filter(|(_, entry)| marked(entry)) {
            let said = first
                .notes
                .iter()
                .any(|note| note.file == *path && note.what.is_conflict());
            assert!(
                said,
                "seed {seed}: {}",
                String::from_utf8_lossy(&entry.bytes)
            );
        }
        seen.extend(first.notes.iter().map(|note| {
            let what = format!("{:?}", note.what);
            what.split(' ').next().unwrap_or_default().to_owned()
        }));
    });
    // Else the trees are too tame to say anything.
    assert_eq!(seen.len(), 15, "{seen:?}");
}
