//! The names in a file's Liquid: what it reads from outside, and what it defines for itself.

use std::ops::Range;

use super::Document;
use super::pieces::{Kind, Piece};
use super::tokens::{self, Token};
use crate::rules::template::model::text::Name;

/// Follows which names a template defines for itself.
pub struct Names<'a> {
    text: &'a str,
    /// `assign`, `capture`, `increment`: for the whole file, as Liquid has it.
    assigned: Vec<&'a str>,
    /// Variables of the loops that are open here.
    loops: Vec<[&'a str; 2]>,
}

impl<'a> Names<'a> {
    /// Notes what `pieces` define for the whole file.
    pub fn new(text: &'a str, pieces: &[&Piece]) -> Self {
        let assigned = pieces
            .iter()
            .filter(|piece| piece.kind == Kind::Tag)
            .filter_map(|piece| {
                let tokens = tokens::tokens(text, piece.inner.clone());
                let (first, second) = (tokens.first()?, tokens.get(1)?);
                let defines = ["assign", "capture", "increment", "decrement"];
                defines
                    .contains(&&text[first.1.clone()])
                    .then(|| &text[second.1.clone()])
            })
            .collect();
        Self {
            text,
            assigned,
            loops: Vec::new(),
        }
    }

    /// Notes in `document` what one piece reads and calls; pieces come in their order.
    pub fn piece(&mut self, piece: &Piece, document: &mut Document) {
        let tokens = tokens::tokens(self.text, piece.inner.clone());
        document
            .filters
            .extend(tokens::filters(&tokens).map(|span| self.name(span)));
        if piece.kind != Kind::Tag {
            self.reads(&tokens, document);
            return;
        }
        let Some(((Token::Word, tag), rest)) = tokens.split_first() else {
            return;
        };
        let word = |index: usize| rest.get(index).map(|(_, span)| &self.text[span.clone()]);
        document.tags.push(self.name(tag.clone()));
        match &self.text[tag.clone()] {
            "assign" => self.reads(rest.get(1..).unwrap_or_default(), document),
            "for" | "tablerow" => {
                let name = word(0).unwrap_or_default();
                let about = if &self.text[tag.clone()] == "for" {
                    "forloop"
                } else {
                    "tablerowloop"
                };
                // `x in xs reversed`: the fourth word at the earliest, and no variable.
                let last = rest
                    .iter()
                    .skip(3)
                    .position(|(_, span)| &self.text[span.clone()] == "reversed");
                let (until, after) = match last {
                    Some(at) => (at + 3, at + 4),
                    None => (rest.len(), rest.len()),
                };
                self.reads(rest.get(1..until).unwrap_or_default(), document);
                self.reads(&rest[after..], document);
                self.loops.push([name, about]);
            }
            "endfor" | "endtablerow" => {
                self.loops.pop();
            }
            "capture" | "increment" | "decrement" | "raw" | "endraw" | "comment" | "endcomment" => {
            }
            _ => self.reads(rest, document),
        }
    }

    fn reads(&self, tokens: &[(Token, Range<usize>)], document: &mut Document) {
        let free = tokens::variables(self.text, tokens).filter(|span| {
            let name = &self.text[span.clone()];
            !self.assigned.contains(&name) && !self.loops.iter().any(|names| names.contains(&name))
        });
        document.reads.extend(free.map(|span| self.name(span)));
    }

    fn name(&self, span: Range<usize>) -> Name {
        Name {
            text: self.text[span.clone()].to_owned(),
            span,
        }
    }
}
