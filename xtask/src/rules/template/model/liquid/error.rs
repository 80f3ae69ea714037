//! The `liquid` crate's errors, in the words of a finding and at the place in the file.

use std::ops::Range;

use super::pieces::{self, Kind, Piece};
use super::tokens::{self, Token};
use crate::rules::template::model::text::Problem;

/// What the crate says, taken apart.
pub struct SyntaxError {
    /// The line of what was parsed, counted from 1.
    pub line: Option<usize>,
    column: Option<usize>,
    message: String,
}

impl SyntaxError {
    /// Reads ` --> 3:14` and `  = message`, or a first line `liquid: message` and its `key=value` lines.
    pub fn read(text: &str) -> Self {
        let place = text.lines().find_map(|line| {
            let (line, column) = line.split_once("--> ")?.1.split_once(':')?;
            Some((line.parse().ok()?, column.trim().parse().ok()?))
        });
        let named = text.lines().find_map(|line| line.trim().strip_prefix("= "));
        let first = text.lines().next().unwrap_or_default();
        let cause = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("cause="));
        let message = named
            .or(cause)
            .unwrap_or_else(|| first.strip_prefix("liquid: ").unwrap_or(first));
        Self {
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            message: message.trim().trim_end_matches('.').to_owned(),
        }
    }

    /// The finding, where this came of `piece` alone or of the line that it stands on.
    pub fn problem(&self, text: &str, piece: &Piece) -> Problem {
        let whole = &text[piece.span.clone()];
        // The crate stops where it can no longer follow; a word starts there, or the piece as a whole is to blame.
        let at = self
            .column
            .and_then(|column| whole.char_indices().nth(column - 1))
            .map_or(0, |(at, _)| at);
        let start = piece.span.start + at;
        let span = match (pieces::word(&whole[at..]).len(), whole[at..].chars().next()) {
            (_, Some(c)) if at == 0 || c.is_whitespace() => piece.span.clone(),
            (0, Some(c)) => start..start + c.len_utf8(),
            (word, _) => start..start + word,
        };
        if let Some(stray) = stray(text, piece) {
            return Problem {
                message: format!(
                    "Liquid expects `|` or the end before `{}`",
                    &text[stray.clone()]
                ),
                help: format!("write `| {}` where it is a filter", &text[stray.clone()]),
                span: stray,
            };
        }
        if &text[span.clone()] == "=" {
            return Problem {
                span,
                message: "`=` compares nothing in Liquid".to_owned(),
                help: "write `==`".to_owned(),
            };
        }
        Problem {
            span,
            message: format!("Liquid does not parse: {}", readable(&self.message)),
            help: "mend it, or put text that is not Liquid between `{% raw %}` and `{% endraw %}`"
                .to_owned(),
        }
    }
}

/// A word of an output that stands where only `|` could.
fn stray(text: &str, piece: &Piece) -> Option<Range<usize>> {
    let tokens = tokens::tokens(text, piece.inner.clone());
    let ends = |token: Token| {
        matches!(
            token,
            Token::Word | Token::Text | Token::Number | Token::Sign(']')
        )
    };
    let pair = tokens
        .windows(2)
        .find(|pair| matches!(pair, [(before, _), (Token::Word, _)] if ends(*before)))?;
    (piece.kind == Kind::Output).then(|| pair[1].1.clone())
}

/// The crate's message with the names of its grammar put into words.
fn readable(message: &str) -> String {
    let words = [
        ("ExpressionInner", "a value"),
        ("ExpressionEnd", "`}}`"),
        ("ExpressionStart", "`{{`"),
        ("FilterChain", "a value"),
        ("FilterArgument", "an argument"),
        ("PositionalFilterArgument", "an argument"),
        ("KeywordFilterArgument", "a named argument"),
        ("TagInner", "a tag"),
        ("TagToken", "an argument"),
        ("TagEnd", "`%}`"),
        ("Identifier", "a name"),
        ("Filter", "a filter"),
        ("Literal", "a value"),
        ("Variable", "a variable"),
        ("Value", "a value"),
        ("Range", "a range"),
    ];
    let known = |word: &str| {
        words
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, said)| *said)
    };
    message
        .split(' ')
        .map(|word| {
            let bare = word.trim_end_matches(',');
            known(bare).map_or_else(|| word.to_owned(), |said| word.replace(bare, said))
        })
        .collect::<Vec<_>>()
        .join(" ")
}
