//! One file that the service and the template have, taken apart: mode, line endings, text. Each is merged by itself.

use super::eol::{self, Ends};
use super::note::What;
use crate::tree::{Entry, Kind};

/// The three contents of a file, made comparable.
#[derive(Debug)]
pub(super) struct Three {
    pub(super) base: Option<Part>,
    pub(super) ours: Part,
    pub(super) theirs: Part,
    /// The line endings of the result, where the texts above stand without theirs.
    ends: Option<Ends>,
}

/// One content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
}

impl Three {
    /// Takes them apart.
    pub(super) fn of(base: Option<&Entry>, ours: &Entry, theirs: &Entry) -> Self {
        let all = [base, Some(ours), Some(theirs)];
        let ends = all
            .into_iter()
            .flatten()
            .all(is_text)
            .then(|| {
                let of = |entry: &Entry| Ends::of(&entry.bytes);
                eol::merged(base.map(of), of(ours), of(theirs))
            })
            .flatten();
        let part = |entry: &Entry| Part {
            kind: entry.kind,
            bytes: if ends.is_some() {
                eol::plain(&entry.bytes, Ends::of(&entry.bytes))
            } else {
                entry.bytes.clone()
            },
        };
        Self {
            base: base.map(part),
            ours: part(ours),
            theirs: part(theirs),
            ends,
        }
    }

    /// Whether the service has it as the recorded version rendered it, line endings aside.
    pub(super) fn is_untouched(&self) -> bool {
        self.base.as_ref() == Some(&self.ours)
    }

    /// Whether the service has something that neither version has.
    pub(super) fn is_edited(&self) -> bool {
        !self.is_untouched() && self.ours != self.theirs
    }

    /// Whether `bytes` is what the template has, its mode included.
    pub(super) fn is_theirs(&self, bytes: &[u8]) -> bool {
        self.theirs.bytes == bytes && self.theirs.kind == self.kind()
    }

    /// The file whose lines are `bytes`.
    pub(super) fn entry(&self, bytes: Vec<u8>) -> Entry {
        Entry {
            kind: self.kind(),
            bytes: match self.ends {
                Some(ends) => eol::written(bytes, ends),
                None => bytes,
            },
        }
    }

    fn kind(&self) -> Kind {
        let base = self.base.as_ref().map(|base| base.kind);
        *three_way(base.as_ref(), &self.ours.kind, &self.theirs.kind).unwrap_or(&self.ours.kind)
    }

    fn has_link(&self) -> bool {
        let all = [self.base.as_ref(), Some(&self.ours), Some(&self.theirs)];
        all.into_iter()
            .flatten()
            .any(|part| part.kind == Kind::Link)
    }
}

/// What the lines come to; nothing where that takes a merge line by line.
///
/// # Errors
/// With what it is, when it can't be merged at all.
pub(super) fn merge(three: &Three) -> Result<Option<Vec<u8>>, What> {
    let base = three.base.as_ref();
    if three.has_link() {
        // Where a link points to is its content, and neither goes without the other.
        return match three_way(base, &three.ours, &three.theirs) {
            Some(part) => Ok(Some(part.bytes.clone())),
            None => Err(What::Link),
        };
    }
    let texts = [base, Some(&three.ours), Some(&three.theirs)];
    let are_texts = texts
        .into_iter()
        .flatten()
        .all(|part| readable(&part.bytes));
    match three_way(
        base.map(|base| &base.bytes),
        &three.ours.bytes,
        &three.theirs.bytes,
    ) {
        Some(bytes) => Ok(Some(bytes.clone())),
        None if are_texts => Ok(None),
        None => Err(What::Binary),
    }
}

/// The one that was changed, or the one that both have; nothing when both changed it.
fn three_way<'a, T: PartialEq>(base: Option<&T>, ours: &'a T, theirs: &'a T) -> Option<&'a T> {
    if ours == theirs || base == Some(theirs) {
        Some(ours)
    } else if base == Some(ours) {
        Some(theirs)
    } else {
        None
    }
}

fn is_text(entry: &Entry) -> bool {
    entry.kind != Kind::Link && readable(&entry.bytes)
}

fn readable(bytes: &[u8]) -> bool {
    !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}
