//! The service's configuration as a pod of one environment sees it: the image's files, and the manifest's variables.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::quantity;
use crate::pack::read;

/// Layers of configuration, of which later ones win.
#[derive(Debug)]
pub(super) struct Settings {
    files: Vec<Value>,
    /// `APP__SERVER__PORT` and the like.
    variables: Vec<(String, String)>,
}

impl Settings {
    /// The files of the service in `folder` for `environment`, under `variables`.
    pub(super) fn read(
        folder: &Path,
        environment: &str,
        variables: Vec<(String, String)>,
    ) -> Result<Self> {
        let mut files = Vec::new();
        for name in ["default", environment] {
            let file = format!("config/{name}.yaml");
            let text = read(&folder.join(&file))?;
            files.push(serde_yaml::from_str(&text).with_context(|| format!("{file} is no YAML"))?);
        }
        Ok(Self { files, variables })
    }

    #[cfg(test)]
    pub(super) fn of(files: Vec<Value>, variables: Vec<(String, String)>) -> Self {
        Self { files, variables }
    }

    #[cfg(test)]
    pub(super) fn set(&mut self, variable: &str, value: &str) {
        self.variables.push((variable.to_owned(), value.to_owned()));
    }

    /// The value of `server.port` and the like, as text.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let variable = format!("APP__{}", key.replace('.', "__").to_uppercase());
        let set = self
            .variables
            .iter()
            .rev()
            .find(|(name, _)| *name == variable);
        if let Some((_, value)) = set {
            return Some(value.clone());
        }
        let pointer = format!("/{}", key.replace('.', "/"));
        let found = self
            .files
            .iter()
            .rev()
            .find_map(|file| file.pointer(&pointer))?;
        match found {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A value that is a duration.
    pub(super) fn duration(&self, key: &str) -> Option<Duration> {
        quantity::duration(&self.text(key)?)
    }

    /// A value that is a size in bytes.
    pub(super) fn size(&self, key: &str) -> Option<u64> {
        quantity::size(&self.text(key)?)
    }

    /// A value that is a whole number.
    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.text(key)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn later_layers_win() {
        let files = vec![
            json!({"server": {"port": 8080, "drain_delay": "5s", "body_limit": "1MiB"}}),
            json!({"server": {"drain_delay": "0s"}}),
        ];
        let settings = Settings::of(files, vec![("APP__SERVER__PORT".into(), "81".into())]);
        assert_eq!(settings.number("server.port"), Some(81));
        assert_eq!(
            settings.duration("server.drain_delay"),
            Some(Duration::ZERO)
        );
        assert_eq!(settings.size("server.body_limit"), Some(1 << 20));
        assert_eq!(settings.text("server.host"), None);
    }
}
