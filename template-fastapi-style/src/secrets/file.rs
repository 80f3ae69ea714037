//! Secrets from a mounted directory, one file each, as Docker and Kubernetes do it.

use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::{Fetch, NotFetched, SecretProvider};
use crate::config::{Config, ConfigError};

struct Directory(PathBuf);

#[expect(clippy::unnecessary_wraps, reason = "other providers refuse")]
pub(super) fn open(config: &Config) -> Result<Arc<dyn SecretProvider>, ConfigError> {
    Ok(Arc::new(Directory(
        config.settings.secrets.directory.clone(),
    )))
}

impl SecretProvider for Directory {
    fn fetch<'a>(&'a self, name: &'a str) -> Fetch<'a> {
        Box::pin(ready(read(&self.0.join(name))))
    }

    /// Kubernetes replaces the files of a secret that was changed.
    fn pace(&self, refresh: Duration) -> Option<Duration> {
        Some(refresh)
    }
}

/// The secret in a file.
#[expect(
    clippy::disallowed_methods,
    reason = "secrets that are files are read here, and nowhere else"
)]
pub(super) fn read(path: &Path) -> Result<SecretString, NotFetched> {
    let found = match std::fs::read_to_string(path) {
        // Editors and `echo` end a file with a newline that is no part of the secret.
        Ok(text) => match text.strip_suffix('\n').unwrap_or(&text) {
            "" => Err("empty".to_owned()),
            text => Ok(text.into()),
        },
        Err(error) => Err(format!("unreadable ({error})")),
    };
    found.map_err(|problem| NotFetched::missing(format!("file {}", path.display()), problem))
}
