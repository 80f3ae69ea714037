//! A word, with its quotes taken off, and what is computed in it.

use super::super::Word;
use super::Lexer;

/// As deep as substitutions are followed.
const MAX_DEPTH: usize = 24;

impl Lexer<'_> {
    pub(super) fn word(&mut self, depth: usize) -> Word {
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

    pub(super) fn substitution(&mut self, close: u8, start: usize, depth: usize) {
        if depth >= MAX_DEPTH {
            self.at = self.bytes.len();
            return;
        }
        // What a substitution prints is used where it stands: nothing in it is only said, but its comments.
        self.commands(Some(close), depth + 1);
        self.lexed.holes.push(start..self.at);
    }
}
