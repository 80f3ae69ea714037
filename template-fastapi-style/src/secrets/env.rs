//! Secrets from environment variables: `management-token` is `SECRET_MANAGEMENT_TOKEN`.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;

use secrecy::SecretString;

use super::{Fetch, NotFetched, SecretProvider};
use crate::config::{Config, ConfigError, report};

/// What the names of the variables begin with.
pub(crate) const PREFIX: &str = "SECRET_";

/// The secrets that the configuration refers to, by variable; of others no copy is kept.
struct Env(BTreeMap<String, SecretString>);

#[expect(clippy::unnecessary_wraps, reason = "other providers refuse")]
pub(super) fn open(config: &Config) -> Result<Arc<dyn SecretProvider>, ConfigError> {
    Ok(Arc::new(Env::new(config)))
}

impl Env {
    fn new(config: &Config) -> Self {
        let referred = report::leaves(&config.layered);
        let referred = referred.iter().filter_map(|leaf| leaf.secret.as_deref());
        let found = referred.filter_map(|name| {
            let (variable, value) = config.variables.get_key_value(&variable(name))?;
            Some((variable.clone(), value.clone()))
        });
        Self(found.collect())
    }
}

/// The variable that holds a secret.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_uppercase().replace('-', "_"))
}

impl SecretProvider for Env {
    fn fetch<'a>(&'a self, name: &'a str) -> Fetch<'a> {
        let variable = variable(name);
        let found = self.0.get(&variable).cloned();
        let place = format!("environment variable {variable}");
        Box::pin(ready(
            found.ok_or_else(|| NotFetched::missing(place, "not set")),
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::ConfigProvider;

    #[test]
    fn of_the_process_s_variables_only_secrets_are_kept_and_only_those_referred_to() {
        let variables = [
            ("APP__MANAGEMENT__TOKEN__SECRET", "management-token"),
            ("SECRET_MANAGEMENT_TOKEN", "sesame"),
            ("SECRET_OF_SOMEBODY_ELSE", "open"),
            ("SECRET_THAT_IS_EMPTY", ""),
            ("PATH", "/bin"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let provider = ConfigProvider::new(env!("CARGO_MANIFEST_DIR"), BTreeMap::from(variables));
        let config = provider.load_for(crate::config::Environment::Staging);
        let config = config.map_err(|error| error.to_string()).unwrap();
        let kept: Vec<_> = config.variables.keys().collect();
        assert_eq!(kept, ["SECRET_MANAGEMENT_TOKEN", "SECRET_OF_SOMEBODY_ELSE"]);
        let Env(kept) = Env::new(&config);
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["SECRET_MANAGEMENT_TOKEN"]);
    }
}
