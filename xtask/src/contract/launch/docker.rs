//! The `docker` command.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Result, bail};

use super::finish::finish;

/// How long one call of `docker` may take.
const CALL: Duration = Duration::from_mins(1);

/// `docker` with what it needs of the environment and nothing that steers compose.
pub fn docker() -> Command {
    let mut command = Command::new("docker");
    command.env_clear();
    let wanted =
        |name: &str| ["PATH", "HOME", "TMPDIR"].contains(&name) || name.starts_with("DOCKER_");
    command.envs(std::env::vars().filter(|(name, _)| wanted(name)));
    command
}

/// What a command wrote to its standard output, once it ended well.
pub fn call(command: &mut Command) -> Result<String> {
    let finished = finish(command, CALL)?;
    if finished.code != Some(0) {
        let args: Vec<_> = command
            .get_args()
            .map(|arg| arg.to_string_lossy())
            .collect();
        bail!("docker {}: {}", args.join(" "), finished.excerpt());
    }
    Ok(finished.stdout.trim().to_owned())
}

/// A name that no other project or container of this run has.
pub fn unique(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}-{}-{count}", std::process::id())
}
