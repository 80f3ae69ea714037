//! A scalar's text with the way back to the file, for expressions in it.

use std::borrow::Cow;
use std::ops::Range;

use super::{Node, Style};

/// What stands in a scalar, and where each byte of it stands in the file.
#[derive(Debug)]
pub struct Content<'t> {
    /// The text. Of a plain scalar or a block as it stands in the file, indentation and line ends included, which
    /// mean nothing in an expression; of a quoted one without quotes and escapes.
    pub text: Cow<'t, str>,
    start: usize,
    /// Of a quoted scalar: for each byte the offset from `start`.
    map: Option<Vec<usize>>,
    end: usize,
}

impl<'t> Content<'t> {
    /// The content of the scalar `node` of the file `source`.
    pub fn of(node: &'t Node, source: &'t str) -> Option<Self> {
        let scalar = node.scalar()?;
        let raw = source.get(node.span.clone())?;
        let (start, end) = (node.span.start, node.span.end);
        // An alias stands in the file as its name.
        if scalar.style != Style::Quoted && raw.starts_with('*') && scalar.text != raw {
            let text = Cow::Borrowed(scalar.text.as_str());
            let map = Some(vec![0; text.len()]);
            return Some(Self {
                text,
                start,
                map,
                end,
            });
        }
        Some(match scalar.style {
            Style::Plain => Self {
                text: Cow::Borrowed(raw),
                start,
                map: None,
                end,
            },
            Style::Block => {
                let header = if raw.starts_with(['|', '>']) {
                    raw.find('\n').unwrap_or(raw.len())
                } else {
                    0
                };
                let text = Cow::Borrowed(&raw[header..]);
                Self {
                    text,
                    start: start + header,
                    map: None,
                    end,
                }
            }
            Style::Quoted => {
                let map = quoted(raw, &scalar.text);
                Self {
                    text: Cow::Borrowed(&scalar.text),
                    start,
                    map: Some(map),
                    end,
                }
            }
        })
    }

    /// Where bytes of the text stand in the file.
    pub fn span(&self, span: Range<usize>) -> Range<usize> {
        let place = |at: usize| match &self.map {
            None => self.start + at,
            Some(map) => {
                let last = map.last().map_or(0, |last| last + 1);
                self.start + map.get(at).copied().unwrap_or(last)
            }
        };
        let start = place(span.start).min(self.end);
        start..place(span.end).min(self.end).max(start)
    }
}

/// Where each byte of `value` stands in `raw`, its form in quotes. After an escape that is not known the rest is taken to
/// stand where `raw` goes on with the same letters.
fn quoted(raw: &str, value: &str) -> Vec<usize> {
    let mut map = Vec::with_capacity(value.len());
    let single = raw.starts_with('\'');
    let mut rest = raw.char_indices().skip(1).peekable();
    for letter in value.chars() {
        let mut at = raw.len().saturating_sub(1);
        while let Some((place, found)) = rest.next() {
            at = place;
            if found == letter {
                // `''` means one quote.
                if single && letter == '\'' {
                    rest.next_if(|(_, next)| *next == '\'');
                }
                break;
            }
            if found == '\\' && !single {
                let _ = rest.next();
                break;
            }
            // A line that is folded is one blank, and its indentation nothing.
            if letter.is_whitespace() && found.is_whitespace() {
                break;
            }
        }
        map.extend(std::iter::repeat_n(at, letter.len_utf8()));
    }
    map
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn words_in_any_style_are_found_in_the_file() {
        for text in [
            "a: x word y",
            "a: 'it''s ü word y'",
            "a: \"\\t\\\"ü word y\"",
            "a: |\n  x\n  word y\n",
            "a: >-\n  ü\n  word\n",
            "a: x\n  word",
        ] {
            let root = parse(text).0.unwrap();
            let content = Content::of(root.get("a").unwrap(), text).unwrap();
            let at = content.text.find("word").unwrap();
            assert_eq!(&text[content.span(at..at + 4)], "word", "{text}");
        }
    }
}
