//! The scripts beside the shared workflows, as a runner runs them: what they say, write and refuse.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod guard;
mod scripts;
mod upgrade;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a script did.
#[derive(Debug)]
struct Run {
    passed: bool,
    /// What it printed.
    said: String,
    /// What it wrote to `$GITHUB_OUTPUT`.
    output: String,
}

fn pack() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap().to_owned()
}

/// Runs `script` in `folder` with nothing but `variables` in its environment.
fn run(script: &Path, folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Run {
    let scratch = tempfile::tempdir().unwrap();
    let output = scratch.path().join("output");
    let done = Command::new(script)
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("GITHUB_OUTPUT", &output)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    Run {
        passed: done.status.success(),
        said: String::from_utf8(done.stdout).unwrap() + &String::from_utf8_lossy(&done.stderr),
        output: fs::read_to_string(output).unwrap_or_default(),
    }
}
