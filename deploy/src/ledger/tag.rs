//! The names of tags, parsed and written. A tag that is none of ours is nobody's business here.

use std::fmt;

use clap::ValueEnum;

use crate::names::{Commit, Environment};

/// The tag that moves with the default branch.
pub const LATEST: &str = "latest-dev";
/// Digits of a commit in a record's name.
const SHORT: usize = 12;

/// A deployment that was verified.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Record {
    /// Counts up in each environment.
    pub seq: u64,
    /// The first digits of the commit.
    pub short: String,
    /// Where.
    pub environment: Environment,
}

/// A commit that was rolled back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mark {
    /// Where.
    pub environment: Environment,
    /// The first digits of the commit.
    pub short: String,
    /// The record that was rolled back; the first mark has none.
    pub seq: Option<u64>,
}

/// A quarantine that is over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lift {
    /// Where.
    pub environment: Environment,
    /// The first digits of the commit.
    pub short: String,
    /// Up to which record.
    pub seq: u64,
}

/// A tag with a meaning here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Tag {
    /// What was published.
    Commit(Commit),
    /// What was deployed.
    Record(Record),
    /// What was rolled back.
    Mark(Mark),
    /// What may be deployed again.
    Lift(Lift),
}

impl Tag {
    /// Reads a tag; `None` for one without a meaning here, `latest-dev` and the caches among them.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(commit) = text.parse() {
            return Some(Self::Commit(commit));
        }
        let mut parts = text.split('-');
        let (kind, environment) = (parts.next()?, parts.next()?);
        let environment = Environment::from_str(environment, false).ok()?;
        let rest: Vec<_> = parts.collect();
        match (kind, &rest[..]) {
            ("deployed", [number, commit]) => Some(Self::Record(Record {
                seq: seq(number)?,
                short: short(commit)?,
                environment,
            })),
            ("quarantined", [commit]) => Some(Self::Mark(Mark {
                environment,
                short: short(commit)?,
                seq: None,
            })),
            ("quarantined", [commit, number]) => Some(Self::Mark(Mark {
                environment,
                short: short(commit)?,
                seq: Some(seq(number)?),
            })),
            ("lifted", [commit, number]) => Some(Self::Lift(Lift {
                environment,
                short: short(commit)?,
                seq: seq(number)?,
            })),
            _ => None,
        }
    }
}

/// As it is written: no sign, no leading zero, so that one record has one name.
fn seq(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn short(text: &str) -> Option<String> {
    let digits = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    (text.len() == SHORT && text.bytes().all(digits)).then(|| text.to_owned())
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "deployed-{}-{}-{}",
            self.environment, self.seq, self.short
        )
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "quarantined-{}-{}", self.environment, self.short)?;
        match self.seq {
            Some(seq) => write!(f, "-{seq}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Lift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lifted-{}-{}-{}", self.environment, self.short, self.seq)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(commit) => commit.fmt(f),
            Self::Record(record) => record.fmt(f),
            Self::Mark(mark) => mark.fmt(f),
            Self::Lift(lift) => lift.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "0123456789abcdef0123456789abcdef01234567",
            "deployed-dev-1-0123456789ab",
            "deployed-staging-18446744073709551615-0123456789ab",
            "quarantined-prod-0123456789ab",
            "quarantined-prod-0123456789ab-7",
            "lifted-prod-0123456789ab-7",
        ] {
            assert_eq!(
                Tag::parse(text).map(|tag| tag.to_string()).as_deref(),
                Some(text)
            );
        }
    }

    #[test]
    fn what_means_nothing_here_is_none() {
        for text in [
            "",
            "dev",
            "latest-dev",
            "v1.0.0",
            "deployed-test-1-0123456789ab",
            "deployed-dev-01-0123456789ab",
            "deployed-dev-+1-0123456789ab",
            "deployed-dev-18446744073709551616-0123456789ab",
            "deployed-dev-1-0123456789AB",
            "deployed-dev-1-0123456789abc",
            "deployed-dev-1-0123456789ab-2",
            "deployed-dev-0123456789ab",
            "quarantined-dev-0123456789ab-1-1",
            "lifted-dev-0123456789ab",
        ] {
            assert_eq!(Tag::parse(text), None, "{text}");
        }
    }
}
