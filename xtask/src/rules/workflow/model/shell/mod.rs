//! `run:` as commands and words, each with its place in the file: what is a command, and what is only said.
//!
//! A comment and what `echo` prints are no commands. What is computed, or handed to another shell, is left as it stands.

mod lex;

use std::ops::Range;

use super::yaml::{Content, Node};
use lex::Lexer;

/// What ends a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// The script.
    #[default]
    Script,
    /// A line, or `;`.
    Line,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`
    Pipe,
    /// `&`
    Background,
    /// `)`
    Close,
}

/// A word of a command.
#[derive(Clone, Debug)]
pub struct Word {
    /// Where it stands in the script.
    pub span: Range<usize>,
    /// Without its quotes.
    pub text: String,
}

/// A command.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// Its words, assignments and words such as `if` before it included.
    pub words: Vec<Word>,
    /// Where its output goes, or its input comes from.
    pub redirects: Vec<Word>,
    /// What ends it.
    pub end: End,
    /// Whether it stands in `( … )`.
    pub is_grouped: bool,
    documents: Vec<usize>,
}

/// A script.
#[derive(Debug)]
pub struct Script<'a> {
    /// The script, with blanks for comments and for what is only said; byte by byte as long as what stands in the file.
    pub done: String,
    /// Its commands, but for those in substitutions.
    pub commands: Vec<Command>,
    content: Content<'a>,
}

/// Before a command's name.
const BEFORE: [&str; 15] = [
    "if", "elif", "while", "until", "then", "else", "do", "{", "!", "time", "sudo", "exec",
    "command", "env", "nice",
];

impl Command {
    /// The program and its arguments.
    pub fn call(&self) -> &[Word] {
        let is_before = |word: &Word| {
            let name = word.text.split('=').next().unwrap_or_default();
            let assigns = word.text.contains('=')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            assigns || BEFORE.contains(&word.text.as_str())
        };
        let from = self.words.iter().position(|word| !is_before(word));
        &self.words[from.unwrap_or(self.words.len())..]
    }

    /// Its program's name, without a folder.
    pub fn name(&self) -> &str {
        let word = self.call().first();
        let name = word.map_or("", |word| word.text.as_str());
        name.rsplit('/').next().unwrap_or(name)
    }

    /// Whether it does no more than to print, or nothing at all.
    pub fn talks(&self) -> bool {
        matches!(self.name(), "echo" | "printf" | ":" | "true" | "logger")
    }

    /// Whether what it prints is read by people alone.
    fn is_for_people(&self) -> bool {
        let shown = |word: &Word| {
            word.text.contains("GITHUB_STEP_SUMMARY")
                || matches!(word.text.as_str(), "1" | "2" | "/dev/null" | "/dev/stderr")
        };
        self.redirects.iter().all(shown)
    }
}

impl<'a> Script<'a> {
    /// The script of a `run:`.
    pub fn of(run: &'a Node, source: &'a str) -> Option<Self> {
        let content = Content::of(run, source)?;
        let is_folded = source.get(run.span.start..)?.starts_with('>');
        let mut lexer = Lexer::new(&content.text, is_folded);
        let commands = lexer.commands(None, 0);
        let found = lexer.lexed;
        let mut said: Vec<Range<usize>> = Vec::new();
        let mut hush = |command: &Command, next: Option<&Command>| {
            let is_read = next.is_none_or(|next| {
                matches!(next.name(), "tee" | "cat") && {
                    let files = next.call().iter().skip(1);
                    let mut files = files.filter(|word| !word.text.starts_with('-'));
                    files.all(|word| word.text.contains("GITHUB_STEP_SUMMARY"))
                }
            });
            if !is_read || !command.is_for_people() {
                return;
            }
            if command.talks() {
                said.extend(command.call().iter().skip(1).map(|word| word.span.clone()));
            }
            if command.talks() || command.name() == "cat" {
                said.extend(command.documents.iter().map(|at| found.bodies[*at].clone()));
            }
        };
        for (index, command) in commands.iter().enumerate() {
            let next = commands.get(index + 1);
            hush(command, next.filter(|_| command.end == End::Pipe));
        }
        let mut done = content.text.as_bytes().to_vec();
        let mut is_kept = vec![false; done.len()];
        // What a substitution runs is no text of the word that it stands in.
        for at in found.holes.into_iter().flatten() {
            is_kept[at] = true;
        }
        for at in found.comments.iter().cloned().flatten() {
            is_kept[at] = false;
        }
        for at in said.into_iter().chain(found.comments).flatten() {
            if done[at] != b'\n' && !is_kept[at] {
                done[at] = b' ';
            }
        }
        Some(Self {
            done: String::from_utf8_lossy(&done).into_owned(),
            commands,
            content,
        })
    }

    /// Whether the script passes where this command fails: `|| true`.
    pub fn forgives(&self, index: usize) -> bool {
        let Some(next) = self.commands.get(index + 1) else {
            return false;
        };
        let in_block = next.words.first().is_some_and(|word| word.text == "{");
        let exits =
            next.name() == "exit" && next.call().get(1).is_some_and(|code| code.text == "0");
        let ends = matches!(next.end, End::Line | End::Script);
        self.commands[index].end == End::Or
            && !in_block
            && !next.is_grouped
            && ends
            && (next.talks() || exits)
    }

    /// Where bytes of the script stand in the file.
    pub fn span(&self, span: Range<usize>) -> Range<usize> {
        self.content.span(span)
    }
}

#[cfg(test)]
mod tests;
