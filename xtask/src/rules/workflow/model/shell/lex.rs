//! A script of a POSIX shell as commands and words. Reads what steps hold in practice; runs and expands nothing.

use std::ops::Range;

use super::{Command, End, Word};

/// As deep as substitutions are followed.
const MAX_DEPTH: usize = 24;

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

    fn redirect(&mut self, command: &mut Command, depth: usize) {
        if matches!(self.peek(1), b'(') {
            let start = self.at;
            self.at += 2;
            self.substitution(b')', start, depth);
            return;
        }
        let here = self.is_at("<<") && !self.is_at("<<<");
        while matches!(self.peek(0), b'<' | b'>' | b'&' | b'|' | b'-') {
            self.at += 1;
        }
        while matches!(self.peek(0), b' ' | b'\t') {
            self.at += 1;
        }
        if self.at >= self.bytes.len() || b"\n;()".contains(&self.peek(0)) {
            return;
        }
        let word = self.word(depth);
        if here {
            command.documents.push(self.lexed.bodies.len());
            self.waiting
                .push((self.lexed.bodies.len(), word.text.into_bytes()));
            self.lexed.bodies.push(0..0);
        } else {
            command.redirects.push(word);
        }
    }

    /// Here-documents that begin on this line.
    fn here_documents(&mut self) {
        for (index, delimiter) in std::mem::take(&mut self.waiting) {
            let start = self.at;
            while self.at < self.bytes.len() {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().position(|byte| *byte == b'\n');
                let line = &rest[..length.unwrap_or(rest.len())];
                let end = self.at;
                self.at = (self.at + line.len() + 1).min(self.bytes.len());
                if line.trim_ascii() == delimiter {
                    self.lexed.bodies[index] = start..end;
                    break;
                }
                self.lexed.bodies[index] = start..self.at;
            }
        }
    }

    fn word(&mut self, depth: usize) -> Word {
        let start = self.at;
        let mut text = Vec::new();
        let mut quote = 0_u8;
        while self.at < self.bytes.len() {
            let byte = self.peek(0);
            if quote == 0 && b" \t\r\n;&|()<>".contains(&byte) {
                break;
            }
            match byte {
                b'\'' if quote != b'"' => quote = if quote == 0 { byte } else { 0 },
                b'"' if quote != b'\'' => quote = if quote == 0 { byte } else { 0 },
                _ if self.is_at("${{") => {
                    self.through("}}", &mut text);
                    continue;
                }
                _ if quote == b'\'' => text.push(byte),
                b'\\' => {
                    if self.peek(1) != b'\n' {
                        text.push(self.peek(1));
                    }
                    self.at += 1;
                }
                b'$' if self.is_at("$((") => {
                    self.through("))", &mut text);
                    continue;
                }
                b'$' if self.peek(1) == b'(' => {
                    let from = self.at;
                    self.at += 2;
                    self.substitution(b')', from, depth);
                    continue;
                }
                b'$' if self.peek(1) == b'{' => {
                    self.through("}", &mut text);
                    continue;
                }
                b'`' => {
                    // The closing one ends the word, and not the line.
                    if depth > 0 {
                        break;
                    }
                    let from = self.at;
                    self.at += 1;
                    self.substitution(b'`', from, depth);
                    continue;
                }
                _ => {
                    text.push(byte);
                }
            }
            self.at += 1;
        }
        // Whatever stands here, the reader goes on.
        self.at = self.at.max(start + 1).min(self.bytes.len());
        Word {
            span: start..self.at,
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }

    /// Takes everything up to `end` as it stands.
    fn through(&mut self, end: &str, text: &mut Vec<u8>) {
        let rest = &self.bytes[self.at..];
        let found = rest.windows(end.len()).position(|w| w == end.as_bytes());
        let length = found.map_or(rest.len(), |found| found + end.len());
        text.extend_from_slice(&rest[..length]);
        self.at += length;
    }

    fn substitution(&mut self, close: u8, start: usize, depth: usize) {
        if depth >= MAX_DEPTH {
            self.at = self.bytes.len();
            return;
        }
        // What a substitution prints is used where it stands: nothing in it is only said, but its comments.
        self.commands(Some(close), depth + 1);
        self.lexed.holes.push(start..self.at);
    }
}
