//! `platform.toml`: the facts of one organisation.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// What `platform.toml` says. Everything that carries these is derived by `cargo xtask sync`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// The organisation that owns the repository, as its host spells it.
    pub org: String,
    /// The repository's name.
    pub repo: String,
    /// Host (and path, if any) that images are pushed to.
    pub registry: String,
    /// What the workflows of a service name after `@`.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The label of the runner that jobs ask for.
    pub runner: String,
}

impl Platform {
    /// Reads `platform.toml` in `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join("platform.toml");
        toml::from_str(&super::read(&path)?)
            .with_context(|| format!("{} does not hold the five facts", path.display()))
    }

    /// The facts by the names that templates use.
    pub fn facts(&self) -> [(&'static str, &str); 5] {
        [
            ("org", &self.org),
            ("repo", &self.repo),
            ("registry", &self.registry),
            ("ref", &self.reference),
            ("runner", &self.runner),
        ]
    }
}
