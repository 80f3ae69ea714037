//! What an upgrade is about to write, kept in git's own folder until it is written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{Writes, write};
use crate::repository::Repository;
use crate::tree::Entry;

/// The journal of one service.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
}

/// An upgrade that was begun: which files it writes and which it removes.
#[derive(Debug, Serialize, Deserialize)]
struct Index {
    /// The commit that it began from.
    head: String,
    /// The folder that holds what is written.
    files: String,
    written: Vec<String>,
    removed: Vec<String>,
}

/// The index is written last: without it, nothing of the service has been touched.
const INDEX: &str = "index.json";

impl Journal {
    /// Where the journal of the service in `dir` would be, around which `repository` was opened.
    pub(super) fn of(dir: &Path, repository: &Repository) -> Result<Self> {
        let folder = dir.join(repository.git_path("idp-upgrade")?);
        let folder = folder.join(repository.place()?);
        Ok(Self { folder })
    }

    /// What an earlier run was about to write when it was cut off, on top of `head`. One that began elsewhere is of no
    /// use any more.
    pub(super) fn read(&self, head: &str) -> Result<Option<Writes>> {
        let path = self.folder.join(INDEX);
        if !path.exists() {
            return Ok(None);
        }
        let text = crate::pack::read(&path)?;
        let index: Index = serde_json::from_str(&text).with_context(|| {
            format!(
                "cannot read {}; remove {}",
                path.display(),
                self.folder.display()
            )
        })?;
        if index.head != head {
            return Ok(None);
        }
        let files = self.folder.join(index.files);
        let mut writes: Writes = index.removed.into_iter().map(|path| (path, None)).collect();
        for path in index.written {
            let entry = Entry::read(&files.join(&path))?;
            writes.insert(path, entry);
        }
        Ok(Some(writes))
    }

    /// Keeps `writes`, which begin from `head`.
    ///
    /// What an earlier run has kept counts until the new index stands.
    pub(super) fn begin(&self, head: &str, writes: &Writes) -> Result<()> {
        let free = |name: &String| !self.folder.join(name).exists();
        let mut names = (0_u32..).map(|number| format!("files-{number}"));
        let name = names.find(free).unwrap_or_default();
        let files = self.folder.join(&name);
        fs::create_dir_all(&files).with_context(|| format!("cannot create {}", files.display()))?;
        let kept: Writes = writes
            .iter()
            .filter(|(_, entry)| entry.is_some())
            .map(|(path, entry)| (path.clone(), entry.clone()))
            .collect();
        write::all(&files, &kept, |_| false)?;
        let paths = |gone: bool| {
            let paths = writes
                .iter()
                .filter(move |(_, entry)| entry.is_none() == gone);
            paths.map(|(path, _)| path.clone()).collect()
        };
        let index = Index {
            head: head.to_owned(),
            files: name,
            written: paths(false),
            removed: paths(true),
        };
        let entry = Entry {
            kind: crate::tree::Kind::File,
            bytes: serde_json::to_vec(&index)?,
        };
        write::one(&self.folder.join(INDEX), &entry)
    }

    /// Forgets it.
    pub(super) fn remove(&self) -> Result<()> {
        // The index first: what is left of the files then means nothing.
        for (path, folder) in [
            (self.folder.join(INDEX), false),
            (self.folder.clone(), true),
        ] {
            if path.exists() {
                remove(&path, folder)
                    .with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        if let Some(parent) = self.folder.parent() {
            // Fails while another service of the same repository has a journal.
            let _kept = fs::remove_dir(parent);
        }
        Ok(())
    }
}

fn remove(path: &Path, folder: bool) -> std::io::Result<()> {
    if folder {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    }
}
