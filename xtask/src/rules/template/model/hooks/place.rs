//! Rhai's positions and errors, as bytes of the file and in the words of a finding.

use std::ops::Range;

use rhai::{ParseError, ParseErrorType, Position};

use crate::report::Source;
use crate::rules::template::model::text::{Problem, did_you_mean};
use crate::rules::template::model::vocabulary::MODULES;

/// A compiler's error in the words of a finding.
pub fn problem(source: &Source, error: &ParseError) -> Problem {
    let at = place(source, error.position());
    let word = |name: &str| at..at + name.len();
    let (span, message, help) = match error.err_type() {
        ParseErrorType::VariableUndefined(name) => (
            word(name),
            format!("variable `{name}` is not defined"),
            format!(
                "define it with `let {name} = …;`, or read an answer with `variable::get(\"…\")`"
            ),
        ),
        ParseErrorType::ModuleUndefined(name) => (
            word(name),
            format!("there is no module `{name}`"),
            did_you_mean(
                name,
                MODULES.iter().map(|(name, _)| *name),
                "hooks have `variable`, `file`, `system` and `env`",
            ),
        ),
        other => (
            at..at + 1,
            format!("the hook does not compile: {}", lower(&other.to_string())),
            "mend the syntax at this place".to_owned(),
        ),
    };
    Problem {
        span,
        message,
        help,
    }
}

/// The byte at a position; the end of the text for none.
pub fn place(source: &Source, position: Position) -> usize {
    match (position.line(), position.position()) {
        (Some(line), column) => source.offset(line, column.unwrap_or(1)),
        (None, _) => source.text.trim_end().len(),
    }
}

/// The bytes of `word` at or shortly after `at`.
pub fn word_at(text: &str, at: usize, word: &str) -> Range<usize> {
    let found = text[at..].find(word).filter(|_| !word.is_empty());
    let start = found.map_or(at, |found| at + found);
    start..(start + word.len().max(1)).min(text.len())
}

/// The text with a lower-case letter at its start.
pub fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}
