//! Programs that xtask runs, with an environment that does not depend on who runs xtask.

pub mod finish;

// Also not through xshell, where what a program is asked may be asked of one that is missing, and nothing may be seen.
use std::io::ErrorKind;
use std::process::Command;
use std::time::Duration;

use xshell::{Cmd, Shell, cmd};

/// Puts a script at `path` that can be run at once. A process of its own makes it: what this one has open to write, a child
/// that another test starts at that moment has as well, and nothing that is open to write can be run.
#[cfg(test)]
pub(crate) fn executable(path: &std::path::Path, script: &str) {
    let text = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(text.path(), script).unwrap();
    let mut install = Command::new("install");
    install.args(["-m", "755"]).args([text.path(), path]);
    assert!(install.status().unwrap().success(), "{}", path.display());
}

/// Why a program has not said what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It is not on PATH.
    Missing,
    /// It was started, and failed; what it said of that, in a line.
    Failed(String),
}

/// How long a program may take to say something of itself, such as its version. It takes milliseconds, and some seconds on
/// a machine that has just been started.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a program prints on both of its outputs when `command` is run.
pub fn said(command: &[&str]) -> Result<String, Silence> {
    said_within(command, PATIENCE)
}

fn said_within(command: &[&str], patience: Duration) -> Result<String, Silence> {
    let Some((program, args)) = command.split_first() else {
        return Err(Silence::Missing);
    };
    let finished = finish::finish(Command::new(program).args(args), patience).map_err(|error| {
        let missing = |e: &std::io::Error| e.kind() == ErrorKind::NotFound;
        if error.downcast_ref().is_some_and(missing) {
            Silence::Missing
        } else {
            Silence::Failed(format!("{error:#}"))
        }
    })?;
    let text = [finished.stdout, finished.stderr].concat();
    match finished.code {
        Some(0) => Ok(text),
        Some(_) => {
            let line = text.lines().find(|line| !line.trim().is_empty());
            Err(Silence::Failed(line.unwrap_or_default().trim().to_owned()))
        }
        None => Err(Silence::Failed(format!(
            "it still ran after {patience:?}, and was killed"
        ))),
    }
}

/// What cargo and rustup set for the programs they run, and would bend the cargo that we run: the toolchain that was
/// picked for the pack, and facts about the package that xtask is; and what would point compose at other files.
/// <https://doc.rust-lang.org/cargo/reference/environment-variables.html>
fn inherited(name: &str) -> bool {
    const EXACT: &[&str] = &[
        "CARGO",
        "CARGO_BIN_NAME",
        "COMPOSE_FILE",
        "COMPOSE_PROFILES",
        "COMPOSE_PROJECT_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_MAKEFLAGS",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_TMPDIR",
        "OUT_DIR",
        "RUSTUP_TOOLCHAIN",
        "RUST_RECURSION_COUNT",
    ];
    const PREFIXES: &[&str] = &[
        "CARGO_BIN_EXE_",
        "CARGO_CFG_",
        "CARGO_FEATURE_",
        "CARGO_GENERATE_",
        "CARGO_MANIFEST_",
        "CARGO_PKG_",
    ];
    EXACT.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// A cargo command as the user of a generated service would run it.
pub fn cargo<'a>(shell: &'a Shell, args: &[&str]) -> Cmd<'a> {
    // By name, not by `$CARGO`: rustup then picks the toolchain that the service's own rust-toolchain.toml names.
    scrubbed(cmd!(shell, "cargo {args...}"))
}

/// A git command about the folder that `shell` is in, whatever repository a git hook that runs us is about.
pub fn git<'a>(shell: &'a Shell, args: &[&str]) -> Cmd<'a> {
    // Who commits, how to reach others, and which configuration counts is the user's; everything else names a place.
    const KEPT: &[&str] = &[
        "GIT_AUTHOR_",
        "GIT_COMMITTER_",
        "GIT_CONFIG",
        "GIT_EXEC_PATH",
        "GIT_SSH",
        "GIT_SSL_",
        "GIT_TEMPLATE_DIR",
    ];
    let mut command = cmd!(shell, "git {args...}");
    for (name, _) in std::env::vars_os() {
        let local = name.to_str().is_some_and(|name| {
            name.starts_with("GIT_") && !KEPT.iter().any(|k| name.starts_with(k))
        });
        if local {
            command = command.env_remove(name);
        }
    }
    command
}

/// `command` without what cargo and rustup handed down to xtask.
pub fn scrubbed(mut command: Cmd<'_>) -> Cmd<'_> {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(inherited) {
            command = command.env_remove(name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_missing_fails_or_hangs_is_told_apart() {
        let ask = |command: &[&str]| said_within(command, Duration::from_millis(200));
        assert_eq!(ask(&["no-such-program"]), Err(Silence::Missing));
        assert_eq!(
            ask(&["sh", "-c", "echo a; echo b >&2"]),
            Ok("a\nb\n".into())
        );
        let failed = |line: &str| Err(Silence::Failed(line.into()));
        assert_eq!(ask(&["sh", "-c", "echo oh; exit 1"]), failed("oh"));
        let hung = failed("it still ran after 200ms, and was killed");
        assert_eq!(ask(&["sh", "-c", "sleep 60"]), hung);
    }

    #[test]
    fn cargo_s_own_variables_go_and_the_user_s_stay() {
        for name in [
            "RUSTUP_TOOLCHAIN",
            "CARGO",
            "CARGO_PKG_NAME",
            "CARGO_MANIFEST_DIR",
        ] {
            assert!(inherited(name), "{name}");
        }
        for name in [
            "CARGO_HOME",
            "CARGO_NET_OFFLINE",
            "CARGO_INCREMENTAL",
            "CARGO_TARGET_DIR",
            "PATH",
            "RUSTFLAGS",
        ] {
            assert!(!inherited(name), "{name}");
        }
    }
}
