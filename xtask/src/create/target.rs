//! Where a new service goes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::pack::Pack;

/// The folder of the service `name` in `parent`; without one, in the current folder, or beside the pack when that is
/// inside it.
pub(super) fn choose(pack: &Pack, parent: Option<&Path>, name: &str) -> Result<PathBuf> {
    let current = std::env::current_dir().context("cannot find the current folder")?;
    let parent = match parent {
        Some(parent) => current.join(parent),
        None if inside(&pack.root, &current) => pack
            .root
            .parent()
            .context("the pack lies in the root folder; say where to with `--dir PARENT`")?
            .to_owned(),
        None => current,
    };
    let target = parent.join(name);
    if inside(&pack.root, &parent) {
        bail!(
            "{} is inside the pack, whose workspace would claim the service; take another `--dir PARENT`",
            parent.display()
        );
    }
    if let Some(file) = parent.ancestors().find(|folder| folder.exists())
        && !file.is_dir()
    {
        bail!(
            "{} is not a folder; take another `--dir PARENT`",
            file.display()
        );
    }
    if target.symlink_metadata().is_ok() {
        let empty = target
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_none());
        if !empty {
            bail!(
                "{} exists already; take another name or `--dir PARENT`",
                target.display()
            );
        }
    }
    Ok(target)
}

/// Whether `path`, which need not exist, lies in `root`.
fn inside(root: &Path, path: &Path) -> bool {
    let existing = path.ancestors().find_map(|folder| {
        let rest = path.strip_prefix(folder).ok()?;
        Some(folder.canonicalize().ok()?.join(rest))
    });
    existing.is_some_and(|path| path.starts_with(root))
}
