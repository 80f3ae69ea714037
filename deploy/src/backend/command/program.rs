//! One call of a program of yours: what it is told, and what its end means to a lock.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::backend::BackendError;
use crate::backend::program::{Finished, Output, Terms, Trouble, run_noted};

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

impl Call<'_> {
    /// Calls it and waits.
    pub fn run(&self) -> Result<Finished, BackendError> {
        let mut command = Command::new(self.program);
        command.args(&self.arguments);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let terms = Terms {
            input: b"",
            limit: self.timeout,
            interruptible: false,
            output: if self.reads {
                Output::Answer
            } else {
                Output::Shown
            },
        };
        // So that a lock whose owner was killed counts as held while what it began goes on.
        let ended = run_noted(&mut command, terms, |process| {
            fs::write(self.note, process.to_string())
        });
        let _ = fs::remove_file(self.note);
        ended.map_err(|trouble| self.explain(trouble))
    }

    fn explain(&self, trouble: Trouble) -> BackendError {
        let program = self.program.display();
        match trouble {
            Trouble::Missing => {
                BackendError::Unusable(format!("{program} can't be run: there is no such program"))
            }
            Trouble::System(error) => BackendError::Unusable(format!(
                "{program} can't be run: {error}; see its permissions, and those of {}",
                self.note.display()
            )),
            Trouble::Interrupted => BackendError::NotReady(format!("{program}: interrupted")),
            Trouble::Slow(limit) => {
                let text = format!(
                    "{program} {}: no end after {}, so it was stopped; IDP_BACKEND_TIMEOUT sets how long it may take",
                    self.arguments.join(" "),
                    humantime::format_duration(limit)
                );
                if self.reads {
                    BackendError::Unreachable(text)
                } else {
                    BackendError::NotReady(text)
                }
            }
        }
    }
}
