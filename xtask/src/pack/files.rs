//! Which files count: those that git tracks, and new ones that it does not ignore.
//!
//! Never the bare folder: a `.env` or a `target/` lying about in a template would leak into every service.

use std::path::Path;

use anyhow::{Context, Result};
use ignore::WalkBuilder;
use xshell::Shell;

use crate::process;

/// Paths under `root/folder` (`.` for all of them), relative to that folder, with `/`, sorted. Symbolic links are among them; folders are not. A folder that is not there holds none.
///
/// Without git, or in an unpacked archive, the folder is walked as git would walk it, by its `.gitignore` files.
pub fn tracked(root: &Path, folder: &str) -> Result<Vec<String>> {
    if !root.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    let mut files = match git(root, folder) {
        Some(files) => files,
        None => walk(root, folder)?,
    };
    let base = root.join(folder);
    // Deleted in the work tree, not yet in the index.
    files.retain(|file| base.join(file).symlink_metadata().is_ok());
    files.sort();
    files.dedup();
    Ok(files)
}

fn git(root: &Path, folder: &str) -> Option<Vec<String>> {
    // A checkout's own `.git`, not that of a repository around an unpacked archive.
    if !root.join(".git").exists() {
        return None;
    }
    let shell = Shell::new().ok()?;
    shell.change_dir(root);
    let args = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        folder,
    ];
    let out = process::git(&shell, &args)
        .quiet()
        .ignore_stderr()
        .read()
        .ok()?;
    let prefix = match folder {
        "." => String::new(),
        folder => format!("{folder}/"),
    };
    Some(
        out.split('\0')
            .filter_map(|path| path.strip_prefix(&prefix))
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}

fn walk(root: &Path, folder: &str) -> Result<Vec<String>> {
    let base = root.join(folder);
    let mut files = Vec::new();
    let wanted = base.clone();
    // From the root on, whose .gitignore counts too, but only on the way to the folder.
    let walker = WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        // `.ignore` is for search tools; git does not read it.
        .ignore(false)
        .parents(false)
        .filter_entry(move |entry| {
            let path = entry.path();
            entry.file_name() != ".git" && (wanted.starts_with(path) || path.starts_with(&wanted))
        })
        .build();
    for entry in walker {
        let entry = entry.with_context(|| format!("cannot list {}", base.display()))?;
        if entry.file_type().is_some_and(|kind| !kind.is_dir()) {
            let Ok(path) = entry.path().strip_prefix(&base) else {
                continue;
            };
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            files.push(parts.join("/"));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_listed_as_git_would_list_it() {
        let dir = tempfile::tempdir().unwrap();
        let template = dir.path().join("template-x");
        std::fs::create_dir_all(template.join("src")).unwrap();
        std::fs::create_dir_all(template.join("target")).unwrap();
        std::fs::write(dir.path().join(".gitignore"), "*.tmp\n").unwrap();
        for (name, text) in [
            ("src/draft.tmp", ""),
            (".gitignore", "/target\n.env\n"),
            (".env", "SECRET=1"),
            ("src/größe.rs", ""),
            ("target/debris", ""),
        ] {
            std::fs::write(template.join(name), text).unwrap();
        }
        let expected = [".gitignore", "src/größe.rs"];
        assert_eq!(tracked(dir.path(), "template-x").unwrap(), expected);

        let shell = Shell::new().unwrap();
        shell.change_dir(dir.path());
        process::git(&shell, &["init", "-q"]).run().unwrap();
        assert_eq!(tracked(dir.path(), "template-x").unwrap(), expected);
    }
}
