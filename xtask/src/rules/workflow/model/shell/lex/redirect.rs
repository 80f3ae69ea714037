//! Where a command's output goes and its input comes from, here-documents among them.

use super::super::Command;
use super::Lexer;

impl Lexer<'_> {
    pub(super) fn redirect(&mut self, command: &mut Command, depth: usize) {
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
    pub(super) fn here_documents(&mut self) {
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
}
