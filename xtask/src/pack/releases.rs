//! `releases.toml`: released versions of the pack and the commits that hold them.
//!
//! Tags don't always travel with a fork, and services record a version only. Reads and appends; whether the commits are
//! there is for who asks git.

use std::path::Path;

use anyhow::{Context, Result, bail};
use semver::Version;
use serde::Deserialize;
use toml::Spanned;

use crate::report::{Finding, Severity, Source};

/// The file, in the pack's root. A pack without one has released nothing.
pub const FILE: &str = "releases.toml";

/// What a new file begins with.
const HEADER: &str = "# Released versions of this pack and the commits that hold them. Written by `cargo xtask release`; tags don't always travel with a fork.\n";

/// A version and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The version.
    pub version: Version,
    /// The commit whose tree is that version: 40 hexadecimal digits.
    pub commit: String,
    /// The day on which it was made, as in `2026-11-27`.
    pub date: String,
}

/// Every released version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releases {
    all: Vec<Release>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    release: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    version: Spanned<String>,
    commit: Spanned<String>,
    date: Spanned<String>,
}

impl Releases {
    /// Reads `releases.toml` in `root`; a missing file holds none.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        match Self::parse(&Source::new(FILE, super::read(&path)?)) {
            Ok(releases) => Ok(releases),
            Err(findings) => refuse(&path, &findings),
        }
    }

    /// Parses `releases.toml`; whatever is wrong with it is a finding.
    pub fn parse(source: &Source) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut refuse = |span, message: String, help: &str| {
            findings.push(source.finding(
                "unreadable-file",
                Severity::Error,
                span,
                message,
                help.into(),
            ));
        };
        let file: File = match toml::from_str(&source.text) {
            Ok(file) => file,
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let help = "releases.toml holds tables `[[release]]` with `version`, `commit` and `date`, each a string";
                refuse(span, error.message().trim().to_owned(), help);
                return Err(findings);
            }
        };
        let mut all: Vec<Release> = Vec::new();
        for entry in file.release {
            let (version, commit, date) = (entry.version, entry.commit, entry.date);
            if !is_commit(commit.get_ref()) {
                let message = format!("`{}` is no commit", commit.get_ref());
                let help = "write all 40 hexadecimal digits, in lower case";
                refuse(commit.span(), message, help);
            }
            if let Some(known) = all.iter().find(|known| known.commit == *commit.get_ref()) {
                let message = format!("this commit is `{}` already", known.version);
                refuse(commit.span(), message, "every release has its own commit");
            }
            if !is_date(date.get_ref()) {
                let message = format!("`{}` is no date", date.get_ref());
                refuse(date.span(), message, "write it as in `2026-11-27`");
            }
            let Some(parsed) = plain(version.get_ref()) else {
                let message = format!("`{}` is no version of a release", version.get_ref());
                refuse(version.span(), message, "write it as in `1.2.3`");
                continue;
            };
            if let Some(last) = all.last().filter(|last| last.version >= parsed) {
                let message = format!("`{parsed}` stands below `{}`", last.version);
                let help = "each version stands once, and the oldest comes first";
                refuse(version.span(), message, help);
            }
            all.push(Release {
                version: parsed,
                commit: commit.into_inner(),
                date: date.into_inner(),
            });
        }
        if findings.is_empty() {
            Ok(Self { all })
        } else {
            Err(findings)
        }
    }

    /// All of them, oldest first.
    pub fn all(&self) -> &[Release] {
        &self.all
    }

    /// The one with the greatest version.
    pub fn newest(&self) -> Option<&Release> {
        self.all.last()
    }

    /// The release of `version`.
    pub fn of(&self, version: &Version) -> Option<&Release> {
        self.all.iter().find(|release| release.version == *version)
    }
}

/// `1.2.3` and nothing behind it, as a release has to be called.
pub fn plain(text: &str) -> Option<Version> {
    Version::parse(text)
        .ok()
        .filter(|version| version.pre.is_empty() && version.build.is_empty())
}

