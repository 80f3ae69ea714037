//! Runs a tool, and takes its answer for one only if it ended as it ends when it has done its work.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use xshell::{Shell, cmd};

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

/// Runs `program` with `args` in `folder`. Exit codes other than `expected` are an error with what it said.
pub fn run(folder: &Path, program: &str, args: &[String], expected: &[i32]) -> Result<Output> {
    let shell = Shell::new()?;
    shell.change_dir(folder);
    let mut command = crate::process::scrubbed(cmd!(shell, "{program} {args...}"))
        .quiet()
        .ignore_status();
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if UNSET.contains(&name.as_str()) || name.starts_with("HADOLINT_") {
            command = command.env_remove(name);
        }
    }
    let output = command.output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    match output.status.code() {
        Some(code) if expected.contains(&code) => Ok(Output {
            code,
            stdout,
            stderr,
        }),
        other => {
            let said = [&stderr, &stdout]
                .into_iter()
                .flat_map(|text| text.lines())
                .find(|line| !line.trim().is_empty());
            let how = other.map_or("by a signal".to_owned(), |code| format!("with {code}"));
            bail!(
                "it ended {how}: {}",
                said.map_or("it said nothing", str::trim)
            )
        }
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
