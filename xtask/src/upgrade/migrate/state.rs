//! What a script sees and changes, and how much of it a script may do.

use crate::pack::Answers;
use crate::tree::Tree;

/// How many bytes one script may read, write and search, all in all; a service has some hundred thousand.
const WORK: usize = 64 * 1024 * 1024;
/// How many notes one script may leave: who has more to say writes a page.
const NOTES: usize = 20;
/// The longest note.
const NOTE: usize = 1000;
/// How many steps are told.
const TOLD: usize = 8;

/// A service in memory, and what a script did to it.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Its files.
    pub tree: Tree,
    /// Its answers.
    pub answers: Answers,
    /// What a person has to do.
    pub notes: Vec<String>,
    /// Files that were moved, in their order.
    pub moved: Vec<(String, String)>,
    steps: Vec<String>,
    more: usize,
    worked: usize,
}

impl State {
    pub(super) fn new(tree: Tree, answers: Answers) -> Self {
        Self {
            tree,
            answers,
            ..Self::default()
        }
    }

    /// Notes a change for the report.
    pub(super) fn did(&mut self, step: String) {
        if self.steps.contains(&step) {
            return;
        }
        if self.steps.len() < TOLD {
            self.steps.push(step);
        } else {
            self.more += 1;
        }
    }

    /// What was done, as part of a sentence.
    pub(super) fn what(&self) -> String {
        match (self.steps.is_empty(), self.more) {
            (true, _) => "nothing was left to do".to_owned(),
            (false, 0) => self.steps.join(", "),
            (false, more) => format!("{}, and {more} more", self.steps.join(", ")),
        }
    }

    /// Counts `bytes` of work.
    pub(super) fn work(&mut self, bytes: usize) -> Result<(), String> {
        self.worked = self.worked.saturating_add(bytes.max(1));
        if self.worked > WORK {
            let most = WORK / 1024 / 1024;
            return Err(format!(
                "the script reads and writes more than {most} MiB; leave the new text of files to the template"
            ));
        }
        Ok(())
    }

    /// `note`.
    pub(super) fn note(&mut self, text: &str) -> Result<(), String> {
        let help = "say in one line what a person has to do";
        if text.trim().is_empty() {
            return Err(format!("the note is empty; {help}"));
        }
        if text.len() > NOTE || text.chars().any(char::is_control) {
            return Err(format!(
                "the note is longer than {NOTE} bytes, or has a line break in it; {help}"
            ));
        }
        if self.notes.iter().any(|known| known == text) {
            return Ok(());
        }
        if self.notes.len() >= NOTES {
            return Err(format!(
                "the script leaves more than {NOTES} notes; write a page, and name it in one note"
            ));
        }
        self.notes.push(text.to_owned());
        Ok(())
    }
}
