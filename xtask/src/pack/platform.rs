//! `platform.toml`: the facts of one organisation.

use std::path::Path;

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::report::{Finding, Severity, Source};

/// The file, in the pack's root.
pub(super) const FILE: &str = "platform.toml";

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
        let path = root.join(FILE);
        match Self::parse(&Source::new(FILE, super::read(&path)?)) {
            Ok(platform) => Ok(platform),
            Err(f) => bail!(
                "{}:{}:{}: {}; {}",
                path.display(),
                f.line,
                f.column,
                f.message,
                f.help
            ),
        }
    }

    /// Parses `platform.toml`; what is wrong with it is a finding.
    pub fn parse(source: &Source) -> Result<Self, Box<Finding>> {
        toml::from_str(&source.text).map_err(|error| {
            let help =
                "platform.toml holds `org`, `repo`, `registry`, `ref` and `runner`, each a string";
            Box::new(source.finding(
                "unreadable-file",
                Severity::Error,
                error.span().unwrap_or(0..0),
                error.message().trim().to_owned(),
                help.to_owned(),
            ))
        })
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
