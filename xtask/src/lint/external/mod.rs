//! Other tools, where they are: what they find joins the report, under their name and theirs for the rule.
//!
//! A tool that is not there is named; one that breaks, or prints what can't be read, is an error. Never silence.

mod actionlint;
mod available;
mod compose;
mod hadolint;
mod output;
mod script;
mod shellcheck;
mod subject;
#[cfg(test)]
mod tests;
mod zizmor;

use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;

use crate::report::Report;
use available::Standing;
use subject::Found;
pub(super) use subject::Subject;

/// Which other tools are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum External {
    /// Those that are on PATH; the others are named
    Auto,
    /// All; one that is missing is an error
    Require,
    /// None
    Off,
}

/// A tool.
struct Program {
    /// Its name, which its rules begin with.
    name: &'static str,
    /// How it is asked for its version.
    version: &'static [&'static str],
    /// The oldest version that is known to work.
    floor: (u64, u64, u64),
    /// Where it comes from.
    get: &'static str,
    /// Where it says more about a rule of its own.
    more: fn(&str) -> String,
    /// Whether there is anything for it to judge.
    wanted: fn(&Subject) -> bool,
    /// What it finds.
    run: fn(&Subject) -> Result<Vec<Found>>,
}

/// Files that are handed to a tool at once: a command line has an end.
const MANY: usize = 500;

/// Every tool.
const PROGRAMS: &[Program] = &[
    actionlint::PROGRAM,
    zizmor::PROGRAM,
    shellcheck::PROGRAM,
    hadolint::PROGRAM,
    compose::PROGRAM,
];

/// What all tools find; those that can't be asked are in `notes`.
///
/// # Errors
/// When a tool breaks, or is required and not there.
pub(super) fn check(
    subject: &Subject,
    external: External,
    notes: &mut Vec<String>,
) -> Result<Report> {
    let wanted: Vec<&Program> = PROGRAMS.iter().filter(|p| (p.wanted)(subject)).collect();
    let answers: Vec<Result<Answer>> = thread::scope(|scope| {
        let running: Vec<_> = wanted
            .iter()
            .map(|program| scope.spawn(|| program.answer(subject)))
            .collect();
        let joined = running.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .map(|answer| answer.unwrap_or_else(|_| Err(anyhow!("a thread has ended early"))))
            .collect()
    });
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (program, answer) in wanted.iter().zip(answers) {
        match answer? {
            Answer::Found(more) => found.extend(more),
            Answer::Missing(reason) => missing.push((program, reason)),
        }
    }
    if external == External::Require && !missing.is_empty() {
        let lines = missing
            .iter()
            .map(|(program, reason)| format!("{reason}; get it: {}", program.get));
        bail!(
            "`--external require`: {}",
            lines.collect::<Vec<_>>().join("\n  ")
        );
    }
    notes.extend(
        missing
            .into_iter()
            .map(|(program, reason)| format!("{} was not asked: {reason}", program.name)),
    );
    subject.report(found)
}

/// What the tool called `name` finds.
///
/// # Errors
/// When it is not there, is too old, or breaks.
pub(super) fn ask(subject: &Subject, name: &str) -> Result<Report> {
    let program = PROGRAMS.iter().find(|program| program.name == name);
    let program = program.with_context(|| format!("no tool is called `{name}`"))?;
    if !(program.wanted)(subject) {
        return Ok(Report::default());
    }
    match program.answer(subject)? {
        Answer::Found(found) => subject.report(found),
        Answer::Missing(reason) => bail!("{reason}; get it: {}", program.get),
    }
}

/// What is known of a rule that another tool has, such as `shellcheck/SC2086`.
pub fn explain(rule: &str) -> Option<String> {
    let (name, rest) = rule.split_once('/')?;
    let program = PROGRAMS.iter().find(|program| program.name == name)?;
    Some(format!(
        "{rule}: a rule of {name}'s, which `cargo xtask lint` asks where it is on PATH\n\nMore\n    {}\n",
        (program.more)(rest)
    ))
}

enum Answer {
    Found(Vec<Found>),
    Missing(String),
}

impl Program {
    fn answer(&self, subject: &Subject) -> Result<Answer> {
        match available::standing(self)? {
            Standing::Missing(reason) => Ok(Answer::Missing(reason)),
            Standing::Ready => {
                let found = (self.run)(subject);
                Ok(Answer::Found(found.with_context(|| {
                    format!(
                        "`{}` did not do its work; run `lint` with `--external off` to go on without it",
                        self.name
                    )
                })?))
            }
        }
    }
}
