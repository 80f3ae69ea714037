//! Where in a file what the parser reports begins and ends.

use std::ops::Range;

use saphyr_parser::{Marker, Span};

use super::offsets::Offsets;

/// A file, and the way to its bytes.
pub(super) struct Extents<'t> {
    /// Its text.
    pub text: &'t str,
    offsets: Offsets,
}

impl<'t> Extents<'t> {
    /// Those of a file.
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            text,
            offsets: Offsets::of(text),
        }
    }

    /// The byte that the parser is at.
    pub(super) fn byte(&self, marker: &Marker) -> usize {
        self.offsets.byte(marker.index())
    }

    /// The bytes that the parser has read.
    pub(super) fn span(&self, span: Span) -> Range<usize> {
        let start = self.byte(&span.start);
        start..self.byte(&span.end).max(start)
    }

    /// Of a scalar in quotes: to the quote that ends it. The parser goes on to the end of a comment behind it.
    pub(super) fn closed(&self, span: Range<usize>) -> Range<usize> {
        let raw = self.text.get(span.clone()).unwrap_or_default();
        let mut letters = raw.char_indices();
        let Some((_, quote @ ('"' | '\''))) = letters.next() else {
            return self.trimmed(span);
        };
        while let Some((at, letter)) = letters.next() {
            if letter == '\\' && quote == '"' {
                letters.next();
            } else if letter == quote {
                let doubled = quote == '\'' && raw[at + 1..].starts_with(quote);
                if !doubled {
                    return span.start..span.start + at + 1;
                }
                letters.next();
            }
        }
        span
    }

    /// Without the blank space and line ends that the parser has read on to.
    pub(super) fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.trim_end().len()
    }
}
