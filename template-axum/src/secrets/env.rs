//! Secrets from environment variables: `management-token` is `SECRET_MANAGEMENT_TOKEN`.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;

use super::{Fetch, NotFetched, SecretProvider};
use crate::config::{Config, ConfigError};

struct Env(BTreeMap<String, String>);

#[expect(clippy::unnecessary_wraps, reason = "other providers refuse")]
pub(super) fn open(config: &Config) -> Result<Arc<dyn SecretProvider>, ConfigError> {
    let ours = config.variables.iter();
    let ours = ours.filter(|(name, _)| name.starts_with("SECRET_"));
    Ok(Arc::new(Env(ours
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect())))
}

/// The variable that holds a secret.
pub(super) fn variable(name: &str) -> String {
    format!("SECRET_{}", name.to_uppercase().replace('-', "_"))
}

impl SecretProvider for Env {
    fn fetch<'a>(&'a self, name: &'a str) -> Fetch<'a> {
        let variable = variable(name);
        let found = self.0.get(&variable).filter(|value| !value.is_empty());
        let found = found.map(|value| value.clone().into());
        let place = format!("environment variable {variable}");
        Box::pin(ready(
            found.ok_or_else(|| NotFetched::missing(place, "not set")),
        ))
    }
}
