//! The words of a release: environment, commit, digest, image. A value of these types is well formed.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use serde::Serialize;

/// Where a service runs. The order is the order of promotion.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Gets what CI has passed.
    Dev,
    /// Gets what dev has proven.
    Staging,
    /// Gets what staging has proven.
    Prod,
}

impl Environment {
    /// All of them, in the order of promotion.
    pub const ALL: [Self; 3] = [Self::Dev, Self::Staging, Self::Prod];

    /// As it stands in tags, profiles and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Staging => "staging",
            Self::Prod => "prod",
        }
    }

    /// The stage that has to have proven what comes here.
    pub fn before(self) -> Option<Self> {
        match self {
            Self::Dev => None,
            Self::Staging => Some(Self::Dev),
            Self::Prod => Some(Self::Staging),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A git commit: 40 lower-case hexadecimal digits.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Commit(String);

impl Commit {
    /// All 40 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, as records name it.
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

impl FromStr for Commit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if hex(text, 40) {
            Ok(Self(text.to_owned()))
        } else {
            Err(
                "a commit is 40 lower-case hexadecimal digits; `git rev-parse HEAD` prints one"
                    .to_owned(),
            )
        }
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The digest of a manifest: `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Digest(String);

impl Digest {
    /// Of a hash that was just made.
    pub(crate) fn of_hash(hash: &[u8; 32]) -> Self {
        let mut text = String::from("sha256:");
        for byte in hash {
            text.push_str(&format!("{byte:02x}"));
        }
        Self(text)
    }

    /// With its algorithm.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough of it for a table that a person reads.
    pub fn short(&self) -> &str {
        &self.0[..19]
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("sha256:") {
            Some(digits) if hex(digits, 64) => Ok(Self(text.to_owned())),
            _ => Err(
                "a digest is `sha256:` and 64 lower-case hexadecimal digits, as the build gives it out; a tag is not taken, since it \
                 may name another image by the time it is deployed"
                    .to_owned(),
            ),
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` is so many lower-case hexadecimal digits.
fn hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// An image by name: `REGISTRY/PATH`, in lower case, without tag or digest.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Image {
    /// The registry's host, with its port where it has one.
    pub registry: String,
    /// The path below it, such as `your-org/orders`.
    pub repository: String,
}

impl Image {
    /// The name of the service: the last part of the path.
    pub fn service(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }
}

impl FromStr for Image {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || {
            "an image is REGISTRY/ORG/SERVICE in lower case, without tag or digest, such as ghcr.io/your-org/orders"
                .to_owned()
        };
        let (registry, repository) = text.split_once('/').ok_or_else(refuse)?;
        let host = registry.contains(['.', ':']) || registry == "localhost";
        let part = |part: &str| {
            let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
            let outer =
                |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            part.bytes().all(inner) && outer(part.bytes().next()) && outer(part.bytes().last())
        };
        let in_host = |b: u8| b.is_ascii_alphanumeric() || b".:-".contains(&b);
        if host && registry.bytes().all(in_host) && repository.split('/').all(part) {
            Ok(Self {
                registry: registry.to_owned(),
                repository: repository.to_owned(),
            })
        } else {
            Err(refuse())
        }
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)
    }
}

/// An image by its digest: what is deployed, and never a tag.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Pinned {
    /// Its name.
    pub image: Image,
    /// The digest of its manifest.
    pub digest: Digest,
}

impl fmt::Display for Pinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.image, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for image in [
            "orders",
            "ghcr.io/Org/orders",
            "ghcr.io/org/orders:1",
            "ghcr.io/org/orders@sha256:0",
            "ghcr.io//x",
            "org/orders",
        ] {
            assert!(image.parse::<Image>().is_err(), "{image}");
        }
        for image in ["ghcr.io/org/orders", "localhost:5000/a/b", "localhost/a"] {
            assert_eq!(image.parse::<Image>().unwrap().to_string(), image);
        }
        assert!("ABCDEF".parse::<Commit>().is_err());
        assert!("A".repeat(40).parse::<Commit>().is_err());
        assert_eq!(
            "a".repeat(40).parse::<Commit>().unwrap().short(),
            "a".repeat(12)
        );
        assert!(
            format!("sha256:{}", "a".repeat(63))
                .parse::<Digest>()
                .is_err()
        );
        assert!(
            format!("sha512:{}", "a".repeat(64))
                .parse::<Digest>()
                .is_err()
        );
        assert!(
            format!("sha256:{}", "a".repeat(64))
                .parse::<Digest>()
                .is_ok()
        );
    }
}
