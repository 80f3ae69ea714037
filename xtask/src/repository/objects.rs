//! What a commit holds, and how git would check it out.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Repository;
use crate::process;
use crate::tree::{Entry, Kind, Tree};

impl Repository {
    /// What `commit` holds of the folder, as it is stored: no line ending is touched.
    pub fn tree(&self, commit: &str) -> Result<Tree> {
        let prefix = self.prefix()?;
        let listed = self.git(&[
            "ls-tree",
            "-r",
            "-z",
            "--full-tree",
            &format!("{commit}:{prefix}"),
        ])?;
        let mut tree = Tree::new();
        for line in listed.split('\0').filter(|line| !line.is_empty()) {
            let Some((head, path)) = line.split_once('\t') else {
                continue;
            };
            let mut head = head.split(' ');
            let (Some(mode), Some(_), Some(id)) = (head.next(), head.next(), head.next()) else {
                continue;
            };
            // What is no file, such as a submodule, is none of a template's.
            let Some(kind) = Kind::of_mode(mode) else {
                continue;
            };
            tree.insert(
                path.to_owned(),
                Entry {
                    kind,
                    bytes: id.into(),
                },
            );
        }
        self.fill(&mut tree)?;
        Ok(tree)
    }

    /// Whether git changes files when it checks them out, by line endings or filters that it is set to.
    pub fn converts(&self, tree: &Tree) -> Result<bool> {
        let set = |key: &str| {
            self.git(&["config", "--get", key])
                .is_ok_and(|value| value != "false")
        };
        let attributes = |path: &String| path.rsplit('/').next() == Some(".gitattributes");
        Ok(set("core.autocrlf")
            || set("core.attributesFile")
            || self.dir.join(self.git_path("info/attributes")?).exists()
            || self.around_has(".gitattributes")?
            || tree.keys().any(attributes))
    }

    /// Whether `file` lies in a folder of the repository above this one.
    fn around_has(&self, file: &str) -> Result<bool> {
        let top = PathBuf::from(self.git(&["rev-parse", "--show-toplevel"])?);
        let folders = self
            .dir
            .ancestors()
            .take_while(|folder| folder.starts_with(&top));
        Ok(folders.into_iter().any(|folder| folder.join(file).exists()))
    }

    /// `entry` as git would check it out at `path`: by the line endings and filters that the repository is set to.
    pub fn checked_out(&self, path: &str, entry: &Entry) -> Result<Entry> {
        if entry.kind == Kind::Link {
            return Ok(entry.clone());
        }
        let id = process::git(
            &self.shell,
            &["hash-object", "-w", "--stdin", "--no-filters"],
        )
        .quiet()
        .stdin(&entry.bytes)
        .read()
        .context("cannot write to the service's repository")?;
        let prefix = self.prefix()?;
        let path = format!("--path={prefix}{path}");
        let output = process::git(&self.shell, &["cat-file", "--filters", &path, id.trim()])
            .quiet()
            .output()
            .context("cannot read from the service's repository")?;
        Ok(Entry {
            kind: entry.kind,
            bytes: output.stdout,
        })
    }

    /// Puts what the objects hold in the place of their ids.
    fn fill(&self, tree: &mut Tree) -> Result<()> {
        let mut ids = String::new();
        for entry in tree.values() {
            ids += &String::from_utf8_lossy(&entry.bytes);
            ids.push('\n');
        }
        let output = process::git(&self.shell, &["cat-file", "--batch"])
            .quiet()
            .stdin(ids)
            .output()
            .context("cannot read the service's commit")?;
        let mut rest = output.stdout.as_slice();
        for entry in tree.values_mut() {
            let taken = object(rest).context("git cat-file answered what is no object")?;
            entry.bytes = taken.0.to_vec();
            rest = taken.1;
        }
        Ok(())
    }
}

/// The first object of what `git cat-file --batch` printed, and the rest.
/// <https://git-scm.com/docs/git-cat-file#_batch_output>
pub fn object(output: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = output.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(output.get(..end)?).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let start = end + 1;
    Some((
        output.get(start..start + size)?,
        output.get(start + size + 1..)?,
    ))
}
