//! `differences.toml`: where the service is not as its twin is, and why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Differences {
    #[serde(default)]
    pub(super) difference: Vec<Difference>,
}

/// A difference with a name. The test that is given it says what each key asks for.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Difference {
    pub(super) id: String,
    pub(super) reason: String,
    /// Headers that every answer has.
    #[serde(default)]
    pub(super) always: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) answers: Vec<Answers>,
    /// Places of the OpenAPI document.
    #[serde(default)]
    pub(super) document: Vec<String>,
}

/// Cases with the same answer.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Answers {
    pub(super) cases: Vec<String>,
    /// What is answered instead.
    #[serde(flatten)]
    pub(super) here: BTreeMap<String, toml::Value>,
}

impl Difference {
    /// Whether it names a case.
    pub(super) fn names(&self, case: &str) -> bool {
        let mut patterns = self.answers.iter().flat_map(|answers| &answers.cases);
        patterns.any(|pattern| fits(pattern, case))
    }
}

/// Whether a name fits a pattern, in which `*` stands for any text; but not behind a `=`. The test reads them the same way.
fn fits(pattern: &str, name: &str) -> bool {
    if let Some(exact) = pattern.strip_prefix('=') {
        return exact == name;
    }
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter()
                .any(|at| name.get(at..).is_some_and(|name| fits(rest, name)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_but_behind_an_equals_sign() {
        assert!(fits("type: none", "type: none"));
        assert!(!fits("type: none", "type: none, malformed"));
        assert!(fits("path: /*/", "path: /products//"));
        assert!(!fits("path: /*/", "path: /products"));
        assert!(fits("*é*", "Café Press"));
        assert!(fits("=type: '*/*'", "type: '*/*'"));
        assert!(!fits("=type: '*/*'", "type: 'text/json'"));
    }
}
