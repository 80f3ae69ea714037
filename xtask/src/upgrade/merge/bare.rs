//! A bare git repository, out of reach of anybody's configuration and attributes.

use std::process::Output;

use anyhow::{Context, Result, bail};
use xshell::Shell;

use crate::interrupt::Folder;
use crate::process;
use crate::render::in_memory;

/// The first git that merges without a checkout: `git merge-tree --write-tree`.
const NEEDED: (u32, u32) = (2, 38);

/// The repository.
#[derive(Debug)]
pub(super) struct Bare {
    shell: Shell,
    _folder: Folder,
}

impl Bare {
    /// Makes one, in a folder that vanishes with it.
    ///
    /// # Errors
    /// When git is missing or too old.
    pub(super) fn new() -> Result<Self> {
        let folder = Folder::new("merge-", &in_memory())?;
        let shell = Shell::new()?;
        shell.change_dir(folder.path());
        let new = Self {
            shell,
            _folder: folder,
        };
        suffices(&String::from_utf8_lossy(
            &new.git(&["version"], b"")?.stdout,
        ))?;
        let args = ["init", "--quiet", "--bare", "--template=", "."];
        let output = new.git(&args, b"")?;
        if !output.status.success() {
            bail!("{}", failed(&args, &output));
        }
        Ok(new)
    }

    /// Runs git in it, with `input` on its standard input.
    pub(super) fn git(&self, args: &[&str], input: &[u8]) -> Result<Output> {
        let mut all = vec![
            // Also where the user's own configuration wants every bare repository to be named.
            "--git-dir=.",
            "-c",
            "core.attributesFile=/dev/null",
            "-c",
            // In full, to be found again.
            "core.abbrev=no",
            "-c",
            "diff.algorithm=histogram",
            "-c",
            "merge.renames=false",
            "-c",
            "merge.renormalize=false",
        ];
        all.extend(args);
        process::git(&self.shell, &all)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_COUNT", "0")
            .env_remove("GIT_CONFIG_PARAMETERS")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .stdin(input)
            .quiet()
            .ignore_status()
            .output()
            .context("cannot run git, which merges; install git 2.38 or newer")
    }
}

/// What to say of a git that failed.
pub(super) fn failed(args: &[&str], output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    format!("`git {}` failed: {}", args.join(" "), said.trim())
}

/// Whether the git that says `git version 2.47.3` merges without a checkout.
fn suffices(said: &str) -> Result<()> {
    let version = said.trim().trim_start_matches("git version ");
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < NEEDED {
        bail!("git {version} can't merge without a checkout; install git 2.38 or newer");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_git_that_is_too_old_is_told_with_the_remedy() {
        for said in [
            "git version 2.38.0\n",
            "git version 2.39.5 (Apple Git-154)",
            "git version 3.0.rc1",
        ] {
            suffices(said).unwrap();
        }
        for said in ["git version 2.37.7\n", "git version 1.99.0"] {
            let error = suffices(said).unwrap_err().to_string();
            assert!(error.contains("install git 2.38"), "{error}");
        }
    }
}
