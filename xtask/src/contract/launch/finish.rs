//! Runs a program until it ends, or until it took too long.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How often a process is asked whether it ended.
const BEAT: Duration = Duration::from_millis(5);

/// A program that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Its exit code; 128 + signal where a signal ended it; nothing where it took too long and was killed.
    pub code: Option<i32>,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error.
    pub stderr: String,
}

impl Finished {
    /// Code and output on a few lines, for messages.
    pub fn excerpt(&self) -> String {
        let code = match self.code {
            Some(code) => format!("exit code {code}"),
            None => "it still ran, and was killed".to_owned(),
        };
        let mut text = code;
        for (name, output) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            for line in output.lines().take(12) {
                text.extend(["\n  ", name, ": ", line]);
            }
        }
        text
    }
}

/// Runs `command`, kills it when it still runs after `patience`, and collects what it wrote.
pub fn finish(command: &mut Command, patience: Duration) -> Result<Finished> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let stdout = child.stdout.take().map(collect);
    let stderr = child.stderr.take().map(collect);
    let code = exit_code(&mut child, patience)?;
    if code.is_none() {
        child.kill()?;
        child.wait()?;
    }
    Ok(Finished {
        code,
        stdout: text_of(stdout),
        stderr: text_of(stderr),
    })
}

/// The exit code of a process, or nothing when it still runs after `patience`.
pub fn exit_code(child: &mut Child, patience: Duration) -> Result<Option<i32>> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.code().unwrap_or_else(|| {
                use std::os::unix::process::ExitStatusExt;
                128 + status.signal().unwrap_or_default()
            })));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(BEAT);
    }
}

fn collect(mut from: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A pipe that breaks has ended; what came before counts.
        let _ended = from.read_to_end(&mut bytes);
        bytes
    })
}

fn text_of(reader: Option<JoinHandle<Vec<u8>>>) -> String {
    let bytes = reader.and_then(|reader| reader.join().ok());
    String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, patience: Duration) -> Finished {
        finish(Command::new("sh").args(["-c", script]), patience).unwrap()
    }

    #[test]
    fn code_and_output_are_kept_apart() {
        let finished = sh("echo out; echo err >&2; exit 78", Duration::from_secs(5));
        assert_eq!(finished.code, Some(78));
        assert_eq!(
            (finished.stdout.as_str(), finished.stderr.as_str()),
            ("out\n", "err\n")
        );
        assert_eq!(sh("kill -9 $$", Duration::from_secs(5)).code, Some(137));
    }

    #[test]
    fn what_takes_too_long_is_killed_and_said_so() {
        let finished = sh("echo begun; exec sleep 60", Duration::from_millis(200));
        assert_eq!(finished.code, None);
        assert_eq!(finished.stdout, "begun\n");
        assert!(finished.excerpt().starts_with("it still ran"));
    }
}
