//! Copies files with their modes, and nothing that was not asked for.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Copies `files`, which are relative to `from`, into the new folder `to`. Symbolic links are left out, as
/// cargo-generate would leave them out; `validate` reports them.
pub(super) fn copy_files<'f>(
    from: &Path,
    files: impl Iterator<Item = &'f str>,
    to: &Path,
) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in files {
        let (source, target) = (from.join(file), to.join(file));
        let kind = source
            .symlink_metadata()
            .with_context(|| format!("cannot read {}", source.display()))?;
        if !kind.is_file() {
            continue;
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(&source, &target).with_context(|| format!("cannot copy {}", source.display()))?;
    }
    Ok(())
}

/// Writes a file, with the folders that it lies in.
pub(super) fn write(path: &Path, content: &str) -> Result<()> {
    let attempt = || {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        fs::write(path, content)
    };
    attempt().with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a folder with everything in it.
pub(super) fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
