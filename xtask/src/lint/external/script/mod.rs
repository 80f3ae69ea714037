//! `run:` blocks as scripts: expressions replaced by a word of the same length, each character with its place in the file.

mod body;
mod shell;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::report::Source;
use crate::rules::workflow::yaml::Node;
use crate::rules::workflow::{File, Job, Step};

use body::{body, expression};
use shell::shell;

pub use shell::Shell;

/// A script that a step runs.
#[derive(Debug)]
pub struct Script {
    /// What it is for.
    pub shell: Shell,
    /// Its text, after a line with what the runner sets.
    pub text: Source,
    /// For each byte of the text the byte of the file.
    places: Vec<usize>,
    /// What stands for expressions.
    holes: Vec<Range<usize>>,
}

impl Script {
    /// The scripts of a workflow or an action.
    pub fn all(file: &File) -> Vec<Self> {
        let mut scripts = Vec::new();
        let mut read = |job: Option<&Job<'_>>, steps: Vec<Step<'_>>| {
            for step in steps {
                let run = step.run();
                scripts.extend(run.and_then(|run| Self::of(file, job, &step, run)));
            }
        };
        match file.workflow() {
            Some(workflow) => {
                for job in workflow.jobs() {
                    read(Some(&job), job.steps());
                }
            }
            None => read(None, file.steps()),
        }
        scripts
    }

    fn of(file: &File, job: Option<&Job<'_>>, step: &Step<'_>, run: &Node) -> Option<Self> {
        let (shell, options) = shell(file, job, step)?;
        let prelude = format!("set {options}\n");
        let (body, from) = body(run, &file.source.text)?;
        let mut script = Self {
            shell,
            places: vec![run.span.start; prelude.len()],
            text: Source::new("", prelude),
            holes: Vec::new(),
        };
        let mut rest = 0;
        while let Some(hole) = expression(&body, rest) {
            script.push(&body[rest..hole.start], &from[rest..hole.start]);
            let start = script.text.text.len();
            script.fill(&body[hole.clone()], &from[hole.clone()]);
            script.holes.push(start..script.text.text.len());
            rest = hole.end;
        }
        script.push(&body[rest..], &from[rest..]);
        Some(script)
    }

    /// The bytes of the file at these places, both from 1, of the script; and whether an expression is among them.
    pub fn span(&self, from: (usize, usize), to: (usize, usize)) -> (Range<usize>, bool) {
        let begin = self.text.offset(from.0, from.1);
        let end = self.text.offset(to.0, to.1).max(begin);
        let place = |at: usize| {
            let last = self.places.last().map_or(0, |last| last + 1);
            self.places.get(at).copied().unwrap_or(last)
        };
        let start = place(begin);
        // The end is behind a character, and not where the next begins.
        let stop = if end > begin {
            place(end - 1) + 1
        } else {
            start
        };
        let touches = |hole: &Range<usize>| hole.start < end.max(begin + 1) && begin < hole.end;
        (start..stop.max(start), self.holes.iter().any(touches))
    }

    fn push(&mut self, text: &str, places: &[usize]) {
        self.text.text.push_str(text);
        self.places.extend_from_slice(places);
    }

    /// A word in the place of an expression, which goes on behind the end of a line.
    fn fill(&mut self, expression: &str, places: &[usize]) {
        let mut letters = expression.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let goes_on = letters.peek().is_some_and(|(_, next)| *next == '\n');
            let shown = match letter {
                '\n' => '\n',
                _ if goes_on => '\\',
                _ => '_',
            };
            self.text.text.push(shown);
            self.places.extend(places.get(at).copied());
        }
    }
}
