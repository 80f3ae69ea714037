//! `CHANGELOG.md` in the form of Keep a Changelog: people fill `## [Unreleased]`, a release gives it its version.
//!
//! An empty section is refused and not filled from the subjects of commits: who upgrades a service reads it, and
//! subjects are written for those who change the pack.

use std::ops::Range;

use anyhow::{Result, anyhow, bail};
use semver::Version;

/// The file, in the pack's root.
pub(super) const FILE: &str = "CHANGELOG.md";

const UNRELEASED: &str = "## [Unreleased]";

/// A changelog that has something to release.
#[derive(Debug)]
pub(super) struct Changelog {
    text: String,
    /// The lines of its section `Unreleased`, without its title.
    unreleased: Range<usize>,
}

impl Changelog {
    /// Finds what is unreleased.
    ///
    /// # Errors
    /// When there is no such section, when `version` has one already, or when nothing stands in it: `since` names the
    /// commits that it is about.
    pub(super) fn parse(text: String, version: &Version, since: &str) -> Result<Self> {
        let titles = titles(&text);
        let mut unreleased = titles
            .iter()
            .filter(|title| text[title.start..].starts_with(UNRELEASED));
        let title = unreleased.next().ok_or_else(|| {
            anyhow!("{FILE} has no section `{UNRELEASED}`; write one above the newest release")
        })?;
        if let Some(second) = unreleased.next() {
            let line = line(&text, second.start);
            bail!("{FILE}:{line}: a second section `{UNRELEASED}`; put both into one");
        }
        let known = format!("## [{version}]");
        if let Some(known) = titles.iter().find(|t| text[t.start..].starts_with(&known)) {
            let line = line(&text, known.start);
            bail!(
                "{FILE}:{line}: there is a section `{version}` already; take a greater version, or put its lines under `{UNRELEASED}`"
            );
        }
        let next = titles.iter().find(|other| other.start > title.start);
        let body = title.end..next.map_or(text.len(), |next| next.start);
        if !text[body.clone()].lines().any(says_something) {
            let line = line(&text, title.start);
            bail!(
                "{FILE}:{line}: nothing stands under `{UNRELEASED}`; write what changes for services and the platform: `git log --oneline {since}` names the commits"
            );
        }
        Ok(Self {
            text,
            unreleased: body,
        })
    }

    /// The whole text, with what was unreleased under `version`.
    pub(super) fn released(&self, version: &Version, date: &str) -> String {
        let newline = self.newline();
        let (before, body) = (
            &self.text[..self.unreleased.start],
            &self.text[self.unreleased.start..],
        );
        let title = title(version, date);
        // What follows a title is an empty line, in the old section as in the new one.
        format!(
            "{}{newline}{newline}{title}{newline}{}",
            before.trim_end(),
            lead(body, newline)
        )
    }

    /// The section as it will stand there.
    pub(super) fn section(&self, version: &Version, date: &str) -> String {
        let body = self.text[self.unreleased.clone()].trim();
        format!("{}\n\n{body}\n", title(version, date))
    }

    fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }
}

fn title(version: &Version, date: &str) -> String {
    format!("## [{version}] - {date}")
}

/// `body` with an empty line in front.
fn lead(body: &str, newline: &str) -> String {
    format!("{newline}{}", body.trim_start_matches(['\r', '\n']))
}

/// The lines that begin a section: bytes, with their ends. In a block of code `##` begins nothing.
fn titles(text: &str) -> Vec<Range<usize>> {
    let (mut all, mut start, mut code) = (Vec::new(), 0, false);
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if line.starts_with("## ") && !code {
            all.push(start..end);
        }
        start = end;
    }
    all
}

/// Whether a line is more than an empty one, a title, a comment or the address of a link.
fn says_something(line: &str) -> bool {
    let line = line.trim();
    let address = line.starts_with('[') && line.contains("]: ");
    let comment = line.starts_with("<!--") && line.ends_with("-->");
    !(line.is_empty() || line.starts_with('#') || address || comment)
}

fn line(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Changelog\n\nWords.\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-11-27\n\n- All.\n";

    fn parsed(text: &str) -> Result<Changelog> {
        Changelog::parse(text.into(), &Version::new(0, 2, 0), "abc..")
    }

    #[test]
    fn what_was_unreleased_gets_its_version_and_leaves_an_empty_section() {
        let version = Version::new(0, 2, 0);
        let released = "# Changelog\n\nWords.\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-11-27\n\n- All.\n";
        let changelog = parsed(TEXT).unwrap();
        assert_eq!(changelog.released(&version, "2026-12-01"), released);
        assert_eq!(
            changelog.section(&version, "2026-12-01"),
            "## [0.2.0] - 2026-12-01\n\n### Added\n\n- A thing.\n"
        );
        let windows = parsed(&TEXT.replace('\n', "\r\n")).unwrap();
        assert_eq!(
            windows.released(&version, "2026-12-01"),
            released.replace('\n', "\r\n")
        );
        let tight = parsed("## [Unreleased]\n- A thing.").unwrap();
        assert_eq!(
            tight.released(&version, "2026-12-01"),
            "## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n- A thing."
        );
    }

    #[test]
    fn what_cannot_be_released_is_refused_with_its_line() {
        for (from, to, expected) in [
            ("- A thing.\n", "", "CHANGELOG.md:5: nothing stands under"),
            (
                "- A thing.\n",
                "<!-- later -->\n[a]: https://example.com\n",
                "CHANGELOG.md:5: nothing stands under",
            ),
            ("## [Unreleased]", "## Next", "has no section"),
            (
                "## [Unreleased]",
                "```\n## [Unreleased]\n```",
                "has no section",
            ),
            (
                "## [0.1.0]",
                "## [Unreleased]",
                "CHANGELOG.md:11: a second section",
            ),
            (
                "## [0.1.0]",
                "## [0.2.0]",
                "CHANGELOG.md:11: there is a section `0.2.0`",
            ),
        ] {
            let error = parsed(&TEXT.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
