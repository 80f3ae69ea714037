//! Whether a folder may be written to: nothing that is not committed may be lost, nothing may be in the way.

use std::path::Path;

use anyhow::{Result, bail};

use super::{Plan, Writes};
use crate::service::{Entry, Repository};

/// How many files a refusal names.
const NAMED: usize = 5;

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
    let mut names = foreign
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if foreign.len() > NAMED {
        names += &format!(" and {} more", foreign.len() - NAMED);
    }
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
pub(super) fn in_the_way(dir: &Path, plan: &Plan, writes: &Writes) -> Result<()> {
    for (path, wanted) in writes.iter().filter(|(_, wanted)| wanted.is_some()) {
        let mut folder = dir.to_owned();
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in parts {
            folder.push(part);
            if folder.is_symlink() {
                bail!(
                    "{} is a link, and `{path}` would be written through it; make it a folder, or remove it",
                    folder.display()
                );
            }
        }
        let file = dir.join(path);
        let known = plan.before.contains_key(path);
        let there = Entry::read(&file)?;
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
