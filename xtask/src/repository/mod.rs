//! A git repository, seen from a folder in it. Everything here asks; what is changed by it, its callers change by name.

#[cfg(test)]
mod made;
mod objects;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::Shell;

use crate::process;

pub use objects::object;

/// A repository. Paths are relative to the folder that it is seen from.
#[derive(Debug)]
pub struct Repository {
    shell: Shell,
    dir: PathBuf,
}

/// Whether `folder` is the top of a repository of its own, and not inside another one.
pub fn is_top(folder: &Path) -> bool {
    folder.join(".git").exists()
}

impl Repository {
    /// The repository around `dir`; whether there is one shows when it is asked.
    pub fn at(dir: &Path) -> Result<Self> {
        let shell = Shell::new()?;
        shell.change_dir(dir);
        Ok(Self {
            shell,
            dir: dir.to_owned(),
        })
    }

    /// The repository around `dir`, to which something has been committed.
    ///
    /// # Errors
    /// When there is none, or nothing has been committed to it.
    pub fn around(dir: &Path) -> Result<Self> {
        let repository = Self::at(dir)?;
        let remedy = "git init && git add --all && git commit";
        if repository
            .says(&["rev-parse", "--is-inside-work-tree"])
            .is_none()
        {
            bail!(
                "{} is in no git repository, so nothing that is written there could be looked at or taken back; run `{remedy}` in it",
                dir.display()
            );
        }
        if repository.commit("HEAD").is_none() {
            bail!(
                "nothing is committed in {}, so nothing that is written there could be taken back; run `{remedy}` in it",
                dir.display()
            );
        }
        Ok(repository)
    }

    /// What git prints, without the last line's end.
    ///
    /// # Errors
    /// With what git said, when it fails.
    pub fn git(&self, args: &[&str]) -> Result<String> {
        let output = process::git(&self.shell, args)
            .quiet()
            .ignore_status()
            .output()
            .context("cannot run `git`; install it")?;
        if output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            return Ok(text.strip_suffix('\n').map(str::to_owned).unwrap_or(text));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().find(|line| !line.trim().is_empty());
        bail!(
            "`git {}`: {}",
            args.join(" "),
            line.unwrap_or("it does not say why").trim()
        )
    }

    /// As [`Self::git`], or nothing where it says no.
    pub fn says(&self, args: &[&str]) -> Option<String> {
        self.git(args).ok()
    }

    /// The commit that `reference` leads to, if any.
    pub fn commit(&self, reference: &str) -> Option<String> {
        let reference = format!("{reference}^{{commit}}");
        self.says(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &reference,
        ])
    }

    /// The branch that is checked out, if any is.
    pub fn branch(&self) -> Option<String> {
        self.says(&["symbolic-ref", "--quiet", "--short", "HEAD"])
    }

    /// Whether `one` is `other`, or a commit on the way to it.
    pub fn is_ancestor(&self, one: &str, other: &str) -> bool {
        self.says(&["merge-base", "--is-ancestor", one, other])
            .is_some()
    }

    /// The text of the file `path` at `commit`, or nothing where there is no such commit or file.
    pub fn text(&self, commit: &str, path: &str) -> Option<String> {
        let output = process::git(
            &self.shell,
            &["show", "--end-of-options", &format!("{commit}:./{path}")],
        )
        .quiet()
        .ignore_stderr()
        .output()
        .ok()?;
        String::from_utf8(output.stdout).ok()
    }

    /// Files of the folder that are changed, added or removed and not committed, and new ones that are not ignored;
    /// whatever the user's configuration hides otherwise.
    pub fn uncommitted(&self) -> Result<Vec<String>> {
        let prefix = self.prefix()?;
        let out = self.git(&[
            "--no-optional-locks",
            "-c",
            "status.relativePaths=false",
            "status",
            "--porcelain",
            "-z",
            "--no-renames",
            "--untracked-files=all",
            "--ignore-submodules=none",
            "--",
            ".",
        ])?;
        // Two letters and a space come first.
        let paths = out.split('\0').filter_map(|line| line.get(3..));
        Ok(paths
            .map(|path| path.strip_prefix(&prefix).unwrap_or(path).to_owned())
            .collect())
    }

    /// Where git keeps its own file `name` of this repository, as seen from the folder.
    pub fn git_path(&self, name: &str) -> Result<String> {
        self.git(&["rev-parse", "--git-path", name])
    }

    /// The way from the top of the repository to the folder: nothing, or ending in `/`.
    fn prefix(&self) -> Result<String> {
        self.git(&["rev-parse", "--show-prefix"])
    }

    /// A name for the folder's place in the repository, which can stand in a path: `of-`, and the way to it.
    pub fn place(&self) -> Result<String> {
        let prefix = self.prefix()?;
        let name = prefix.trim_end_matches('/');
        Ok(format!(
            "of-{}",
            name.replace('%', "%25").replace('/', "%2F")
        ))
    }
}
