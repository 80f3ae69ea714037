//! A file's text, and the way from bytes in it to line and column.

use std::ops::Range;

use super::{Finding, Severity};

/// A text file of the pack.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path relative to the pack's root, with `/`.
    pub file: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// A source from its path and text.
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            text: text.into(),
        }
    }

    /// Line and column, both from 1 and the column in characters, of a byte offset. An offset past the end is the end.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = self.floor(offset);
        let before = &self.text[..offset];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[start..].chars().count() + 1,
        )
    }

    /// The byte offset of a line and column, both from 1; the nearest one where there is no such place.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let start: usize = self
            .text
            .split_inclusive('\n')
            .take(line.saturating_sub(1))
            .map(str::len)
            .sum();
        let rest = &self.text[start.min(self.text.len())..];
        let rest = rest.split('\n').next().unwrap_or_default();
        start
            + rest
                .char_indices()
                .nth(column.saturating_sub(1))
                .map_or(rest.len(), |(at, _)| at)
    }

    /// A finding that points at `span` and carries the line for the caret.
    pub fn finding(
        &self,
        rule: &'static str,
        severity: Severity,
        span: Range<usize>,
        message: String,
        help: String,
    ) -> Finding {
        let (line, column) = self.position(span.start);
        let text = self.text.split('\n').nth(line - 1).unwrap_or_default();
        let end = self.floor(span.end.max(span.start));
        let under = &self.text[self.floor(span.start)..end];
        let width = under.split('\n').next().unwrap_or_default().chars().count();
        Finding {
            file: self.file.clone(),
            line,
            column,
            rule,
            severity,
            message,
            help,
            excerpt: Some(Excerpt::new(text.trim_end_matches('\r'), column, width)),
        }
    }

    /// The nearest character boundary at or before `offset`.
    fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset)
    }
}

/// A line, or the part of a long one that shows where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Excerpt {
    /// What is shown.
    pub text: String,
    /// How many characters of the line stand before it.
    pub start: usize,
    /// How many characters the finding is about, from its column on. They may reach beyond what is shown.
    pub width: usize,
}

impl Excerpt {
    /// A line of more characters is shown in part: a generated one would fill the screen, and the memory if it holds
    /// many findings.
    const LONG: usize = 240;
    /// What is shown of a long line before a finding.
    const BEFORE: usize = 60;

    /// Of `line`, for `width` characters from `column` on, which counts from 1.
    pub fn new(line: &str, column: usize, width: usize) -> Self {
        let width = width.max(1);
        // Bytes are never fewer than characters.
        if line.len() <= Self::LONG {
            let text = line.to_owned();
            return Self {
                text,
                start: 0,
                width,
            };
        }
        let start = (column - 1).saturating_sub(Self::BEFORE);
        Self {
            text: line.chars().skip(start).take(Self::LONG).collect(),
            start,
            width,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_shown_around_what_is_wrong() {
        let line = format!("{}wrong{}", "ä".repeat(10_000), "b".repeat(10_000));
        let source = Source::new("a.yml", format!("on: push\n{line}\n"));
        let start = source.text.find("wrong").unwrap();
        let report = |span| {
            let finding = source.finding("r", Severity::Error, span, "m".into(), "h".into());
            (finding.column, finding.excerpt.unwrap())
        };
        let (column, excerpt) = report(start..start + 5);
        assert_eq!((column, excerpt.start, excerpt.width), (10_001, 9_940, 5));
        assert_eq!(excerpt.text.chars().count(), Excerpt::LONG);
        assert_eq!(
            excerpt.text.chars().skip(60).take(5).collect::<String>(),
            "wrong"
        );
        let (_, excerpt) = report(start..start + 10_005);
        assert_eq!(
            (excerpt.width, excerpt.text.chars().count()),
            (10_005, Excerpt::LONG)
        );
    }

    #[test]
    fn positions_count_characters_and_go_back() {
        let source = Source::new("a.yaml", "eins\nzwölf drei\n");
        let drei = source.text.find("drei").unwrap();
        assert_eq!(source.position(drei), (2, 7));
        assert_eq!(source.offset(2, 7), drei);
        assert_eq!(source.position(10_000), (3, 1));
        assert_eq!(source.offset(99, 99), source.text.len());
    }
}
