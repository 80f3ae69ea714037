//! A rendered service as a repository whose history is the same every time: builders know its layers again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::Shell;

use crate::process;

/// When the first commit was made; each one is an hour younger than the one before.
const FIRST: u64 = 1_767_225_600;

/// A service's repository.
#[derive(Debug)]
pub(super) struct Repository {
    path: PathBuf,
    commits: u64,
}

impl Repository {
    /// Makes one of what is in `path`, with `origin` as its remote: act takes the organisation from there.
    pub(super) fn new(path: &Path, origin: &str) -> Result<Self> {
        let repository = Self {
            path: path.to_owned(),
            commits: 0,
        };
        repository.git(&["-c", "init.defaultBranch=main", "init", "--quiet"])?;
        repository.git(&["remote", "add", "origin", origin])?;
        Ok(repository)
    }

    /// Its folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Commits everything, and says under which name.
    pub(super) fn commit(&mut self, message: &str) -> Result<String> {
        self.git(&["add", "--all", "--force"])?;
        let shell = self.shell()?;
        let date = format!("{} +0000", FIRST + self.commits * 3600);
        let args = [
            "-c",
            "commit.gpgSign=false",
            "commit",
            "--quiet",
            "--no-verify",
        ];
        process::git(&shell, &[&args[..], &["--message", message]].concat())
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "somebody")))
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "s@localhost")))
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_DATE"), date.clone())))
            .quiet()
            .run()?;
        self.commits += 1;
        self.git(&["rev-parse", "HEAD"])
    }

    /// Changes a file: every `from`, of which there has to be one, becomes `to`.
    pub(super) fn change(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let path = self.path.join(file);
        let text = crate::pack::read(&path)?;
        if text.matches(from).count() != 1 {
            bail!("{file} holds `{from}` not once; mend what the release stage changes there");
        }
        fs::write(&path, text.replace(from, to))
            .with_context(|| format!("cannot write {}", path.display()))
    }

    fn shell(&self) -> Result<Shell> {
        let shell = Shell::new()?;
        shell.change_dir(&self.path);
        Ok(shell)
    }

    fn git(&self, args: &[&str]) -> Result<String> {
        let shell = self.shell()?;
        Ok(process::git(&shell, args).quiet().read()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_make_the_same_commits() {
        let commits = || {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("a"), "one").unwrap();
            let mut repository = Repository::new(folder.path(), "https://x/y").unwrap();
            let first = repository.commit("first").unwrap();
            repository.change("a", "one", "two").unwrap();
            assert!(repository.change("a", "one", "two").is_err());
            (first, repository.commit("second").unwrap())
        };
        let (first, second) = commits();
        assert_eq!(first.len(), 40);
        assert_ne!(first, second);
        assert_eq!((first, second), commits());
    }
}
