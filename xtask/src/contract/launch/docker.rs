//! The `docker` command.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::lines::{Lines, locked};
use crate::process::finish::{exit_code, finish};

/// How long one call of `docker` may take.
const CALL: Duration = Duration::from_mins(1);

/// `docker` with what it needs of the environment and nothing that steers compose.
pub fn docker() -> Command {
    let mut command = Command::new("docker");
    command.env_clear();
    let wanted =
        |name: &str| ["PATH", "HOME", "TMPDIR"].contains(&name) || name.starts_with("DOCKER_");
    command.envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(wanted)));
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

/// A command that runs when this is dropped, or when this process dies, of Ctrl-C or of anything else.
pub struct AtEnd(Child);

impl AtEnd {
    /// Keeps `command` for the end.
    pub fn new(command: &Command) -> Result<Self> {
        let env = command.get_envs();
        // `read` ends with the pipe, which the kernel closes even after a SIGKILL.
        let waiting = Command::new("sh")
            .args(["-c", "read -r _; exec \"$@\"", "sh"])
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .envs(env.filter_map(|(name, value)| Some((name, value?))))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // In a group of its own, so that Ctrl-C does not end it too.
            .process_group(0)
            .spawn()
            .context("cannot run sh")?;
        Ok(Self(waiting))
    }
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // What goes wrong it says on standard error itself, and a destructor has nobody to hand an error to.
        let _ended = exit_code(&mut self.0, CALL);
    }
}

/// A container's log, read as it comes: asking for it again and again would start a program each time.
pub struct Follower {
    child: Mutex<Child>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    lines: Lines,
}

impl Follower {
    /// Follows the log of the container `id` from its beginning.
    pub fn of(id: &str) -> Result<Self> {
        let mut child = docker()
            .args(["logs", "--follow", id])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot run docker")?;
        let lines = Lines::default();
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|from| lines.follow(from)));
        readers.extend(child.stderr.take().map(|from| lines.follow(from)));
        Ok(Self {
            child: Mutex::new(child),
            readers: Mutex::new(readers),
            lines,
        })
    }

    /// The lines so far.
    pub fn so_far(&self) -> Vec<String> {
        self.lines.so_far()
    }

    /// Reads to the end of the log of a container that ended.
    pub fn finish(&self) {
        if matches!(exit_code(&mut locked(&self.child), CALL), Ok(Some(_))) {
            for reader in locked(&self.readers).drain(..) {
                let _panicked = reader.join();
            }
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // It may have ended by itself; then there is nothing to kill, and the wait returns at once.
        let _ended = child.kill();
        let _reaped = child.wait();
    }
}

/// A name that no other project or container of this run has.
pub fn unique(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}-{}-{count}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_for_the_end_runs_then_and_not_before() {
        let dir = tempfile::tempdir().unwrap();
        let trace = dir.path().join("trace");
        let mut command = Command::new("touch");
        command.env_clear().envs(std::env::vars_os()).arg(&trace);
        let at_end = AtEnd::new(&command).unwrap();
        assert!(!trace.exists());
        drop(at_end);
        assert!(trace.exists());
    }
}
