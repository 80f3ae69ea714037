//! What git says of the pack: which files are not committed, and what an earlier commit holds. Changes nothing.

use std::path::Path;

use anyhow::{Result, bail};
use xshell::Shell;

use crate::process;

/// Whether the pack is a repository of its own.
pub fn is_repository(root: &Path) -> bool {
    root.join(".git").exists()
}

/// The files of a repository that differ from its last commit, new ones included.
pub fn changed(root: &Path) -> Result<Vec<String>> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    let args = [
        "--no-optional-locks",
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--untracked-files=all",
    ];
    let output = process::git(&shell, &args).quiet().ignore_status().output();
    let said = match output {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => bail!(
            "git cannot say what is not committed: {}; mend that, or pass `--allow-dirty`",
            line(&output.stderr)
        ),
        Err(error) => bail!(
            "git cannot say what is not committed: {error}; mend that, or pass `--allow-dirty`"
        ),
    };
    let said = String::from_utf8_lossy(&said);
    // Two letters and a space come first.
    let files = said.split_terminator('\0').filter_map(|row| row.get(3..));
    Ok(files.map(str::to_owned).collect())
}

/// What `file` holds at `commit`, or nothing where there is no such commit or file.
pub fn at(root: &Path, commit: &str, file: &str) -> Result<Option<String>> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    let object = format!("{commit}:./{file}");
    let args = ["show", "--end-of-options", &object];
    let output = process::git(&shell, &args)
        .quiet()
        .ignore_status()
        .output()?;
    let text = String::from_utf8(output.stdout).ok();
    Ok(text.filter(|_| output.status.success()))
}

fn line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find(|line| !line.trim().is_empty());
    line.unwrap_or("it does not say why").trim().to_owned()
}