/// The text of `releases.toml` with `release` behind the others, whose layout is kept. `text` is empty where there is no
/// file yet.
///
/// # Errors
/// When `text`, or what would come of it, is no such file.
pub fn appended(text: &str, release: &Release) -> Result<String> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = if text.trim().is_empty() { HEADER } else { text };
    let Release {
        version,
        commit,
        date,
    } = release;
    let entry = format!(
        "\n[[release]]\nversion = \"{version}\"\ncommit = \"{commit}\"\ndate = \"{date}\"\n"
    );
    let text = format!(
        "{}{newline}{}",
        before.trim_end(),
        entry.replace('\n', newline)
    );
    match Releases::parse(&Source::new(FILE, text.clone())) {
        Ok(_) => Ok(text),
        Err(findings) => refuse(Path::new(FILE), &findings).context("cannot append a release"),
    }
}

fn refuse<T>(path: &Path, findings: &[Finding]) -> Result<T> {
    let Some(f) = findings.first() else {
        bail!("{} cannot be read", path.display());
    };
    bail!(
        "{}:{}:{}: {}; {}",
        path.display(),
        f.line,
        f.column,
        f.message,
        f.help
    )
}

fn is_commit(text: &str) -> bool {
    text.len() == 40
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_date(text: &str) -> bool {
    let parsed = text.parse::<toml::value::Datetime>();
    parsed.is_ok_and(|date| date.date.is_some() && date.time.is_none() && date.offset.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: &str, digit: &str) -> Release {
        Release {
            version: plain(version).unwrap(),
            commit: digit.repeat(40),
            date: "2026-11-27".into(),
        }
    }

    fn parsed(text: &str) -> Result<Releases, Vec<Finding>> {
        Releases::parse(&Source::new(FILE, text))
    }

    #[test]
    fn what_is_appended_is_read_and_what_stood_there_stays() {
        let first = appended("", &release("0.1.0", "a")).unwrap();
        assert!(first.starts_with("# Released versions") && first.ends_with("2026-11-27\"\n"));
        let commented = first.replace("version =", "# why\nversion   =");
        let second = appended(&commented, &release("0.2.0", "b")).unwrap();
        assert!(second.starts_with(&commented), "{second}");
        let releases = parsed(&second).unwrap();
        assert_eq!(
            releases.all(),
            [release("0.1.0", "a"), release("0.2.0", "b")]
        );
        assert_eq!(releases.newest(), Some(&release("0.2.0", "b")));
        let version = Version::new(0, 1, 0);
        assert_eq!(releases.of(&version), Some(&release("0.1.0", "a")));
        assert_eq!(releases.of(&Version::new(0, 1, 1)), None);
        let windows = appended(&first.replace('\n', "\r\n"), &release("0.2.0", "b")).unwrap();
        assert_eq!(
            windows.matches('\n').count(),
            windows.matches("\r\n").count()
        );
        assert_eq!(parsed(&windows).unwrap(), releases);
    }

    #[test]
    fn what_would_lead_astray_is_refused_with_its_place() {
        let text = appended("", &release("0.2.0", "a")).unwrap();
        let text = appended(&text, &release("0.10.0", "b")).unwrap();
        let a = "a".repeat(40);
        for (from, to, place, message) in [
            ("0.10.0", "0.2.0", (9, 11), "stands below"),
            ("0.10.0", "0.1.9", (9, 11), "stands below"),
            ("0.10.0", "1.0.0-rc.1", (9, 11), "no version of a release"),
            ("0.10.0", "v1.0.0", (9, 11), "no version of a release"),
            (&a, &"A".repeat(40), (5, 10), "is no commit"),
            (&a, "a69fcd5", (5, 10), "is no commit"),
            (&a, &"b".repeat(40), (10, 10), "is `0.2.0` already"),
            ("2026-11-27", "2026-02-30", (6, 8), "is no date"),
            ("2026-11-27", "2026-11-27T00:00:00", (6, 8), "is no date"),
            ("date =", "dat =", (6, 1), "unknown field `dat`"),
            ("= \"0.2.0\"", "= 2", (4, 11), "expected a string"),
            ("[[release]]", "[[releases]]", (3, 3), "unknown field"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text, "{from}");
            let findings = parsed(&broken).unwrap_err();
            let found = &findings[0];
            assert!(found.message.contains(message), "{found:?}");
            assert_eq!((found.line, found.column), place, "{found:?}");
            assert!(!found.help.is_empty());
        }
        assert!(appended(&text, &release("0.3.0", "c")).is_err());
        assert!(appended("release = []\n", &release("0.3.0", "c")).is_err());
    }
}
