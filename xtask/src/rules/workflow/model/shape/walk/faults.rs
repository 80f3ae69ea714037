//! What is said of a key that is not known and of a value of the wrong kind.

use super::super::super::yaml::{Entry, Fault, Name, Node};
use super::super::{Key, Shape};
use super::Walker;
use crate::report::nearest;

impl Walker<'_> {
    pub(super) fn unknown(&mut self, entry: &Entry, entries: &[Entry], keys: &'static [Key]) {
        let Name { text, span } = &entry.key;
        let message = format!("there is no key `{text}`{}", self.inside());
        let free = || {
            let there = |key: &&Key| entries.iter().any(|entry| entry.key.text == key.name);
            keys.iter()
                .filter(move |key| !there(key))
                .map(|key| key.name)
        };
        let lower = text.to_ascii_lowercase().replace('_', "-");
        let help = match nearest(&lower, free()).or_else(|| nearest(text, free())) {
            Some(near) => format!("did you mean `{near}`?"),
            None if text == "<<" => "GitHub merges no maps; write the keys out".to_owned(),
            None => {
                let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
                format!("the keys here are {}", known.join(", "))
            }
        };
        self.found
            .shapes
            .push(Fault::new(span.clone(), message, help));
    }

    /// Where this is, as the end of a sentence.
    pub(super) fn inside(&self) -> String {
        match self.path.as_slice() {
            [] => String::new(),
            [.., list, index] if index.bytes().all(|b| b.is_ascii_digit()) => {
                format!(" in an item of `{list}`")
            }
            [.., key] => format!(" in `{key}`"),
        }
    }

    pub(super) fn wrong(&mut self, node: &Node, expected: &str) {
        let key = match self.path.as_slice() {
            [.., list, index] if index.bytes().all(|b| b.is_ascii_digit()) => {
                format!("an item of `{list}`")
            }
            [.., key] => format!("`{key}`"),
            [] => "the file".into(),
        };
        let found = node.kind_in_words();
        let message = format!("{key} should be {expected}, and is {found}");
        let help = match expected {
            "a map" => "put `key: value` under it, indented".to_owned(),
            "a list" => "put `- item` under it, or `[item]` behind it".to_owned(),
            _ => format!("write {expected}"),
        };
        // Of a map or a list the first line says enough.
        self.found
            .shapes
            .push(Fault::new(node.span.clone(), message, help));
    }
}

/// What `shape` takes.
pub(super) fn in_words(shape: &Shape) -> &'static str {
    match shape {
        Shape::Null => "nothing",
        Shape::Flag(_) => "a boolean",
        Shape::Number(_) => "a number",
        Shape::Map(_) | Shape::Partly(_) | Shape::Named(_) => "a map",
        Shape::List(_) => "a list",
        Shape::Or(_, inner) | Shape::Judged(inner, _) => in_words(inner),
        Shape::Any(_) | Shape::Either(_) | Shape::Chosen(_) => "something else",
        Shape::Text(_) | Shape::Filled(_) | Shape::Word(_) | Shape::Condition(_) => "text",
    }
}
