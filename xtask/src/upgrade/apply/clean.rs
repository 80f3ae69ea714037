//! Whether a folder may be written to: nothing that is not committed may be lost, nothing may be in the way.

use std::path::Path;

use anyhow::{Result, bail};

use super::{Plan, Writes};
use crate::report::few;
use crate::repository::Repository;
use crate::tree::Entry;

/// Refuses a folder with changes that are not committed. Those that an upgrade which was `begun` has made itself are
/// not meant.
pub(super) fn judge(
    dir: &Path,
    repository: &Repository,
    writes: &Writes,
    begun: Option<&Writes>,
) -> Result<()> {
    let mut foreign = Vec::new();
    for path in repository.uncommitted()? {
        let there = Entry::read(&dir.join(&path))?;
        let own = [Some(writes), begun]
            .into_iter()
            .flatten()
            .any(|writes| writes.get(&path) == Some(&there));
        if begun.is_none() || !own {
            foreign.push(path);
        }
    }
    if foreign.is_empty() {
        return Ok(());
    }
    let names = few(&foreign);
    if begun.is_some() {
        bail!(
            "an upgrade was cut off here, and these were changed since: {names}; commit or stash them (`git stash push --include-untracked -- FILE`), then run it again"
        );
    }
    bail!(
        "{} has changes that are not committed: {names}; commit or stash them first, so that the upgrade can be looked at and taken back",
        dir.display()
    )
}

/// Refuses to write over what git knows nothing of, such as an ignored file, and through folders that are links.
/// What an upgrade that was `begun` has put there itself is not in the way.
pub(super) fn in_the_way(
    dir: &Path,
    plan: &Plan,
    writes: &Writes,
    begun: Option<&Writes>,
) -> Result<()> {
    for (path, wanted) in writes.iter().filter(|(_, wanted)| wanted.is_some()) {
        let mut folder;
        for (at, _) in path.match_indices('/') {
            let above = path.get(..at).unwrap_or_default();
            folder = dir.join(above);
            let goes = writes.get(above) == Some(&None);
            if folder.exists() && !folder.is_dir() && !goes {
                bail!(
                    "the upgrade brings `{path}`, and {} is no folder; move it away",
                    folder.display()
                );
            }
            // A repository of its own, whose files are not the service's.
            if folder.join(".git").exists() {
                bail!(
                    "the upgrade brings `{path}`, and {} is a repository of its own; move it away",
                    folder.display()
                );
            }
            if folder.is_symlink() {
                bail!(
                    "{} is a link, and `{path}` would be written through it; make it a folder, or remove it",
                    folder.display()
                );
            }
        }
        let file = dir.join(path);
        let there = Entry::read(&file)?;
        let own = begun.is_some_and(|begun| begun.get(path) == Some(&there));
        let known = own || plan.before.contains_key(path);
        let ignored = !known && there.is_some() && there != *wanted;
        // A folder where the file has to go, unless it goes with the files that are removed.
        let folder = file.is_dir()
            && !file.is_symlink()
            && !plan.before.keys().any(|known| {
                known
                    .strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
            });
        if ignored || folder {
            bail!(
                "the upgrade brings `{path}`, and something that git does not track lies there; move {} away",
                file.display()
            );
        }
    }
    Ok(())
}

/// Refuses to write over files whose changes git was told not to see: `git status` would not show them, and nothing would
/// have a copy. <https://git-scm.com/docs/git-ls-files#Documentation/git-ls-files.txt--v>
pub(super) fn hidden(dir: &Path, repository: &Repository, writes: &Writes) -> Result<()> {
    let listed = repository.git(&["ls-files", "-v", "-z", "--", "."])?;
    for line in listed.split('\0') {
        let Some((tag, path)) = line.split_once(' ') else {
            continue;
        };
        let is_hidden = tag == "S" || tag.chars().all(char::is_lowercase);
        let is_there = dir.join(path).symlink_metadata().is_ok();
        if is_hidden && is_there && writes.contains_key(path) {
            bail!(
                "git was told not to look at `{path}`, which the upgrade writes; run `git update-index --no-skip-worktree --no-assume-unchanged {path}`, and commit or stash what it shows then"
            );
        }
    }
    Ok(())
}
