//! The pack's own repository, as far as a release asks it. Says what is there; judges nothing.

use std::path::Path;

use anyhow::{Context, Result, bail};
use time::{OffsetDateTime, UtcOffset};
use xshell::Shell;

use crate::process;

/// A repository, or a further work tree of one.
#[derive(Debug)]
pub(super) struct Repository {
    shell: Shell,
}

impl Repository {
    /// The one in `folder`.
    pub(super) fn at(folder: &Path) -> Result<Self> {
        let shell = Shell::new()?;
        shell.change_dir(folder);
        Ok(Self { shell })
    }

    /// What git prints; the error is what it complains about.
    pub(super) fn git(&self, args: &[&str]) -> Result<String> {
        let command = process::git(&self.shell, args).quiet().ignore_status();
        let output = command.output().context("cannot run `git`; install it")?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        let stderr = text(&output.stderr);
        let line = stderr.lines().find(|line| !line.trim().is_empty());
        bail!(
            "`git {}`: {}",
            args.join(" "),
            line.unwrap_or("no reason given").trim()
        )
    }

    /// Whether its root is `folder`; false where there is none.
    pub(super) fn has_root(&self, folder: &Path) -> bool {
        let root = self.git(&["rev-parse", "--show-toplevel"]);
        root.is_ok_and(|root| Path::new(&root).canonicalize().ok().as_deref() == Some(folder))
    }

    /// The branch that is checked out, if any is.
    pub(super) fn branch(&self) -> Option<String> {
        self.git(&["symbolic-ref", "--quiet", "--short", "HEAD"])
            .ok()
    }

    /// What was changed, staged or added, as paths.
    pub(super) fn changes(&self) -> Result<Vec<String>> {
        // Whatever the user's configuration hides otherwise.
        let status = self.git(&[
            "status",
            "--porcelain",
            "--untracked-files=all",
            "--ignore-submodules=none",
        ])?;
        let path = |line: &str| line.get(3..).unwrap_or(line).to_owned();
        Ok(status.lines().map(path).collect())
    }

    /// The commit that `name` leads to, if any.
    pub(super) fn commit(&self, name: &str) -> Option<String> {
        let name = format!("{name}^{{commit}}");
        self.git(&["rev-parse", "--verify", "--quiet", &name]).ok()
    }

    /// The first line of a commit's message.
    pub(super) fn subject(&self, commit: &str) -> Result<String> {
        self.git(&["show", "--no-patch", "--format=%s", commit])
    }

    /// Today, where and when the next commit is made; an error when git does not know who makes it.
    pub(super) fn today(&self) -> Result<String> {
        for identity in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
            if self.git(&["var", identity]).is_err() {
                bail!("git does not know who you are; set user.name and user.email");
            }
        }
        let identity = self.git(&["var", "GIT_COMMITTER_IDENT"])?;
        date(&identity).with_context(|| format!("git names no time: `{identity}`"))
    }

    /// Where `branch` is pushed to.
    pub(super) fn remote(&self, branch: &str) -> String {
        let keys = [
            format!("branch.{branch}.pushRemote"),
            "remote.pushDefault".to_owned(),
            format!("branch.{branch}.remote"),
        ];
        let set = keys
            .iter()
            .find_map(|key| self.git(&["config", "--get", key]).ok());
        set.unwrap_or_else(|| "origin".to_owned())
    }
}

/// The day in `NAME <EMAIL> SECONDS ±HHMM`.
fn date(identity: &str) -> Option<String> {
    let (rest, zone) = identity.rsplit_once(' ')?;
    let (_, seconds) = rest.rsplit_once(' ')?;
    let zone: i32 = zone.parse().ok()?;
    let offset = UtcOffset::from_whole_seconds((zone / 100 * 60 + zone % 100) * 60).ok()?;
    let time = OffsetDateTime::from_unix_timestamp(seconds.parse().ok()?).ok()?;
    Some(time.to_offset(offset).date().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_the_committer_s_clock() {
        for (identity, day) in [
            ("Ada <ada@example.com> 1767225600 +0000", "2026-01-01"),
            ("Ada B. <ada@example.com> 1767225600 -0130", "2025-12-31"),
            ("Ada <ada@example.com> 1767225599 +0530", "2026-01-01"),
        ] {
            assert_eq!(date(identity).as_deref(), Some(day), "{identity}");
        }
        assert_eq!(date("Ada <ada@example.com>"), None);
    }
}
