//! What the branches of a file's Liquid depend on, and what stands inside of them.

use std::ops::Range;

use super::pieces::{Kind, Piece};
use super::tokens::{self, Token};

/// A condition, as `{% if %}` would have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The condition.
    pub condition: String,
    /// Where it stands.
    pub span: Range<usize>,
    /// Whether the branch is taken where the condition does not hold.
    pub is_negated: bool,
}

/// The branches of `text`, and the bytes that are rendered only under a condition or in a loop.
pub fn branches(text: &str, pieces: &[&Piece]) -> (Vec<Branch>, Vec<Range<usize>>) {
    let mut branches = Vec::new();
    let mut guarded = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut subjects: Vec<&str> = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.kind == Kind::Tag) {
        let tokens = tokens::tokens(text, piece.inner.clone());
        let Some((first, rest)) = tokens.split_first() else {
            continue;
        };
        let span = match (rest.first(), rest.last()) {
            (Some((_, first)), Some((_, last))) => first.start..last.end,
            _ => first.1.end..first.1.end,
        };
        let words = &text[span.clone()];
        match &text[first.1.clone()] {
            tag @ ("if" | "elsif" | "unless") => {
                branches.push(Branch {
                    condition: words.to_owned(),
                    span,
                    is_negated: tag == "unless",
                });
                if tag != "elsif" {
                    open.push(piece.span.end);
                }
            }
            "case" => {
                subjects.push(words);
                open.push(piece.span.end);
            }
            "when" => {
                let subject = subjects.last().copied().unwrap_or_default();
                let texts = rest.iter().filter(|(token, _)| *token == Token::Text);
                branches.extend(texts.map(|(_, span)| Branch {
                    condition: format!("{subject} == {}", &text[span.clone()]),
                    span: span.clone(),
                    is_negated: false,
                }));
            }
            "for" | "tablerow" | "ifchanged" | "capture" => open.push(piece.span.end),
            tag if tag.starts_with("end") && !["endraw", "endcomment"].contains(&tag) => {
                if tag == "endcase" {
                    subjects.pop();
                }
                if let Some(start) = open.pop()
                    && open.is_empty()
                {
                    guarded.push(start..piece.span.start);
                }
            }
            _ => {}
        }
    }
    (branches, guarded)
}
