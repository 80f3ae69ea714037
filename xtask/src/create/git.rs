//! A repository for a new service: branch `main`, one commit.

use std::path::Path;

use xshell::Shell;

use crate::process;

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
    let git = |args: &[&str]| {
        let output = process::git(&shell, args)
            .quiet()
            .ignore_status()
            .output()?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        let line = stderr.lines().find(|line| !line.trim().is_empty());
        let reason = format!(
            "`git {}`: {}",
            args.join(" "),
            line.unwrap_or("no reason given")
        );
        Ok::<_, xshell::Error>(if output.status.success() {
            Ok(())
        } else {
            Err(reason)
        })
    };
    if git(&["rev-parse", "--is-inside-work-tree"])?.is_ok() {
        return Ok(Git::InsideRepository);
    }
    // `--force`: a user's own list of ignored files has no say over what was just rendered.
    for args in [
        &["-c", "init.defaultBranch=main", "init", "--quiet"][..],
        &["add", "--all", "--force"],
    ] {
        if let Err(reason) = git(args)? {
            return Ok(Git::Failed(reason));
        }
    }
    let message = format!("Create the service from {template} {version}");
    match git(&["commit", "--quiet", "--message", &message])? {
        Ok(()) => Ok(Git::Committed),
        Err(_) if git(&["var", "GIT_COMMITTER_IDENT"])?.is_err() => Ok(Git::Staged(
            "git does not know who you are: set user.name and user.email, then `git commit`".into(),
        )),
        Err(reason) => Ok(Git::Staged(reason)),
    }
}
