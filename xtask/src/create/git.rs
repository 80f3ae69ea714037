//! A repository for a new service: branch `main`, one commit.

use std::path::Path;

use xshell::{Shell, cmd};

/// What became of git.
#[derive(Debug, PartialEq, Eq)]
pub enum Git {
    /// `--no-git`.
    NotAsked,
    /// The service lies inside a repository already.
    InsideRepository,
    /// One commit on `main`.
    Committed,
    /// Initialised and staged, but not committed; the reason and the remedy.
    Staged(String),
    /// git is missing or refused; the reason.
    Failed(String),
}

/// Initialises git in `path`. Never fails the run: the service stands, and what is missing is said.
pub(super) fn initialise(path: &Path, template: &str, version: &str) -> Git {
    match attempt(path, template, version) {
        Ok(git) => git,
        Err(error) => Git::Failed(error.to_string()),
    }
}

fn attempt(path: &Path, template: &str, version: &str) -> Result<Git, xshell::Error> {
    let shell = Shell::new()?;
    shell.change_dir(path);
    // A git hook that runs this sets these, and they would send us to another repository.
    let git = |args: &[&str]| {
        cmd!(shell, "git {args...}")
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .quiet()
    };
    if git(&["rev-parse", "--is-inside-work-tree"])
        .ignore_stderr()
        .read()
        .is_ok()
    {
        return Ok(Git::InsideRepository);
    }
    git(&["-c", "init.defaultBranch=main", "init", "--quiet"]).run()?;
    git(&["add", "--all"]).run()?;
    let message = format!("Create the service from {template} {version}");
    let output = git(&["commit", "--quiet", "--message", &message])
        .ignore_status()
        .output()?;
    if output.status.success() {
        return Ok(Git::Committed);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let reason = if git(&["var", "GIT_COMMITTER_IDENT"])
        .ignore_stderr()
        .read()
        .is_err()
    {
        "git does not know who you are: set user.name and user.email, then `git commit`".to_owned()
    } else {
        let line = stderr.lines().find(|line| !line.trim().is_empty());
        format!("`git commit` failed: {}", line.unwrap_or("no reason given"))
    };
    Ok(Git::Staged(reason))
}
