//! A script that ended early: where, why, and what to do about it.

use anyhow::{Error, anyhow};
use rhai::EvalAltResult;

use super::run::Refusal;
use crate::report::Source;
use crate::rules::template::model::hooks::place;
use crate::rules::template::model::rehearsal::{OPERATIONS, innermost, reason};
use crate::rules::template::model::upgrades::OFFERED;

/// `FILE:LINE:COLUMN` of a byte.
pub(super) fn at(source: &Source, offset: usize) -> String {
    let (line, column) = source.position(offset);
    format!("{}:{line}:{column}", source.file)
}

/// The error as `template-x/upgrades/0.3.0.rhai:LINE:COLUMN: what; remedy`.
pub(super) fn failure(source: &Source, error: &EvalAltResult) -> Error {
    let inner = innermost(error);
    let place = at(source, place(source, inner.position()));
    anyhow!("{place}: {}", said(inner))
}

fn said(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorTooManyOperations(..) => format!(
            "the script does not come to an end; give its loop one, a script has {OPERATIONS} steps"
        ),
        EvalAltResult::ErrorStackOverflow(..) => {
            "its functions call each other too deeply; write a loop".to_owned()
        }
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<Refusal>() {
            Some(refusal) => refusal.0.clone(),
            None => format!(
                "the script refuses: {}; do what it asks for and commit, then upgrade again",
                line(&value.to_string())
            ),
        },
        EvalAltResult::ErrorFunctionNotFound(signature, _) => not_found(signature),
        other => format!("{}; mend the script in the pack", reason(other)),
    }
}

/// What a script threw, in one line that no terminal minds.
fn line(text: &str) -> String {
    let letters = text.chars().take(500);
    letters
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// `answer::set (&str | ImmutableString | String, i64)`, in words.
fn not_found(signature: &str) -> String {
    let (name, takes) = signature.split_once(" (").unwrap_or((signature, ")"));
    let name = name.replace(" :: ", "::");
    let mut takes = takes.trim_end_matches(')').to_owned();
    for (rust, word) in [
        ("&str | ImmutableString | String", "text"),
        ("i64", "a number"),
        ("f64", "a number"),
        ("bool", "yes or no"),
        ("array", "a list"),
        ("map", "a map"),
        ("()", "nothing"),
    ] {
        takes = takes.replace(rust, word);
    }
    let own = OFFERED.modules.iter().any(|(module, functions)| {
        let is_own = |(function, _): &(&str, _)| format!("{module}::{function}") == name;
        functions.iter().any(is_own)
    });
    if own || OFFERED.functions.contains(&name.as_str()) {
        return format!(
            "`{name}` does not take ({takes}); give it what docs/upgrade-scripts.md lists"
        );
    }
    format!(
        "there is no function `{name}` that takes ({takes}); call one that docs/upgrade-scripts.md lists, or one of Rhai's"
    )
}
