//! `platform.toml`: the facts of one organisation.

use std::path::Path;

use anyhow::{Result, bail};
use regex::Regex;
use serde::Deserialize;

use crate::report::{Finding, Severity, Source};

/// The file, in the pack's root.
pub const FILE: &str = "platform.toml";

/// What each fact looks like: a pattern, and the same in words.
const FORMS: [(&str, &str, &str); 5] = [
    (
        "org",
        "^[A-Za-z0-9](-?[A-Za-z0-9])*$",
        "letters, digits and single dashes, as in `your-org`",
    ),
    (
        "repo",
        "^[A-Za-z0-9._-]+$",
        "letters, digits, dots, dashes and underscores, as in `golden-path`",
    ),
    (
        "registry",
        "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$",
        "a host in lower case, with a port or path if need be, as in `registry.example.com`",
    ),
    (
        "ref",
        r"^(v[0-9]+\.[0-9]+\.[0-9]+|[0-9a-f]{40})$",
        "a version as in `v1.2.3`, or a commit of 40 hexadecimal digits",
    ),
    (
        "runner",
        "^[A-Za-z0-9._-]+$",
        "the label of one runner, as in `ubuntu-24.04`",
    ),
];

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
    /// The file's name, in the pack's root.
    pub const FILE: &str = FILE;

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
        let refuse = |span, message: String, help: String| {
            Box::new(source.finding("unreadable-file", Severity::Error, span, message, help))
        };
        let platform: Self = toml::from_str(&source.text).map_err(|error| {
            let help =
                "platform.toml holds `org`, `repo`, `registry`, `ref` and `runner`, each a string";
            let span = error.span().unwrap_or(0..0);
            refuse(span, error.message().trim().to_owned(), help.to_owned())
        })?;
        for (name, value) in platform.facts() {
            if let Some(form) = misfit(name, value) {
                let table = toml::de::DeTable::parse(&source.text).ok();
                let span = table.and_then(|table| Some(table.get_ref().get(name)?.span()));
                let span = span.unwrap_or(0..0);
                let message =
                    format!("`{name} = {value:?}` can't stand in workflows and image names");
                return Err(refuse(span, message, format!("write {form}")));
            }
        }
        Ok(platform)
    }

    /// Gives the fact `name` another value; one that there is not stays away.
    pub fn set(&mut self, name: &str, value: &str) {
        let fact = match name {
            "org" => &mut self.org,
            "repo" => &mut self.repo,
            "registry" => &mut self.registry,
            "ref" => &mut self.reference,
            "runner" => &mut self.runner,
            _ => return,
        };
        value.clone_into(fact);
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

/// What the fact `name` takes, in words, where `value` is nothing of the kind.
pub fn misfit(name: &str, value: &str) -> Option<&'static str> {
    let (_, pattern, form) = FORMS.into_iter().find(|(fact, ..)| *fact == name)?;
    let fits = Regex::new(pattern).is_ok_and(|regex| regex.is_match(value));
    (!fits).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(org: &str, registry: &str, reference: &str) -> Result<Platform, Box<Finding>> {
        let text = format!(
            "org = {org:?}\nrepo = \"r\"\nregistry = {registry:?}\nref = {reference:?}\nrunner = \"u\"\n"
        );
        Platform::parse(&Source::new(FILE, text))
    }

    #[test]
    fn facts_that_would_break_what_they_stand_in_are_refused() {
        assert!(parsed("Your-Org", "localhost:5000", "v1.2.3").is_ok());
        assert!(parsed("a-b", "ghcr.io/mirror", &"0".repeat(40)).is_ok());
        for (org, registry, reference) in [
            ("", "ghcr.io", "v1.2.3"),
            ("a b", "ghcr.io", "v1.2.3"),
            ("{{ x }}", "ghcr.io", "v1.2.3"),
            ("a\nb", "ghcr.io", "v1.2.3"),
            ("acme", "GHCR.io", "v1.2.3"),
            ("acme", "https://ghcr.io", "v1.2.3"),
            ("acme", "ghcr.io", "main"),
        ] {
            let finding = parsed(org, registry, reference).unwrap_err();
            assert!(finding.help.starts_with("write "), "{finding:?}");
        }
    }
}
