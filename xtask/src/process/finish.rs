//! Runs a program until it ends, or until it took too long.

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::interrupt::Killed;

/// How often a process is asked whether it ended.
const BEAT: Duration = Duration::from_millis(1);
/// How long the output of a killed process is waited for: what left its group may hold the pipe still.
const GRACE: Duration = Duration::from_millis(500);

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

/// Runs `command` in a group of its own, kills all of the group when something of it still runs after `patience`, and
/// collects what it wrote.
pub fn finish(command: &mut Command, patience: Duration) -> Result<Finished> {
    fed(command, None, patience)
}

/// As [`finish`], with `input` on its standard input: no more than a pipe holds, which is 64 KiB.
pub fn fed(command: &mut Command, input: Option<&[u8]>, patience: Duration) -> Result<Finished> {
    let deadline = Instant::now() + patience;
    let mut child = command
        .stdin(input.map_or_else(Stdio::null, |_| Stdio::piped()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // What it starts itself would outlive it, and hold its output open.
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let _killed = Killed::group(&child);
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        // One that ends before it has read all says more by how it ends.
        let _broken = stdin.write_all(input);
    }
    let mut outputs = [
        Output::of(child.stdout.take()),
        Output::of(child.stderr.take()),
    ];
    let ended = outputs.iter_mut().all(|output| output.read(deadline));
    let left = deadline.saturating_duration_since(Instant::now());
    let code = if ended {
        exit_code(&mut child, left)?
    } else {
        None
    };
    if code.is_none() {
        // Gone meanwhile, if at all.
        let _gone = kill_process_group(Pid::from_child(&child), Signal::KILL);
        child.wait()?;
        let soon = Instant::now() + GRACE;
        for output in &mut outputs {
            output.read(soon);
        }
    }
    let [stdout, stderr] = outputs.map(|output| String::from_utf8_lossy(&output.bytes).into());
    Ok(Finished {
        code,
        stdout,
        stderr,
    })
}

/// The exit code of a process, or nothing when it still runs after `patience`.
pub fn exit_code(child: &mut Child, patience: Duration) -> Result<Option<i32>> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(
                status
                    .code()
                    .unwrap_or_else(|| 128 + status.signal().unwrap_or_default()),
            ));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(BEAT);
    }
}

/// What comes from a pipe, read by a thread of its own: a program that fills a pipe which nobody empties waits for ever.
struct Output {
    chunks: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
}

impl Output {
    fn of(from: Option<impl Read + Send + 'static>) -> Self {
        let (sender, chunks) = mpsc::channel();
        if let Some(mut from) = from {
            thread::spawn(move || {
                let mut buffer = vec![0; 64 * 1024];
                // A pipe that breaks has ended; what came before counts.
                while let Ok(count @ 1..) = from.read(&mut buffer) {
                    if sender.send(buffer[..count].to_vec()).is_err() {
                        break;
                    }
                }
            });
        }
        Self {
            chunks,
            bytes: Vec::new(),
        }
    }

    /// Reads to the end, or until `deadline`; whether the end was seen.
    fn read(&mut self, deadline: Instant) -> bool {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.chunks.recv_timeout(left) {
                Ok(chunk) => self.bytes.extend(chunk),
                Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => return false,
            }
        }
    }
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
    #[test]
    fn what_it_has_started_is_killed_with_it() {
        // The shell waits for a child of its own, which holds the pipes open.
        let begun = Instant::now();
        let finished = sh("sleep 61 & echo $!; wait", Duration::from_millis(200));
        assert_eq!(finished.code, None);
        assert!(begun.elapsed() < Duration::from_secs(5));
        let process = finished.stdout.trim();
        // Killed, and perhaps neither gone yet nor collected by whoever does that here.
        let stat = || std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let runs = || !stat().is_empty() && !stat().contains(") Z ");
        while runs() {
            assert!(begun.elapsed() < Duration::from_secs(5), "{}", stat());
            thread::sleep(BEAT);
        }
        // The shell itself has ended, and what it left behind holds the pipes open.
        assert_eq!(
            sh("sleep 61 & exit 0", Duration::from_millis(200)).code,
            None
        );
    }

    #[test]
    fn what_it_is_fed_it_reads() {
        let cat = |input| fed(&mut Command::new("cat"), input, Duration::from_secs(5)).unwrap();
        assert_eq!(cat(Some(b"ab")).stdout, "ab");
        assert_eq!(cat(None).stdout, "");
    }
}
