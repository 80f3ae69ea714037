//! Secrets from a mounted directory, one file each, as Docker and Kubernetes do it.

use std::future::ready;
use std::path::Path;

use super::{Fetch, NotFetched, SecretProvider};
use crate::config::Config;

struct Directory<'a>(&'a Path);

pub(super) fn open(config: &Config) -> Box<dyn SecretProvider + '_> {
    Box::new(Directory(&config.settings.secrets.directory))
}

impl SecretProvider for Directory<'_> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the file provider reads files, once, at start"
    )]
    fn fetch<'a>(&'a self, name: &'a str) -> Fetch<'a> {
        let path = self.0.join(name);
        let found = match std::fs::read_to_string(&path) {
            // Editors and `echo` end a file with a newline that is no part of the secret.
            Ok(text) => match text.strip_suffix('\n').unwrap_or(&text) {
                "" => Err("empty".to_owned()),
                text => Ok(text.into()),
            },
            Err(error) => Err(format!("unreadable ({error})")),
        };
        let place = format!("file {}", path.display());
        Box::pin(ready(
            found.map_err(|problem| NotFetched { place, problem }),
        ))
    }
}
