//! The place among an expression's words, and how many and how deep there may be.

use std::ops::Range;

use super::super::super::yaml::Fault;
use super::super::lex::{Lexeme, Token};
use super::Parsed;

/// Deeper than anybody reads; a tree is walked by calls that nest as deep.
const MAX_DEPTH: usize = 100;
/// Words in one expression.
const MAX_TOKENS: usize = 5_000;
/// Links of one chain, as in `a.b.c` or `a || b || c`.
const MAX_CHAIN: usize = 500;

/// The words, and how far they are read.
pub(super) struct Cursor<'t> {
    pub(super) tokens: &'t [Token],
    /// The next word.
    pub(super) next: usize,
    /// The end of the expression's text.
    pub(super) end: usize,
    /// How many levels are open.
    pub(super) depth: usize,
    /// From bytes of the expression's text to those of the file.
    pub(super) place: &'t dyn Fn(Range<usize>) -> Range<usize>,
}

impl<'t> Cursor<'t> {
    /// The expression that all the words are.
    pub(super) fn expression(&mut self) -> Parsed {
        if self.tokens.len() > MAX_TOKENS {
            let message = format!("an expression of more than {MAX_TOKENS} words");
            return Err(self.fault(message, "compute it in a step"));
        }
        if self.tokens.is_empty() {
            let help = "write what it stands for, or take it away";
            return Err(self.fault("an empty expression", help));
        }
        let expr = self.any()?;
        match self.tokens.get(self.next) {
            None => Ok(expr),
            Some((Lexeme::Sign(")" | "]"), _)) => {
                Err(self.fault("nothing was opened that this closes", "take it away"))
            }
            Some(_) => Err(self.fault(
                "the expression should end here",
                "put an operator such as `&&` or `==` before it, or take it away",
            )),
        }
    }

    /// What `part` reads, one level deeper.
    pub(super) fn deeper(&mut self, part: fn(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        self.limit(self.depth * (MAX_CHAIN / MAX_DEPTH))?;
        let expr = part(self)?;
        self.depth -= 1;
        Ok(expr)
    }

    /// Bounds a chain at its so manyeth link.
    pub(super) fn limit(&self, links: usize) -> Result<(), Fault> {
        if links > MAX_CHAIN {
            let help = "split it, or compute it in a step";
            return Err(self.fault("an expression of too many parts or levels", help));
        }
        Ok(())
    }

    /// The next word.
    pub(super) fn token(&self) -> Option<&'t Lexeme> {
        self.tokens.get(self.next).map(|(lexeme, _)| lexeme)
    }

    /// Where the next word stands in the file; the end where there is none.
    pub(super) fn here(&self) -> Range<usize> {
        let span = self.tokens.get(self.next).map(|(_, span)| span.clone());
        (self.place)(span.unwrap_or(self.end..self.end))
    }

    /// Reads this sign, if it comes next.
    pub(super) fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.token(), Some(Lexeme::Sign(found)) if *found == sign);
        self.next += usize::from(found);
        found
    }

    /// Reads this sign, which has to come next.
    pub(super) fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.take(sign) {
            return Ok(());
        }
        Err(self.fault(
            format!("a `{sign}` is missing"),
            format!("write `{sign}` before this place"),
        ))
    }

    /// A fault at the next word, with its place in the expression's text: `parse` turns that into one in the file.
    pub(super) fn fault(&self, message: impl Into<String>, help: impl Into<String>) -> Fault {
        let span = self.tokens.get(self.next).map(|(_, span)| span.clone());
        Fault::new(span.unwrap_or(self.end..self.end), message, help)
    }
}
