//! Runs a program with a time limit, and takes down all that it started when the limit has passed.
//!
//! It knows nothing of what it runs, and gives every exit code to its caller.

use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::interrupt;

/// How often a program is asked whether it ended.
const BEAT: Duration = Duration::from_millis(5);
/// How long the output of a program that ended may be held open by what it left behind, such as a shared SSH connection.
const LINGER: Duration = Duration::from_secs(1);
/// What is kept of one output; a program that writes more finds its pipe closed.
const LARGEST: usize = 16 * 1024 * 1024;

/// A program that ended by itself.
#[derive(Debug)]
pub(super) struct Finished {
    /// Whether its exit code is 0.
    pub(super) success: bool,
    /// Its exit code, where no signal ended it.
    pub(super) code: Option<i32>,
    /// The signal that ended it, where one did.
    pub(super) signal: Option<i32>,
    /// As far as it was kept.
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Finished {
    /// The last thing it said, on one line: where programs put their reason.
    pub(super) fn reason(&self) -> String {
        let said = |text: &str| {
            let line = text.lines().map(str::trim).rfind(|line| !line.is_empty());
            line.map(|line| line.chars().filter(|c| !c.is_control()).take(300).collect())
        };
        said(&self.stderr)
            .or_else(|| said(&self.stdout))
            .unwrap_or_else(|| match self.code {
                Some(_) => format!("{}, without a word", self.how()),
                None => self.how(),
            })
    }

    /// How it ended, in words.
    pub(super) fn how(&self) -> String {
        match (self.code, self.signal) {
            (Some(code), _) => format!("exit code {code}"),
            (None, signal) => format!("ended by signal {}", signal.unwrap_or_default()),
        }
    }
}

/// Why there is no exit code.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no such program.
    Missing,
    /// It took longer than this, and was killed.
    Slow(Duration),
    /// The user asked for the end, and it was killed.
    Interrupted,
    /// The system refused.
    System(io::Error),
}

/// What becomes of a program's output.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Output {
    /// Both are kept.
    Kept,
    /// Standard output is kept, complaints go where ours go.
    Answer,
    /// Both go where our complaints go.
    Shown,
}

/// How a program is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<'a> {
    /// What it reads.
    pub(super) input: &'a [u8],
    /// How long it may take.
    pub(super) limit: Duration,
    /// Whether Ctrl-C ends it.
    pub(super) interruptible: bool,
    /// What becomes of its output.
    pub(super) output: Output,
}

/// Runs `command` on these terms.
pub(super) fn run(command: &mut Command, terms: Terms<'_>) -> Result<Finished, Trouble> {
    run_noted(command, terms, |_| Ok(()))
}

/// The same, with its process id noted before anything is waited for; where that fails, it is ended.
pub(super) fn run_noted(
    command: &mut Command,
    terms: Terms<'_>,
    note: impl FnOnce(u32) -> io::Result<()>,
) -> Result<Finished, Trouble> {
    // A group of its own: plugins are processes of their own and would go on, and Ctrl-C would end a swap half-way.
    let spawned = command
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(match terms.output {
            Output::Kept | Output::Answer => Stdio::piped(),
            Output::Shown => Stdio::from(io::stderr()),
        })
        .stderr(match terms.output {
            Output::Kept => Stdio::piped(),
            Output::Answer | Output::Shown => Stdio::inherit(),
        })
        .spawn();
    let mut child = spawned.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Trouble::Missing,
        _ => Trouble::System(error),
    })?;
    if let Err(error) = note(child.id()) {
        end(&mut child);
        return Err(Trouble::System(error));
    }
    if let Some(mut stdin) = child.stdin.take() {
        let input = terms.input.to_vec();
        // One that reads nothing of it has its own reasons, which its exit code tells.
        thread::spawn(move || stdin.write_all(&input));
    }
    let stdout = child.stdout.take().map(collect);
    let stderr = child.stderr.take().map(collect);
    let status = wait(&mut child, terms)?;
    Ok(Finished {
        success: status.success(),
        code: status.code(),
        signal: status.signal(),
        stdout: text(stdout),
        stderr: text(stderr),
    })
}

fn wait(child: &mut Child, terms: Terms<'_>) -> Result<ExitStatus, Trouble> {
    let deadline = Instant::now() + terms.limit;
    loop {
        let trouble = match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if terms.interruptible && interrupt::heeded() => Trouble::Interrupted,
            Ok(None) if Instant::now() >= deadline => Trouble::Slow(terms.limit),
            Ok(None) => {
                thread::sleep(BEAT);
                continue;
            }
            Err(error) => Trouble::System(error),
        };
        end(child);
        return Err(trouble);
    }
}

/// Ends it with all it started. Either may have ended just now.
fn end(child: &mut Child) {
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.wait();
}

fn collect(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        let mut left = LARGEST;
        // Nobody listens any more, or the pipe ended: both are the end.
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            left = left.saturating_sub(length);
            if left == 0 || send.send(buffer[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receive
}

fn text(from: Option<Receiver<Vec<u8>>>) -> String {
    let deadline = Instant::now() + LINGER;
    let mut bytes = Vec::new();
    if let Some(from) = from {
        while let Ok(more) = from.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            bytes.extend(more);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, input: &str, limit: Duration) -> Result<Finished, Trouble> {
        let terms = Terms {
            input: input.as_bytes(),
            limit,
            interruptible: false,
            output: Output::Kept,
        };
        run(Command::new("sh").args(["-c", script]), terms)
    }

    #[test]
    fn code_output_and_input_arrive() {
        let finished = sh("cat; echo last >&2; exit 3", "in", Duration::from_secs(5)).unwrap();
        assert_eq!(
            (finished.code, finished.stdout.as_str()),
            (Some(3), "in"),
            "{finished:?}"
        );
        assert_eq!(finished.reason(), "last");
        let missing = run(
            &mut Command::new("no-such-program-here"),
            Terms {
                input: b"",
                limit: Duration::from_secs(1),
                interruptible: false,
                output: Output::Kept,
            },
        );
        assert!(matches!(missing, Err(Trouble::Missing)), "{missing:?}");
    }

    #[test]
    fn what_it_started_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let script = format!("(sleep 1; echo alive >{}) & sleep 60", mark.display());
        let began = Instant::now();
        let slow = sh(&script, "", Duration::from_millis(200));
        assert!(matches!(slow, Err(Trouble::Slow(_))), "{slow:?}");
        assert!(began.elapsed() < Duration::from_secs(10));
        thread::sleep(Duration::from_millis(1500));
        assert!(!mark.exists(), "a grandchild went on");
    }

    #[test]
    fn one_that_can_t_be_noted_or_never_stops_talking_is_ended() {
        let terms = Terms {
            input: b"",
            limit: Duration::from_mins(1),
            interruptible: false,
            output: Output::Answer,
        };
        let began = Instant::now();
        let refused = run_noted(Command::new("sleep").arg("60"), terms, |_| {
            Err(io::Error::other("no room"))
        });
        assert!(matches!(refused, Err(Trouble::System(_))), "{refused:?}");
        let endless = run(&mut Command::new("yes"), terms).unwrap();
        assert!(endless.stdout.len() < LARGEST && !endless.success);
        assert_eq!(endless.how(), "ended by signal 13");
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_pipe_that_is_held_open_holds_nobody_up() {
        let began = Instant::now();
        let finished = sh("sleep 20 & echo done", "", Duration::from_secs(15)).unwrap();
        assert_eq!(finished.stdout, "done\n");
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}
