//! The variables of a rehearsal: what hooks and conditions start with, and what is left of them for files to read.

use std::collections::BTreeMap;

use rhai::{Array, Dynamic};

use crate::pack::manifest::Kind;
use crate::pack::{Case, Manifest};
use crate::rules::template::model::vocabulary::{BOOL_VARIABLES, TEXT_VARIABLES};

/// The name of the service that is rehearsed.
const NAME: &str = "orders";

/// A value of a variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<String>),
}
/// What hooks and conditions can read from the start.
pub fn variables(manifest: &Manifest, case: &Case) -> BTreeMap<String, Dynamic> {
    let text = |value: &str| Dynamic::from(value.to_owned());
    let mut all: BTreeMap<String, Dynamic> = TEXT_VARIABLES
        .iter()
        .map(|name| ((*name).to_owned(), text("sample")))
        .chain(
            BOOL_VARIABLES
                .iter()
                .map(|name| ((*name).to_owned(), Dynamic::FALSE)),
        )
        .collect();
    let name = case
        .answers
        .get("project-name")
        .map_or(NAME, String::as_str);
    all.insert("project-name".to_owned(), text(name));
    all.insert("crate_name".to_owned(), text(&name.replace('-', "_")));
    for placeholder in &manifest.placeholders {
        let default = || Some(placeholder.default.as_ref()?.value.as_str());
        let answer = case.answers.get(&placeholder.name).map(String::as_str);
        let value = answer.or_else(default).unwrap_or_default();
        let value = match placeholder.kind {
            Kind::Bool => Dynamic::from(value == "true"),
            Kind::String => text(value),
        };
        all.insert(placeholder.name.clone(), value);
    }
    all
}

/// What files can read of `variables`.
pub fn settings(variables: &BTreeMap<String, Dynamic>) -> BTreeMap<String, Setting> {
    let setting = |value: &Dynamic| {
        if let Ok(value) = value.as_bool() {
            Setting::Bool(value)
        } else if let Some(list) = value.read_lock::<Array>() {
            Setting::List(list.iter().map(ToString::to_string).collect())
        } else {
            Setting::Text(value.to_string())
        }
    };
    let each = variables.iter();
    each.map(|(name, value)| (name.clone(), setting(value)))
        .collect()
}
