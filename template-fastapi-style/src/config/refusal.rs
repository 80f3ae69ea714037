//! A configuration that does not fit, told as one line: where, what, and the remedy.

use std::fmt;

use config::{Value, ValueKind};
use serde_path_to_error::{Path, Segment};

/// Why a configuration is refused, as one line: where, what, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The key and its layer, or the file.
    pub place: String,
    /// What is wrong there.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!("{}: {}; {}", self.place, self.problem, self.remedy);
        let line: String = line
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        f.write_str(&line)
    }
}

impl ConfigError {
    pub(crate) fn new(
        place: impl Into<String>,
        problem: impl fmt::Display,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            place: place.into(),
            problem: problem.to_string(),
            remedy: remedy.into(),
        }
    }
}

/// Turns serde's complaint into key, layer and remedy.
pub(super) fn misfit(
    error: &serde_path_to_error::Error<config::ConfigError>,
    layered: &Value,
) -> ConfigError {
    let key = error.path().to_string();
    let problem = reason(error.inner());
    let found = find(layered, error.path());
    let section = found.is_none_or(|value| matches!(value.kind, ValueKind::Table(_)));
    let problem = match problem.strip_prefix("missing ") {
        Some(key) if section => {
            return ConfigError::new(key, "not set", "add it to config/default.yaml");
        }
        Some(_) => "a value where a section of keys is expected".to_owned(),
        None => problem,
    };
    let (problem, remedy) = match problem.strip_prefix("unknown field") {
        Some(rest) => (
            format!("unknown key{rest}"),
            "remove it, or spell it as one of these",
        ),
        None => (problem, "give it the form that config/default.yaml shows"),
    };
    match found.and_then(origin) {
        Some(layer) => ConfigError::new(format!("{key} in {layer}"), problem, remedy),
        None => ConfigError::new(key, problem, remedy),
    }
}

/// A file that is not there, or is not YAML.
pub(super) fn unreadable(error: &config::ConfigError) -> ConfigError {
    let remedy = "mend it, and start the service in the folder that holds config/";
    match error {
        config::ConfigError::FileParse {
            uri: Some(file),
            cause,
        } => ConfigError::new(file, cause, remedy),
        other => ConfigError::new("config", other, remedy),
    }
}

/// The complaint without the places that the config crate adds: those are ours to name.
fn reason(error: &config::ConfigError) -> String {
    match error {
        config::ConfigError::Type {
            unexpected,
            expected,
            ..
        } => {
            format!("{unexpected} where {expected} is expected")
        }
        config::ConfigError::At { error, .. } => reason(error),
        config::ConfigError::NotFound(key) => format!("missing {key}"),
        other => other.to_string(),
    }
}

fn find<'a>(root: &'a Value, path: &Path) -> Option<&'a Value> {
    let mut value = root;
    for segment in path {
        match (segment, &value.kind) {
            (Segment::Map { key }, ValueKind::Table(table)) => value = table.get(key)?,
            _ => break,
        }
    }
    Some(value)
}

/// The layer of a value; a section has none of its own, but the first value in it has.
fn origin(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Table(table) => table.values().find_map(origin),
        _ => value.origin(),
    }
}
