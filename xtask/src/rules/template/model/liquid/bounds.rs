//! What the `liquid` crate is not shown: what would make it panic or take long, and names that it does not know.

use super::pieces::{self, Kind, Piece};
use super::tokens::{self, Token};
use crate::rules::template::model::text::Problem;
use crate::rules::template::model::vocabulary::{BLOCKS, FILTERS, TAGS};

/// How many brackets a piece may have: each is one recursion.
const BRACKETS: usize = 32;
/// How long an output or a tag may be, in bytes.
const LENGTH: usize = 2048;
/// How many digits a number may have: what 64 bits hold for certain.
const DIGITS: usize = 18;

/// What the crate must not be shown.
pub fn bounds(text: &str, piece: &Piece) -> Option<Problem> {
    let open = piece.span.start..piece.span.start + 2;
    let braces = &text[open.clone()];
    if piece.kind == Kind::Unclosed {
        return Some(Problem {
            span: open,
            message: format!("`{braces}` is never closed"),
            help: "close it, or put text that is not Liquid between `{% raw %}` and `{% endraw %}`"
                .to_owned(),
        });
    }
    if piece.span.len() > LENGTH {
        return Some(Problem {
            span: open,
            message: format!("`{braces}` is closed only after {} bytes", piece.span.len()),
            help: "close it earlier: no output or tag needs this much".to_owned(),
        });
    }
    let tokens = tokens::tokens(text, piece.inner.clone());
    let is_named = matches!(tokens.first(), Some((Token::Word, _)));
    if piece.kind == Kind::Tag && !is_named {
        return Some(Problem {
            span: open,
            message: "a tag starts with its name".to_owned(),
            help: "write it as in `{% if option %}`, or put text that is not Liquid between `{% raw %}` and `{% endraw %}`"
                .to_owned(),
        });
    }
    let long = tokens
        .iter()
        .find(|(token, span)| *token == Token::Number && span.len() > DIGITS);
    if let Some((_, span)) = long {
        return Some(Problem {
            span: span.clone(),
            message: "the number is too large for Liquid".to_owned(),
            help: format!("write at most {DIGITS} digits, or put it in quotes"),
        });
    }
    let brackets = tokens
        .iter()
        .filter(|(token, _)| *token == Token::Sign('['))
        .count();
    (brackets > BRACKETS).then(|| Problem {
        span: open,
        message: format!("{brackets} brackets in one piece of Liquid"),
        help: "take it apart with `{% assign %}`".to_owned(),
    })
}

/// Whether the piece uses only filters and tags that there are.
pub fn is_known(text: &str, piece: &Piece) -> bool {
    let tokens = tokens::tokens(text, piece.inner.clone());
    let filters = tokens::filters(&tokens).all(|span| FILTERS.contains(&&text[span]));
    filters && (piece.kind != Kind::Tag || is_tag(pieces::word(&text[piece.inner.clone()])))
}

/// Whether `name` is a tag that templates may use.
pub fn is_tag(name: &str) -> bool {
    TAGS.contains(&name)
        || BLOCKS
            .iter()
            .any(|(open, end)| *open == name || *end == name)
}
