//! A further work tree in a temporary folder, in which commits are made. The user's own tree follows when they are
//! complete, so that no failure and no interruption leaves it half-written.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::interrupt::Folder;
use crate::repository::Repository;

/// What the temporary folders are called.
const PREFIX: &str = "pack-release-";

/// A work tree at HEAD, on no branch.
#[derive(Debug)]
pub(super) struct Scratch<'a> {
    origin: &'a Repository,
    root: PathBuf,
    own: Repository,
    // Removed last.
    _folder: Folder,
}

impl<'a> Scratch<'a> {
    /// Makes one of `origin`.
    pub(super) fn new(origin: &'a Repository) -> Result<Self> {
        forget_abandoned(origin)?;
        let folder = Folder::new(PREFIX, &std::env::temp_dir())?;
        let root = folder.path().canonicalize()?.join("pack");
        let path = root
            .to_str()
            .context("the temporary folder has a name that is not UTF-8; set TMPDIR")?;
        origin.git(&["worktree", "add", "--quiet", "--detach", path, "HEAD"])?;
        Ok(Self {
            origin,
            own: Repository::at(&root)?,
            root,
            _folder: folder,
        })
    }

    /// Its folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What differs from its last commit, as paths; staged.
    pub(super) fn staged(&self) -> Result<Vec<String>> {
        self.own.git(&["add", "--all"])?;
        let names = self.own.git(&["diff", "--cached", "--name-only"])?;
        Ok(names.lines().map(str::to_owned).collect())
    }

    /// Commits everything, moves the origin's branch there, and says under which name.
    pub(super) fn land(&self, message: &str) -> Result<String> {
        self.staged()?;
        self.own.git(&["commit", "--quiet", "--message", message])?;
        let commit = self.own.commit("HEAD").context("the commit is not there")?;
        let merge = self.origin.git(&["merge", "--quiet", "--ff-only", &commit]);
        if let Err(reason) = merge {
            // The files are there before the branch moves, which a hook may refuse. What somebody changed meanwhile stays.
            let back = ["read-tree", "-m", "-u", &commit, "HEAD"];
            self.origin.git(&back).with_context(|| reason.to_string())?;
            return Err(reason);
        }
        Ok(commit)
    }
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        let path = self.root.to_string_lossy();
        let _ = self.origin.git(&["worktree", "remove", "--force", &path]);
    }
}

/// A run that was killed removed its folder, or did not come to it, and git still lists its work tree.
fn forget_abandoned(origin: &Repository) -> Result<()> {
    let list = origin.git(&["worktree", "list", "--porcelain"])?;
    for path in list
        .lines()
        .filter_map(|line| line.strip_prefix("worktree "))
    {
        let parent = Path::new(path).parent().and_then(Path::file_name);
        let own = parent.is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        if own && !Path::new(path).exists() {
            origin.git(&["worktree", "remove", "--force", path])?;
        }
    }
    Ok(())
}
