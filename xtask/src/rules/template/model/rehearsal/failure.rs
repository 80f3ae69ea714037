//! A hook that ended early: where it did, and why, in words that name what the hook can change.

use std::ops::Range;

use rhai::EvalAltResult;

use crate::pack::Case;
use crate::report::Source;
use crate::rules::template::model::hooks::{lower, place};

/// A hook that ended early.
#[derive(Debug)]
pub struct Failure {
    /// The number of the hook.
    pub hook: usize,
    /// Where in it.
    pub span: Range<usize>,
    /// What went wrong.
    pub message: String,
    /// The options.
    pub case: Case,
}
/// The line of `source` that `error` is about.
pub fn line(source: &Source, error: &EvalAltResult) -> Range<usize> {
    let start = place(source, innermost(error).position());
    let line = source.text[start..].lines().next().unwrap_or("");
    start..start + line.trim_end().len()
}

/// The error itself, without the calls around it.
pub fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => innermost(inner),
        other => other,
    }
}

/// What went wrong.
pub fn reason(error: &EvalAltResult) -> String {
    match innermost(error) {
        EvalAltResult::ErrorTooManyOperations(..) => "it does not come to an end".to_owned(),
        EvalAltResult::ErrorRuntime(value, _) => value.to_string(),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            let (name, takes) = signature.split_once(' ').unwrap_or((signature, "()"));
            format!("`{name}` does not take {takes}")
        }
        other => {
            let text = other.to_string();
            lower(text.split(" (line").next().unwrap_or_default())
        }
    }
}
