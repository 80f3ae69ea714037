//! Secrets from environment variables: `management-token` is `SECRET_MANAGEMENT_TOKEN`.

use std::collections::BTreeMap;
use std::future::ready;

use super::{Fetch, NotFetched, SecretProvider};
use crate::config::Config;

struct Env<'a>(&'a BTreeMap<String, String>);

pub(super) fn open(config: &Config) -> Box<dyn SecretProvider + '_> {
    Box::new(Env(&config.variables))
}

impl SecretProvider for Env<'_> {
    fn fetch<'a>(&'a self, name: &'a str) -> Fetch<'a> {
        let variable = format!("SECRET_{}", name.to_uppercase().replace('-', "_"));
        let found = self
            .0
            .get(&variable)
            .filter(|value| !value.is_empty())
            .map(|value| value.clone().into());
        let place = format!("environment variable {variable}");
        Box::pin(ready(found.ok_or(NotFetched {
            place,
            problem: "not set".into(),
        })))
    }
}
