//! From a name (`0.2.0`, `v0.2.0`, a commit, a branch, `.`) to a point of the pack's history.

use std::path::Path;

use anyhow::{Context, Result, bail};
use semver::Version;
use xshell::Shell;

use super::Point;
use crate::pack::{Pack, Platform, Releases};
use crate::process;
use crate::report::Source;
use crate::service::Record;

/// The pack's git history, and which of its commits are releases.
#[derive(Debug)]
pub struct History<'a> {
    pack: &'a Pack,
    releases: Releases,
    shell: Shell,
}

impl<'a> History<'a> {
    pub(super) fn open(pack: &'a Pack) -> Result<Self> {
        let shell = Shell::new()?;
        shell.change_dir(&pack.root);
        let history = Self {
            pack,
            releases: Releases::read(&pack.root)?,
            shell,
        };
        if !pack.root.join(".git").exists() || history.git(&["rev-parse", "HEAD"]).is_err() {
            bail!(
                "{} has no git history, and what a service was made from is looked up there; clone the pack with git",
                pack.root.display()
            );
        }
        Ok(history)
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
                commit: self.git(&["rev-parse", "HEAD"])?,
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
        let commit = self
            .commit(&format!("v{reference}"))
            .or_else(|_| self.commit(reference));
        let Ok(commit) = commit else {
            bail!(
                "the pack has no `{reference}`: it is none of its releases ({}), and no tag, branch or commit of {}",
                self.names(),
                self.pack.root.display()
            );
        };
        let released = self.releases.all().iter().any(|release| release.commit == commit);
        self.point(&commit, released)
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

    /// The facts that a service was stamped with when it was made from `point`: those that it recorded, or, where it did
    /// not yet, those that the pack had under the recorded name at that version.
    pub fn facts_of_record(&self, record: &Record, point: &Point) -> Result<Platform> {
        if let Some(platform) = &record.platform {
            return Ok(platform.clone());
        }
        let (org, repo) = record.address();
        let fits = |platform: &Platform| platform.org == org && platform.repo == repo;
        if fits(&point.platform) {
            return Ok(point.platform.clone());
        }
        // A fork: its own facts came after the commit that upstream released.
        let commits = self.git(&["log", "--format=%H", "--", "platform.toml"])?;
        for commit in commits.lines() {
            let there = self.point(commit, false);
            if let Ok(there) = there
                && fits(&there.platform)
                && there.version == point.version
            {
                return Ok(there.platform);
            }
        }
        let here = &self.pack.platform;
        if fits(here) && self.pack.version == point.version {
            return Ok(here.clone());
        }
        Ok(Platform {
            org: org.to_owned(),
            repo: repo.to_owned(),
            ..point.platform.clone()
        })
    }

    /// The facts to stamp a service with that goes to `point`: the organisation's of today, and the ref that belongs to
    /// the version.
    pub fn facts_for(&self, point: &Point) -> Platform {
        let here = &self.pack.platform;
        let reference = if point.version == self.pack.version {
            &here.reference
        } else {
            &point.platform.reference
        };
        Platform {
            reference: reference.clone(),
            ..here.clone()
        }
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

    fn point(&self, commit: &str, is_release: bool) -> Result<Point> {
        let file = |name: &str| {
            self.git(&["show", &format!("{commit}:{name}")]).with_context(|| {
                format!(
                    "commit {commit} is not in the history of {}; where it is a part of the history only, fetch the rest with `git fetch --unshallow --tags`",
                    self.pack.root.display()
                )
            })
        };
        let manifest: toml::Table = toml::from_str(&file("Cargo.toml")?)
            .with_context(|| format!("cannot parse Cargo.toml of {commit}"))?;
        let platform = Source::new("platform.toml", file("platform.toml")?);
        let platform = Platform::parse(&platform).map_err(|finding| {
            anyhow::anyhow!("platform.toml of {commit}: {}", finding.message)
        })?;
        Ok(Point {
            version: crate::pack::version(&manifest).map_err(|fault| {
                anyhow::anyhow!("Cargo.toml of {commit}: {fault}")
            })?,
            commit: commit.to_owned(),
            is_release,
            platform,
            work: false,
            root: self.pack.root.clone(),
        })
    }

    fn commit(&self, reference: &str) -> Result<String> {
        self.git(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{reference}^{{commit}}"),
        ])
    }

    fn git(&self, args: &[&str]) -> Result<String> {
        git(&self.shell, &self.pack.root, args)
    }
}

fn git(shell: &Shell, root: &Path, args: &[&str]) -> Result<String> {
    let output = process::git(shell, args)
        .quiet()
        .ignore_status()
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`git {}` failed in {}: {}", args.join(" "), root.display(), said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
}
