//! `.idp/ownership.toml`: whose each file of a service is.

use anyhow::{Result, anyhow};
use serde::Deserialize;

use crate::rules::template::model::Pattern;

/// Who decides what a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The organisation: replaced on upgrade, an edit by hand is drift.
    Platform,
    /// Both: merged three ways.
    Shared,
    /// The service's developers: written once, never touched again.
    Yours,
}

impl Class {
    /// Its name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Shared => "shared",
            Self::Yours => "yours",
        }
    }
}

/// What decides the class of a path.
#[derive(Debug)]
pub struct Ownership {
    platform: Vec<Pattern>,
    shared: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    platform: Files,
    #[serde(default)]
    shared: Files,
    #[serde(default, rename = "yours")]
    _yours: Files,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    files: Vec<String>,
}

impl Ownership {
    /// Where it stands in a service.
    pub const FILE: &str = ".idp/ownership.toml";

    /// Parses the file.
    ///
    /// # Errors
    /// With line and remedy, when it doesn't parse or has a pattern that is none.
    pub fn parse(text: &str) -> Result<Self> {
        let table: Table = super::parsed(
            text,
            "write `[platform]`, `[shared]` and `[yours]`, each with `files = […]`, as the template does",
        )?;
        Ok(Self {
            platform: patterns(&table.platform.files)?,
            shared: patterns(&table.shared.files)?,
        })
    }

    /// Whose `path` is, relative to the service's folder: the first class with a pattern that matches it.
    pub fn class(&self, path: &str) -> Class {
        let has = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.is(path));
        if has(&self.platform) {
            Class::Platform
        } else if has(&self.shared) {
            Class::Shared
        } else {
            Class::Yours
        }
    }
}

fn patterns(lines: &[String]) -> Result<Vec<Pattern>> {
    let pattern = |line: &String| {
        // A path is meant from the service's root; a pattern of git's without a slash is meant anywhere.
        Pattern::parse(&format!("/{}", line.trim_start_matches('/'))).map_err(|fault| {
            anyhow!("`{line}` is no pattern: {fault}; write a path, with `*` or `**`")
        })
    };
    lines.iter().map(pattern).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_class_with_a_pattern_decides() {
        let ownership = Ownership::parse(
            "[platform]\nfiles = [\"Dockerfile\", \".github/workflows/**\"]\n[shared]\nfiles = [\"src/*.rs\", \"Dockerfile\"]\n[yours]\nfiles = [\"**\"]\n",
        )
        .unwrap();
        for (path, class) in [
            ("Dockerfile", Class::Platform),
            ("docker/Dockerfile", Class::Yours),
            (".github/workflows/ci.yml", Class::Platform),
            ("src/main.rs", Class::Shared),
            ("src/items/mod.rs", Class::Yours),
        ] {
            assert_eq!(ownership.class(path), class, "{path}");
        }
    }

    #[test]
    fn what_does_not_parse_names_its_line_and_the_remedy() {
        let error = Ownership::parse("[platform]\nfile = []\n").unwrap_err();
        let text = format!("{error:#}");
        assert!(
            text.contains("line 2") && text.contains("`[shared]`"),
            "{text}"
        );
    }
}
