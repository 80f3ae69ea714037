//! Takes a folder out of a commit.

use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::Shell;

use crate::interrupt::Folder;
use crate::process;
use crate::render::in_memory;

/// A temporary folder with `name` as `commit` holds it, as it is stored: no line ending is touched, no hook runs.
///
/// # Errors
/// When the commit has no such folder.
pub(super) fn folder(root: &Path, commit: &str, name: &str) -> Result<Folder> {
    let folder = Folder::new("history-", &in_memory())?;
    let shell = Shell::new()?;
    shell.change_dir(root);
    let tree = format!("--work-tree={}", folder.path().display());
    let args = [
        "-c",
        "core.autocrlf=false",
        "-c",
        "core.eol=lf",
        "-c",
        "core.hooksPath=/dev/null",
        &tree,
        "checkout",
        "--quiet",
        "--force",
        commit,
        "--",
        name,
    ];
    let output = process::git(&shell, &args)
        .env("GIT_INDEX_FILE", folder.path().join(".git-index"))
        .quiet()
        .ignore_status()
        .output()
        .context("cannot run git")?;
    // The index is git's own affair, and no file of the template's.
    let _absent = std::fs::remove_file(folder.path().join(".git-index"));
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(folder)
}
