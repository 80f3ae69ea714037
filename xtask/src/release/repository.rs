//! What a release asks of the pack's own repository. Says what is there; judges nothing.

use std::path::Path;

use anyhow::{Context, Result, bail};
use time::{OffsetDateTime, UtcOffset};

use crate::repository::Repository;

/// Whether the root of `repository` is `folder`; false where there is none.
pub(super) fn has_root(repository: &Repository, folder: &Path) -> bool {
    let root = repository.says(&["rev-parse", "--show-toplevel"]);
    root.is_some_and(|root| Path::new(&root).canonicalize().ok().as_deref() == Some(folder))
}

/// The first line of a commit's message.
pub(super) fn subject(repository: &Repository, commit: &str) -> Result<String> {
    repository.git(&["show", "--no-patch", "--format=%s", commit])
}

/// Today, where and when the next commit is made; an error when git does not know who makes it.
pub(super) fn today(repository: &Repository) -> Result<String> {
    for identity in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
        if repository.says(&["var", identity]).is_none() {
            bail!("git does not know who you are; set user.name and user.email");
        }
    }
    let identity = repository.git(&["var", "GIT_COMMITTER_IDENT"])?;
    date(&identity).with_context(|| format!("git names no time: `{identity}`"))
}

/// Where `branch` is pushed to.
pub(super) fn remote(repository: &Repository, branch: &str) -> String {
    let keys = [
        format!("branch.{branch}.pushRemote"),
        "remote.pushDefault".to_owned(),
        format!("branch.{branch}.remote"),
    ];
    let set = keys
        .iter()
        .find_map(|key| repository.says(&["config", "--get", key]));
    set.unwrap_or_else(|| "origin".to_owned())
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
