//! `SERVICE config`: what the service would run with, and why.

use std::fmt::Write;

use config::{Value, ValueKind};

use super::{Config, ConfigError, ConfigProvider, Environment};

/// Every key with its effective value and the layer it came from. Secrets show as `•••`.
pub fn effective(config: &Config) -> String {
    let mut rows = leaves(&config.layered);
    rows.sort();
    let widest = |column: fn(&Leaf) -> &String| {
        rows.iter()
            .map(|row| column(row).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (key, value) = (widest(|row| &row.key), widest(|row| &row.value));
    let mut text = format!("# environment: {}\n", config.environment.name());
    for row in &rows {
        let _ = writeln!(
            text,
            "{:key$}  {:value$}  {}",
            row.key, row.value, row.layer
        );
    }
    text.truncate(text.trim_end().len());
    text
}

/// Validates every environment; the same finding in several of them is told once.
pub fn check(provider: &ConfigProvider) -> Vec<ConfigError> {
    let mut findings = Vec::new();
    for environment in Environment::ALL {
        match provider.load_for(environment) {
            Err(error) if !findings.contains(&error) => findings.push(error),
            _ => {}
        }
    }
    findings
}

/// One value of the effective configuration.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leaf {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) layer: String,
    /// The name of the secret, when the value is a reference.
    pub(crate) secret: Option<String>,
}

/// The values as a flat list, references to secrets among them.
pub(crate) fn leaves(root: &Value) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(String::new(), root, &mut found);
    found
}

fn collect(key: String, value: &Value, found: &mut Vec<Leaf>) {
    let layer = |value: &Value| value.origin().unwrap_or_default().to_owned();
    let ValueKind::Table(table) = &value.kind else {
        let shown = match &value.kind {
            ValueKind::Nil => "(unset)".to_owned(),
            ValueKind::Array(items) => format!(
                "[{}]",
                items
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            _ => value.to_string(),
        };
        found.push(Leaf {
            key,
            value: shown,
            layer: layer(value),
            secret: None,
        });
        return;
    };
    if let Some(name) = table.get("secret") {
        let layer = format!("{}, secret `{name}`", layer(name));
        found.push(Leaf {
            key,
            value: "•••".into(),
            layer,
            secret: Some(name.to_string()),
        });
        return;
    }
    for (name, value) in table {
        let key = if key.is_empty() {
            name.clone()
        } else {
            format!("{key}.{name}")
        };
        collect(key, value, found);
    }
}
