//! From a name (`0.2.0`, `v0.2.0`, a commit, a branch, `.`) to a point of the pack's history.

use anyhow::{Context, Result, anyhow, bail};
use semver::Version;

use super::Point;
use crate::pack::{Pack, Platform, Releases};
use crate::report::Source;
use crate::repository::{self, Repository};
use crate::service::Record;

/// The pack's git history, and which of its commits are releases.
#[derive(Debug)]
pub struct History<'a> {
    pub(super) pack: &'a Pack,
    releases: Releases,
    pub(super) repository: Repository,
}

impl<'a> History<'a> {
    pub(super) fn open(pack: &'a Pack) -> Result<Self> {
        let repository = Repository::at(&pack.root)?;
        if !repository::is_top(&pack.root) || repository.commit("HEAD").is_none() {
            bail!(
                "{} has no git history, and what a service was made from is looked up there; clone the pack with git",
                pack.root.display()
            );
        }
        Ok(Self {
            pack,
            releases: Releases::read(&pack.root)?,
            repository,
        })
    }

    /// The released versions, oldest first.
    pub fn releases(&self) -> &Releases {
        &self.releases
    }

    /// What an upgrade goes to when nothing is named: the newest release, or what is checked out when its version is
    /// newer than any that releases.toml has.
    ///
    /// # Errors
    /// When nothing has been released.
    pub fn newest(&self) -> Result<Point> {
        let here = Version::parse(&self.pack.version).ok();
        match self.releases.newest() {
            Some(newest) if here.is_none_or(|here| here <= newest.version) => {
                self.at(&newest.version.to_string())
            }
            Some(_) => self.at("HEAD"),
            None => bail!(
                "nothing has been released: releases.toml has no entry; make a release with `cargo xtask release`, or name what to go to with `--to REF`"
            ),
        }
    }

    /// What `reference` names: a released version with or without `v`, a tag, branch or commit of the pack's, or `.` for
    /// the pack as it lies in its folder.
    ///
    /// # Errors
    /// When it names nothing, or a commit that this clone doesn't have.
    pub fn at(&self, reference: &str) -> Result<Point> {
        if reference == "." {
            return Ok(Point {
                version: self.pack.version.clone(),
                commit: self.repository.commit("HEAD").unwrap_or_default(),
                is_release: false,
                platform: self.pack.platform.clone(),
                work: true,
                root: self.pack.root.clone(),
            });
        }
        let version = reference.strip_prefix('v').unwrap_or(reference);
        let version = Version::parse(version).ok();
        let recorded = version.and_then(|version| self.releases.of(&version));
        if let Some(release) = recorded {
            return self.point(&release.commit, true).with_context(|| {
                format!("cannot look up release {} of the pack", release.version)
            });
        }
        // The tag of a release that releases.toml of this checkout doesn't have yet.
        let tagged = self.repository.commit(&format!("v{reference}"));
        let Some(commit) = tagged.or_else(|| self.repository.commit(reference)) else {
            bail!(
                "the pack has no `{reference}`: it is none of its releases ({}), and no tag, branch or commit of {}",
                self.names(),
                self.pack.root.display()
            );
        };
        let released = self
            .releases
            .all()
            .iter()
            .any(|release| release.commit == commit);
        self.point(&commit, released)
    }

    /// Whether `one` is an earlier commit of the way to `other`.
    pub fn precedes(&self, one: &Point, other: &Point) -> bool {
        one.commit != other.commit && self.repository.is_ancestor(&one.commit, &other.commit)
    }

    /// What `record` says that its service was made from.
    ///
    /// # Errors
    /// When that is no release, and no commit that the pack has.
    pub fn of_record(&self, record: &Record) -> Result<Point> {
        let named = record.commit.as_deref().unwrap_or(&record.version);
        self.at(named).with_context(|| {
            format!(
                "`{}` was made from {named} of {}; name the commit of this pack that it was made from with `--from REF`",
                record.name(),
                record.pack
            )
        })
    }

    fn names(&self) -> String {
        let names: Vec<_> = self
            .releases
            .all()
            .iter()
            .map(|release| release.version.to_string())
            .collect();
        if names.is_empty() {
            "none yet".to_owned()
        } else {
            names.join(", ")
        }
    }

    pub(super) fn point(&self, commit: &str, is_release: bool) -> Result<Point> {
        let file = |name: &str| {
            self.repository.text(commit, name).with_context(|| {
                format!(
                    "there is no {name} of commit {commit} in the history of {}; where it is a part of the history only, fetch the rest with `git fetch --unshallow --tags`",
                    self.pack.root.display()
                )
            })
        };
        let manifest: toml::Table = toml::from_str(&file("Cargo.toml")?)
            .with_context(|| format!("cannot parse Cargo.toml of {commit}"))?;
        let platform = Source::new("platform.toml", file("platform.toml")?);
        let platform = Platform::parse(&platform)
            .map_err(|finding| anyhow!("platform.toml of {commit}: {}", finding.message))?;
        Ok(Point {
            version: crate::pack::version(&manifest)
                .map_err(|fault| anyhow!("Cargo.toml of {commit}: {fault}"))?,
            commit: commit.to_owned(),
            is_release,
            platform,
            work: false,
            root: self.pack.root.clone(),
        })
    }
}
