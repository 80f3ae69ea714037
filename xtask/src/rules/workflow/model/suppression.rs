//! `# lint: allow(RULE) reason`: what a line asks the checker to let pass.

use std::ops::Range;

/// A suppression.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The line, from 1.
    pub line: usize,
    /// The comment's bytes.
    pub span: Range<usize>,
    /// The rule's name or code, as it was written, and its bytes.
    pub rule: (String, Range<usize>),
    /// Why.
    pub reason: String,
    /// Whether its form is one.
    pub well_formed: bool,
}

const MARK: &str = "# lint:";

/// The suppressions in a file's text.
pub fn find(text: &str) -> Vec<Suppression> {
    let mut found = Vec::new();
    if !text.contains(MARK) {
        return found;
    }
    let mut start = 0;
    for (index, line) in text.split('\n').enumerate() {
        if let Some(at) = line.find(MARK) {
            let comment = line[at..].trim_end();
            found.push(read(comment, start + at, index + 1));
        }
        start += line.len() + 1;
    }
    found
}

fn read(comment: &str, at: usize, line: usize) -> Suppression {
    let span = at..at + comment.len();
    let rest = &comment[MARK.len()..];
    let inner = rest.trim_start();
    let parts = inner
        .strip_prefix("allow(")
        .and_then(|rest| rest.split_once(')'));
    match parts {
        Some((rule, reason)) => {
            let start = at + comment.len() - inner.len() + "allow(".len();
            Suppression {
                line,
                span,
                rule: (rule.trim().to_owned(), start..start + rule.len()),
                reason: reason.trim().trim_start_matches(':').trim().to_owned(),
                well_formed: true,
            }
        }
        None => Suppression {
            line,
            rule: (String::new(), span.clone()),
            span,
            reason: String::new(),
            well_formed: false,
        },
    }
}
