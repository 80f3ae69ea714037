//! Files, each as a whole or not at all.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use anyhow::{Context, Result};

use super::Writes;
use crate::tree::{Entry, Kind};

/// How files and folders begin that are there until what they hold is whole.
const BEGUN: &str = ".idp-upgrade-";

/// Removes what a run that was cut off left beside `paths`, which are relative to `dir`.
pub(super) fn sweep(dir: &Path, paths: &[String]) -> Result<()> {
    for path in paths {
        let left = dir.join(path);
        let part = left.strip_prefix(dir).unwrap_or(&left);
        let begun = part
            .iter()
            .find(|part| part.to_str().is_some_and(|part| part.starts_with(BEGUN)));
        if begun.is_some() && left.symlink_metadata().is_ok() {
            fs::remove_file(&left).with_context(|| format!("cannot remove {}", left.display()))?;
        }
    }
    Ok(())
}

/// Writes and removes under `dir`, files that are `last` after all others.
pub(super) fn all(dir: &Path, writes: &Writes, last: impl Fn(&str) -> bool) -> Result<()> {
    for late in [false, true] {
        // Removed first: a folder may come where a file was.
        for (path, _) in writes
            .iter()
            .filter(|(path, entry)| entry.is_none() && last(path) == late)
        {
            remove(dir, path)?;
        }
        for (path, entry) in writes.iter().filter(|(path, _)| last(path) == late) {
            if let Some(entry) = entry {
                one(&dir.join(path), entry)?;
            }
        }
    }
    Ok(())
}

/// Writes one file, with the folders that it lies in.
pub(super) fn one(path: &Path, entry: &Entry) -> Result<()> {
    let attempt = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(path);
        fs::create_dir_all(folder)?;
        if entry.kind == Kind::Link {
            let place = tempfile::Builder::new().prefix(BEGUN).tempdir_in(folder)?;
            let link = place.path().join("link");
            symlink(std::ffi::OsStr::from_bytes(&entry.bytes), &link)?;
            return fs::rename(link, path);
        }
        let file = tempfile::Builder::new().prefix(BEGUN).tempfile_in(folder)?;
        fs::write(file.path(), &entry.bytes)?;
        fs::set_permissions(file.path(), mode(path, entry.kind))?;
        file.persist(path)?;
        Ok(())
    };
    attempt().with_context(|| format!("cannot write {}", path.display()))
}

/// The mode of the file that is there, where it can be run or not as it has to be: git knows no more of a mode, and what
/// its owner has closed to others stays closed.
fn mode(path: &Path, kind: Kind) -> fs::Permissions {
    let there = path.symlink_metadata().ok().filter(fs::Metadata::is_file);
    let kept = there.map(|metadata| metadata.permissions());
    let runs = kind == Kind::Executable;
    kept.filter(|mode| (mode.mode() & 0o100 != 0) == runs)
        .unwrap_or_else(|| fs::Permissions::from_mode(if runs { 0o755 } else { 0o644 }))
}

/// Removes one file, and the folders that are empty without it.
fn remove(dir: &Path, path: &str) -> Result<()> {
    let file = dir.join(path);
    if file.symlink_metadata().is_ok() {
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    let folders = file.ancestors().skip(1).take_while(|folder| *folder != dir);
    for folder in folders {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
