//! Files as data: what a folder or a commit holds, to be compared and merged before anything is written.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};

/// Files by path, relative to their folder, with `/`.
pub type Tree = BTreeMap<String, Entry>;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// What it holds; of a symbolic link, where it points to.
    pub bytes: Vec<u8>,
}

/// What a file is, as git tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary file.
    File,
    /// One that can be run.
    Executable,
    /// A symbolic link.
    Link,
}

impl Kind {
    /// The mode as git writes it.
    pub fn mode(self) -> &'static str {
        match self {
            Self::File => "100644",
            Self::Executable => "100755",
            Self::Link => "120000",
        }
    }

    /// What a mode of git's stands for; nothing for what is no file, such as a submodule.
    pub fn of_mode(mode: &str) -> Option<Self> {
        match mode {
            "100644" | "100664" => Some(Self::File),
            "100755" => Some(Self::Executable),
            "120000" => Some(Self::Link),
            _ => None,
        }
    }
}

impl Entry {
    /// Reads what stands at `path`; nothing when nothing does, or a folder.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let context = || format!("cannot read {}", path.display());
        let Ok(metadata) = path.symlink_metadata() else {
            return Ok(None);
        };
        if metadata.is_symlink() {
            let target = fs::read_link(path).with_context(context)?;
            return Ok(Some(Self {
                kind: Kind::Link,
                bytes: target.as_os_str().as_bytes().to_vec(),
            }));
        }
        if !metadata.is_file() {
            return Ok(None);
        }
        let executable = metadata.permissions().mode() & 0o100 != 0;
        Ok(Some(Self {
            kind: if executable {
                Kind::Executable
            } else {
                Kind::File
            },
            bytes: fs::read(path).with_context(context)?,
        }))
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// Everything in `folder`, `.git` at its top left out.
pub fn of_folder(folder: &Path) -> Result<Tree> {
    let mut tree = Tree::new();
    collect(folder, "", &mut tree)?;
    Ok(tree)
}

fn collect(folder: &Path, prefix: &str, tree: &mut Tree) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            continue;
        };
        if prefix.is_empty() && name == ".git" {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), tree)?;
        } else if let Some(found) = Entry::read(&entry.path())? {
            tree.insert(path, found);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_with_its_modes_and_links() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/.git")).unwrap();
        fs::create_dir(dir.path().join(".git")).unwrap();
        fs::write(dir.path().join(".git/HEAD"), "x").unwrap();
        fs::write(dir.path().join("a/run"), "x").unwrap();
        fs::set_permissions(dir.path().join("a/run"), fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink("run", dir.path().join("a/link")).unwrap();
        let tree = of_folder(dir.path()).unwrap();
        let kinds: Vec<_> = tree
            .iter()
            .map(|(path, entry)| (path.as_str(), entry.kind))
            .collect();
        assert_eq!(kinds, [("a/link", Kind::Link), ("a/run", Kind::Executable)]);
        assert_eq!(tree["a/link"].bytes, b"run");
    }
}
