//! Cuts a file into text, outputs and tags. Judges nothing: what does not close is a piece of its own.

use std::ops::Range;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{{ … }}`.
    Output,
    /// `{% … %}`.
    Tag,
    /// `{{` or `{%` that nothing closes.
    Unclosed,
}

/// A piece of Liquid; what lies between pieces is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// All of it, with its braces.
    pub span: Range<usize>,
    /// What is between the braces, without the dashes that trim space.
    pub inner: Range<usize>,
}

/// How far a quote may reach over the end of its piece. It bounds the work on a file full of apostrophes.
const QUOTE_REACH: usize = 4096;

/// Cuts `text` into pieces. What stands between `raw` and `endraw`, or `comment` and `endcomment`, is text; so is
/// everything after one of these that nothing ends, and after a second brace of a kind that nothing closes.
pub fn cut(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut unclosed: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some((start, kind, close)) = next(text, at) {
        at = start + 2;
        if unclosed.contains(&close) {
            continue;
        }
        let piece = piece(text, start, kind, close);
        at = piece.span.end;
        if piece.kind == Kind::Unclosed {
            unclosed.push(close);
        }
        let name = word(&text[piece.inner.clone()]);
        let end = match (kind, name) {
            (Kind::Tag, "raw") => Some("endraw"),
            (Kind::Tag, "comment") => Some("endcomment"),
            _ => None,
        };
        pieces.push(piece);
        if let Some(end) = end {
            let Some(end) = ending(text, at, name, end) else {
                break;
            };
            at = end.span.end;
            pieces.push(end);
        }
    }
    pieces
}

/// The first word of a tag.
pub fn word(inner: &str) -> &str {
    let inner = inner.trim_start();
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let end = inner.find(|c| !is_letter(c)).unwrap_or(inner.len());
    &inner[..end]
}

/// The next opening braces at or after `from`, their kind, and what closes them.
fn next(text: &str, from: usize) -> Option<(usize, Kind, &'static str)> {
    text[from..].match_indices('{').find_map(|(found, _)| {
        let start = from + found;
        match text.as_bytes().get(start + 1) {
            Some(b'{') => Some((start, Kind::Output, "}}")),
            Some(b'%') => Some((start, Kind::Tag, "%}")),
            _ => None,
        }
    })
}

fn piece(text: &str, start: usize, kind: Kind, close: &str) -> Piece {
    let open = start + 2;
    let Some(end) = closing(&text[open..], close).map(|end| open + end) else {
        return Piece {
            kind: Kind::Unclosed,
            span: start..open,
            inner: open..open,
        };
    };
    let body = &text[open..end];
    let left = open + usize::from(body.starts_with('-'));
    let right = end - usize::from(body.len() > 1 && body.ends_with('-'));
    Piece {
        kind,
        span: start..end + 2,
        inner: left..right.max(left),
    }
}

/// Where `close` stands, a quoted one not counted unless its quote never ends.
fn closing(text: &str, close: &str) -> Option<usize> {
    let plain = text.find(close)?;
    if !is_quoted(&text[..plain]) {
        return Some(plain);
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        if at > plain + QUOTE_REACH {
            break;
        }
        match quote {
            None if text[at..].starts_with(close) => return Some(at),
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
    }
    Some(plain)
}

/// Whether a quote is open at the end of `text`.
fn is_quoted(text: &str) -> bool {
    let mut quote = None;
    for c in text.chars() {
        match quote {
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
    }
    quote.is_some()
}

/// The tag `end` that ends what the tag `name` opened before `from`. Only comments nest.
fn ending(text: &str, from: usize, name: &str, end: &str) -> Option<Piece> {
    let mut depth = 1;
    let mut at = from;
    while let Some(close) = text[at..].find("%}").map(|found| at + found) {
        if let Some(start) = text[at..close].rfind("{%").map(|found| at + found) {
            let tag = piece(text, start, Kind::Tag, "%}");
            let inner = text[tag.inner.clone()].trim();
            if inner == end {
                depth -= 1;
                if depth == 0 {
                    return Some(tag);
                }
            } else if inner == name && name == "comment" {
                depth += 1;
            }
        }
        at = close + 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(text: &str) -> Vec<&str> {
        cut(text).iter().map(|p| &text[p.span.clone()]).collect()
    }

    #[test]
    fn quoted_braces_do_not_close() {
        assert_eq!(cuts("a {{ 'x }} y' }} b"), ["{{ 'x }} y' }}"]);
        assert_eq!(cuts("{{ it's }} b"), ["{{ it's }}"]);
        assert_eq!(cuts("{ {{ a {%- b -%}"), ["{{", "{%- b -%}"]);
    }

    #[test]
    fn raw_and_comment_are_not_looked_into() {
        let text = "{% raw %}{{ a }}{% if %}{% endraw %}{{ b }}";
        assert_eq!(cuts(text), ["{% raw %}", "{% endraw %}", "{{ b }}"]);
        let text = "{% comment %}{% comment %}{{{% endcomment %}{{ a }}{% endcomment %}c";
        assert_eq!(cuts(text), ["{% comment %}", "{% endcomment %}"]);
    }

    #[test]
    fn inner_leaves_out_the_dashes() {
        let text = "{%- raw -%}x{%-endraw-%}";
        let inner: Vec<_> = cut(text).iter().map(|p| &text[p.inner.clone()]).collect();
        assert_eq!(inner, [" raw ", "endraw"]);
    }
}
