//! From characters, which the parser counts, to bytes, which everything else does.

/// Where each character of a file stands.
pub(super) enum Offsets {
    Same(usize),
    Table(Vec<usize>, usize),
}

impl Offsets {
    /// Those of a file.
    pub(super) fn of(text: &str) -> Self {
        if text.is_ascii() {
            Self::Same(text.len())
        } else {
            Self::Table(text.char_indices().map(|(at, _)| at).collect(), text.len())
        }
    }

    /// The byte at which a character begins; the end where there is none.
    pub(super) fn byte(&self, character: usize) -> usize {
        match self {
            Self::Same(len) => character.min(*len),
            Self::Table(table, len) => table.get(character).copied().unwrap_or(*len),
        }
    }
}
