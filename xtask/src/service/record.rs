//! `.idp/answers.toml`: what a service was made from.

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::pack::{Answers, Platform};

/// What a service says that it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The template's folder, such as `template-axum`.
    pub template: String,
    /// The pack's version.
    pub version: String,
    /// The pack's commit, where that was no release.
    pub commit: Option<String>,
    /// `ORG/REPO` of the pack.
    pub pack: String,
    /// The facts of the organisation; services of 0.1.0 recorded none.
    pub platform: Option<Platform>,
    /// Every answer, by placeholder.
    pub answers: Answers,
}

#[derive(Deserialize)]
struct Table {
    template: Template,
    platform: Option<Platform>,
    values: Answers,
}

#[derive(Deserialize)]
struct Template {
    name: String,
    version: String,
    pack: String,
    commit: Option<String>,
}

impl Record {
    /// Where it stands in a service.
    pub const FILE: &str = ".idp/answers.toml";
    /// The one answer that no manifest asks for: the service's name, which cargo-generate asks itself.
    pub const NAME: &str = "project-name";

    /// Parses the file.
    ///
    /// # Errors
    /// With line and remedy, when something is missing or of the wrong type.
    pub fn parse(text: &str) -> Result<Self> {
        let help = "take the file back as the template wrote it, from the service's git history";
        let table: Table = super::parsed(text, help)?;
        if !table.values.contains_key(Self::NAME) {
            bail!("`[values]` has no `{}`; {help}", Self::NAME);
        }
        let Template {
            name,
            version,
            pack,
            commit,
        } = table.template;
        if pack.split('/').count() != 2 {
            bail!("`pack = {pack:?}` is no `ORG/REPO`; {help}");
        }
        Ok(Self {
            template: name,
            version,
            commit,
            pack,
            platform: table.platform,
            answers: table.values,
        })
    }

    /// The service's name.
    pub fn name(&self) -> &str {
        self.answers.get(Self::NAME).map_or("", String::as_str)
    }

    /// The organisation and the repository of the pack.
    pub fn address(&self) -> (&str, &str) {
        self.pack.split_once('/').unwrap_or((&self.pack, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[template]\nname = \"template-axum\"\nversion = \"0.1.0\"\npack = \"o/r\"\n\n[values]\nproject-name = \"orders\"\nteam = \"x\"\n";

    #[test]
    fn what_the_first_release_wrote_is_read() {
        let record = Record::parse(TEXT).unwrap();
        assert_eq!(record.name(), "orders");
        assert_eq!(record.address(), ("o", "r"));
        assert_eq!(record.platform, None);
        assert_eq!(record.answers["team"], "x");
    }

    #[test]
    fn what_is_missing_is_named_with_the_remedy() {
        for (from, to, named) in [
            ("project-name = \"orders\"\n", "", "`project-name`"),
            ("pack = \"o/r\"", "pack = \"or\"", "ORG/REPO"),
            ("version = \"0.1.0\"\n", "", "version"),
            ("team = \"x\"", "team = 1", "line 8"),
        ] {
            let error = Record::parse(&TEXT.replace(from, to)).unwrap_err();
            let text = format!("{error:#}");
            assert!(
                text.contains(named) && text.contains("git history"),
                "{text}"
            );
        }
    }
}
