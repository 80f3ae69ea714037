//! A copy of the pack in a temporary folder, in which edits are made and taken back.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::interrupt::Folder;
use crate::pack::{Pack, tracked};

/// What lies at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Nothing,
    File { bytes: Vec<u8>, mode: u32 },
    Link(PathBuf),
}

impl Entry {
    /// With another text, where it is one.
    pub fn map_text(self, change: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::File { bytes, mode } => match std::str::from_utf8(&bytes) {
                Ok(text) => Self::File {
                    bytes: change(text).into_bytes(),
                    mode,
                },
                Err(_) => Self::File { bytes, mode },
            },
            other => other,
        }
    }
}

/// A copy of the files that count: those that git tracks, and new ones that it does not ignore.
#[derive(Debug)]
pub struct Copy {
    folder: Folder,
    /// What lay at the paths that were touched since the last [`Self::restore`].
    before: BTreeMap<String, Entry>,
}

impl Copy {
    /// Copies the pack.
    pub fn of(pack: &Pack) -> Result<Self> {
        let folder = Folder::new("selftest-", &std::env::temp_dir())?;
        let copy = Self {
            folder,
            before: BTreeMap::new(),
        };
        for file in tracked(&pack.root, ".")? {
            put(&copy.root().join(&file), &entry(&pack.root.join(&file))?)?;
        }
        Ok(copy)
    }

    /// The copy's folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// What lies at `file` now.
    pub fn get(&self, file: &str) -> Result<Entry> {
        entry(&self.root().join(file))
    }

    /// Puts something at `file`, until [`Self::restore`].
    pub fn set(&mut self, file: &str, new: &Entry) -> Result<()> {
        if !self.before.contains_key(file) {
            let old = self.get(file)?;
            self.before.insert(file.to_owned(), old);
        }
        put(&self.root().join(file), new)
    }

    /// Puts a text at `file`, with the mode of what lies there.
    pub fn set_text(&mut self, file: &str, text: &str) -> Result<()> {
        let mode = match self.get(file)? {
            Entry::File { mode, .. } => mode,
            Entry::Nothing | Entry::Link(_) => 0o644,
        };
        let bytes = text.as_bytes().to_vec();
        self.set(file, &Entry::File { bytes, mode })
    }

    /// Puts back what lay at every path that was touched.
    pub(super) fn restore(&mut self) -> Result<()> {
        for (file, old) in std::mem::take(&mut self.before) {
            let path = self.root().join(&file);
            put(&path, &old)?;
            if old == Entry::Nothing {
                // Folders that were made for it; one that holds anything else stays.
                for folder in path.ancestors().skip(1) {
                    if folder == self.root() || fs::remove_dir(folder).is_err() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// What lies at `path`.
pub(super) fn entry(path: &Path) -> Result<Entry> {
    let unreadable = || format!("cannot read {}", path.display());
    let Ok(metadata) = path.symlink_metadata() else {
        return Ok(Entry::Nothing);
    };
    if metadata.is_symlink() {
        return Ok(Entry::Link(fs::read_link(path).with_context(unreadable)?));
    }
    Ok(Entry::File {
        bytes: fs::read(path).with_context(unreadable)?,
        mode: metadata.permissions().mode(),
    })
}

fn put(path: &Path, new: &Entry) -> Result<()> {
    let unwritable = || format!("cannot write {}", path.display());
    if path.symlink_metadata().is_ok() {
        fs::remove_file(path).with_context(unwritable)?;
    }
    if let Some(parent) = path.parent()
        && *new != Entry::Nothing
    {
        fs::create_dir_all(parent).with_context(unwritable)?;
    }
    match new {
        Entry::Nothing => Ok(()),
        Entry::Link(target) => symlink(target, path),
        Entry::File { bytes, mode } => fs::write(path, bytes)
            .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(*mode))),
    }
    .with_context(unwritable)
}
