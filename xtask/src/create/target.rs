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
    if let Some(workspace) = foreign_workspace(&parent, &target) {
        bail!(
            "{} is a cargo workspace, which would claim the service; add the service to its `exclude`, or take another `--dir PARENT`",
            workspace.display()
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
        let empty = !target.is_symlink()
            && target
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

/// The manifest of a cargo workspace around `parent` that does not exclude `target`.
/// <https://doc.rust-lang.org/cargo/reference/workspaces.html#the-members-and-exclude-fields>
fn foreign_workspace(parent: &Path, target: &Path) -> Option<PathBuf> {
    parent.ancestors().find_map(|folder| {
        let path = folder.join("Cargo.toml");
        let manifest: toml::Table = toml::from_str(&std::fs::read_to_string(&path).ok()?).ok()?;
        let excluded = manifest
            .get("workspace")?
            .get("exclude")
            .and_then(|list| list.as_array());
        let mut excluded = excluded
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str);
        (!excluded.any(|entry| target.starts_with(folder.join(entry)))).then_some(path)
    })
}

/// Whether `path`, which need not exist, lies in `root`.
fn inside(root: &Path, path: &Path) -> bool {
    let existing = path.ancestors().find_map(|folder| {
        let rest = path.strip_prefix(folder).ok()?;
        Some(folder.canonicalize().ok()?.join(rest))
    });
    existing.is_some_and(|path| path.starts_with(root))
}
