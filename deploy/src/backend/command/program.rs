//! One call of a program, with an end.

use std::fs;
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::backend::BackendError;

/// What a program may print where its output is read.
const LARGEST: u64 = 64 * 1024;
/// How long output may take that comes after the end, from something the program left running.
const LINGER: Duration = Duration::from_secs(1);

/// What to call.
pub struct Call<'a> {
    /// By its path.
    pub program: &'a Path,
    /// After its name.
    pub arguments: Vec<&'a str>,
    /// Beside those of this process.
    pub variables: [(&'static str, String); 2],
    /// Until it is ended.
    pub timeout: Duration,
    /// Whether its output is wanted; otherwise it goes where our own complaints go.
    pub reads: bool,
    /// Holds its process id while it runs.
    pub note: &'a Path,
}

/// What it came to.
pub struct Ended {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub output: String,
    how: String,
}

impl Ended {
    /// In words.
    pub fn how(&self) -> &str {
        &self.how
    }
}

impl Call<'_> {
    /// Calls it and waits.
    pub fn run(&self) -> Result<Ended, BackendError> {
        let mut child = self.spawn().map_err(|error| {
            BackendError::Unusable(format!("{} can't be run: {error}", self.program.display()))
        })?;
        // So that a lock whose owner was killed counts as held while what it began goes on.
        let noted = fs::write(self.note, child.id().to_string());
        let ended = match noted {
            Ok(()) => self.wait(&mut child),
            Err(error) => {
                stop(&mut child);
                Err(BackendError::Unusable(format!(
                    "{}: {error}",
                    self.note.display()
                )))
            }
        };
        let _ = fs::remove_file(self.note);
        ended
    }

    fn spawn(&self) -> io::Result<Child> {
        let output = if self.reads {
            Stdio::piped()
        } else {
            Stdio::from(io::stderr())
        };
        Command::new(self.program)
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(output)
            // A group of its own: what it started ends with it.
            .process_group(0)
            .spawn()
    }

    fn wait(&self, child: &mut Child) -> Result<Ended, BackendError> {
        let output = child.stdout.take().map(follow);
        let status = match self.status(child) {
            Ok(Some(status)) => status,
            Ok(None) => {
                stop(child);
                let text = format!(
                    "{} {}: no end after {}, so it was stopped; IDP_BACKEND_TIMEOUT sets how long it may take",
                    self.program.display(),
                    self.arguments.join(" "),
                    humantime::format_duration(self.timeout)
                );
                return Err(if self.reads {
                    BackendError::Unreachable(text)
                } else {
                    BackendError::NotReady(text)
                });
            }
            Err(error) => {
                return Err(BackendError::Unreachable(format!(
                    "{}: {error}",
                    self.program.display()
                )));
            }
        };
        let output = match output.map(|output| output.recv_timeout(LINGER)) {
            Some(Ok(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
            _ => String::new(),
        };
        Ok(Ended {
            code: status.code(),
            output,
            how: match (status.code(), status.signal()) {
                (Some(code), _) => format!("exit code {code}"),
                (None, signal) => format!("ended by signal {}", signal.unwrap_or_default()),
            },
        })
    }

    /// How it ended, if it did in time.
    fn status(&self, child: &mut Child) -> io::Result<Option<ExitStatus>> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(2);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if begun.elapsed() >= self.timeout {
                return Ok(None);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(100));
        }
    }
}

/// Reads on another thread: something that the program left running may hold its output open.
fn follow(pipe: ChildStdout) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        if pipe.take(LARGEST).read_to_end(&mut text).is_ok() {
            let _ = send.send(text);
        }
    });
    receive
}

fn stop(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
}
