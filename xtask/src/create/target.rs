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
    // `pack/../services` is not inside the pack.
    let (parent, target) = (resolved(parent)?, resolved(target)?);
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
    resolved(path).is_some_and(|path| path.starts_with(root))
}

/// The place of `path`, as far as it exists without links and `..`.
fn resolved(path: &Path) -> Option<PathBuf> {
    path.ancestors().find_map(|folder| {
        let rest = path.strip_prefix(folder).ok()?;
        Some(folder.canonicalize().ok()?.join(rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_claims_what_lies_in_it_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let manifest = root.join("pack/Cargo.toml");
        std::fs::create_dir(root.join("pack")).unwrap();
        std::fs::write(&manifest, "[workspace]\nexclude = [\"out\"]\n").unwrap();
        let claimed = |parent: &str| {
            let parent = root.join(parent);
            foreign_workspace(&parent, &parent.join("orders"))
        };
        assert_eq!(claimed("pack/services"), Some(manifest.clone()));
        assert_eq!(claimed("beside/../pack"), None, "`beside` is not there");
        std::fs::create_dir(root.join("beside")).unwrap();
        assert_eq!(claimed("beside/../pack"), Some(manifest));
        for parent in ["pack/../services", "pack/..", "pack/out", "beside"] {
            assert_eq!(claimed(parent), None, "{parent}");
        }
    }
}
