//! A script of a POSIX shell as commands and words. Reads what steps hold in practice; runs and expands nothing.

mod redirect;
mod word;

use std::ops::Range;

use super::{Command, End};

/// What a script was split into.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    /// Comments.
    pub comments: Vec<Range<usize>>,
    /// Substitutions, which are no text of the word that they stand in.
    pub holes: Vec<Range<usize>>,
    /// What stands in here-documents.
    pub bodies: Vec<Range<usize>>,
}

pub(super) struct Lexer<'t> {
    bytes: &'t [u8],
    at: usize,
    /// Whether a single line end is a space, as in a folded block.
    folded: bool,
    /// Here-documents whose text begins behind the line.
    waiting: Vec<(usize, Vec<u8>)>,
    pub(super) lexed: Lexed,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, folded: bool) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            folded,
            waiting: Vec::new(),
            lexed: Lexed::default(),
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn is_at(&self, text: &str) -> bool {
        self.bytes[self.at.min(self.bytes.len())..].starts_with(text.as_bytes())
    }

    /// Commands up to the end, or to what closes the substitution.
    pub(super) fn commands(&mut self, close: Option<u8>, depth: usize) -> Vec<Command> {
        let mut all = Vec::new();
        let mut command = Command::default();
        let mut parens = 0_usize;
        while self.at < self.bytes.len() {
            let byte = self.peek(0);
            let end = match byte {
                b' ' | b'\t' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                b'\\' if self.peek(1) == b'\n' => {
                    self.at += 2;
                    continue;
                }
                b'\n' if self.folded && self.peek(1) != b'\n' => {
                    self.at += 1;
                    continue;
                }
                b'#' => {
                    let start = self.at;
                    while self.at < self.bytes.len() && self.peek(0) != b'\n' {
                        self.at += 1;
                    }
                    self.lexed.comments.push(start..self.at);
                    continue;
                }
                b'`' if close == Some(b'`') => break,
                b')' if parens == 0 && close == Some(b')') => break,
                b'(' => {
                    parens += 1;
                    command.is_grouped = true;
                    self.at += 1;
                    continue;
                }
                b'<' | b'>' => {
                    self.redirect(&mut command, depth);
                    continue;
                }
                b'&' if self.peek(1) == b'>' => {
                    self.at += 1;
                    self.redirect(&mut command, depth);
                    continue;
                }
                b'&' if self.peek(1) == b'&' => (2, End::And),
                b'&' => (1, End::Background),
                b'|' if self.peek(1) == b'|' => (2, End::Or),
                b'|' if self.peek(1) == b'&' => (2, End::Pipe),
                b'|' => (1, End::Pipe),
                b';' | b'\n' => (1, End::Line),
                b')' => {
                    parens = parens.saturating_sub(1);
                    (1, End::Close)
                }
                _ => {
                    let word = self.word(depth);
                    command.words.push(word);
                    continue;
                }
            };
            self.at += end.0;
            let mut done = std::mem::take(&mut command);
            done.end = end.1;
            done.is_grouped |= parens > 0;
            if !done.words.is_empty() {
                all.push(done);
            }
            if byte == b'\n' {
                self.here_documents();
            }
        }
        self.at += usize::from(self.at < self.bytes.len());
        if !command.words.is_empty() {
            all.push(command);
        }
        all
    }
}
