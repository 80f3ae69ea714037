//! Runs a tool, and takes its answer for one only if it ended as it ends when it has done its work.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use xshell::{Shell, cmd};

use crate::process::finish::finish;

/// How long one run of a tool may take. The slowest takes a second or two for hundreds of files on two cores; one that takes
/// thirty times as long waits for something that doesn't come.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a tool printed.
#[derive(Debug)]
pub struct Output {
    /// Its exit code.
    pub code: i32,
    /// On its standard output.
    pub stdout: String,
    /// On its standard error.
    pub stderr: String,
}

/// Variables that would have a tool do something else than it was asked.
const UNSET: &[&str] = &[
    "ACTIONLINT_CONFIG",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "SHELLCHECK_OPTS",
    "ZIZMOR_CONFIG",
    "ZIZMOR_GITHUB_TOKEN",
];

/// Runs `program` with `args` in `folder`. Exit codes other than `expected`, and no end, are an error with what it said.
pub fn run(folder: &Path, program: &str, args: &[String], expected: &[i32]) -> Result<Output> {
    run_within(PATIENCE, folder, program, args, expected)
}

/// As [`run`], for as long as `patience` allows.
pub(super) fn run_within(
    patience: Duration,
    folder: &Path,
    program: &str,
    args: &[String],
    expected: &[i32],
) -> Result<Output> {
    let shell = Shell::new()?;
    shell.change_dir(folder);
    let mut command = crate::process::scrubbed(cmd!(shell, "{program} {args...}"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if UNSET.contains(&name.as_str()) || name.starts_with("HADOLINT_") {
            command = command.env_remove(name);
        }
    }
    let ran = finish(&mut Command::from(command), patience)?;
    let Some(code) = ran.code else {
        bail!("it still ran after {patience:?}, and was killed");
    };
    if expected.contains(&code) {
        return Ok(Output {
            code,
            stdout: ran.stdout,
            stderr: ran.stderr,
        });
    }
    let said = [&ran.stderr, &ran.stdout]
        .into_iter()
        .flat_map(|text| text.lines())
        .find(|line| !line.trim().is_empty());
    let said = said.map_or("it said nothing", |line| line.trim());
    match code {
        ..=128 => bail!("it ended with {code}: {said}"),
        _ => bail!("it ended by a signal ({}): {said}", code - 128),
    }
}

/// What it printed, as JSON.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).with_context(|| {
        let line: String = text
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(80)
            .collect();
        format!("what it prints can't be read: `{line}`")
    })
}
