//! The differences that have a name, as `differences.json` has them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::answers::Answer;

/// A difference with a name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    pub(crate) id: String,
    #[expect(dead_code, reason = "told in docs/parity.md")]
    reason: String,
    /// Cases that differ, by what is answered instead.
    #[serde(default)]
    answers: Vec<Here>,
    /// Places in the document, with what stands there and here.
    #[serde(default)]
    document: Vec<String>,
    /// Headers that every answer has here and none there.
    #[serde(default)]
    pub(crate) always: BTreeMap<String, String>,
}

/// What is asked of an answer that is unlike the twin's. What is not named here has to be as there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Here {
    /// Names of cases; `*` stands for any text.
    cases: Vec<String>,
    status: Option<u16>,
    /// The `detail` as a whole.
    detail: Option<Value>,
    /// The `type` of each entry of `detail`.
    types: Option<Vec<String>>,
    /// A text in a body that differs.
    contains: Option<String>,
    /// Headers that differ, with the value that they have; empty for none.
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

impl Difference {
    pub(crate) fn cases(&self) -> Vec<&String> {
        self.answers.iter().flat_map(|here| &here.cases).collect()
    }

    pub(crate) fn document(&self) -> Vec<&String> {
        self.document.iter().collect()
    }

    /// What is not as the entry about this case says.
    pub(crate) fn fault(&self, name: &str, seen: &Answer, unlike: &[String]) -> Option<String> {
        let about = |here: &&Here| here.cases.iter().any(|pattern| fits(pattern, name));
        let mut about = self.answers.iter().filter(about);
        about.find_map(|here| here.fault(seen, unlike))
    }
}

impl Here {
    /// What of this is not so.
    fn fault(&self, seen: &Answer, unlike: &[String]) -> Option<String> {
        let about_body = self.detail.is_some() || self.types.is_some() || self.contains.is_some();
        let told = |what: &str| match what {
            "status" => self.status.is_some(),
            "body" => about_body,
            header => self.headers.contains_key(header),
        };
        if let Some(what) = unlike.iter().find(|what| !told(what)) {
            return Some(format!("it differs in {what} too"));
        }
        if self.status.is_some_and(|status| status != seen.status) {
            return Some(format!("the status is {}", seen.status));
        }
        for (name, value) in &self.headers {
            if seen.headers.get(name).map_or("", String::as_str) != value {
                return Some(format!("{name} is not `{value}`"));
            }
        }
        let body = String::from_utf8_lossy(&seen.body);
        if let Some(text) = self.contains.as_ref().filter(|text| !body.contains(*text)) {
            return Some(format!("there is no `{text}`"));
        }
        let detail = seen.json().and_then(|body| body.get("detail").cloned());
        if self.detail.is_some() && self.detail != detail {
            return Some("the detail is another".into());
        }
        if let Some(types) = &self.types {
            let entries = detail.as_ref().and_then(Value::as_array);
            let entries = entries.into_iter().flatten();
            let seen: Vec<_> = entries
                .filter_map(|entry| entry.get("type")?.as_str())
                .collect();
            if *types != seen {
                return Some(format!("the types are {seen:?}"));
            }
        }
        None
    }
}

/// Whether a name fits a pattern, in which `*` stands for any text; but not behind a `=`.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    if let Some(exact) = pattern.strip_prefix('=') {
        return exact == name;
    }
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| fits(rest, &name[at..]))
        }),
    }
}
