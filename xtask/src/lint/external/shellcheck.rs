//! shellcheck: the `run:` blocks of workflows and actions, and the scripts that lie beside them.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Program;
use super::output::{json, run};
use super::script::{Script, Shell};
use super::subject::{Found, Judged, Subject, write};
use crate::report::Severity;

pub(super) const PROGRAM: Program = Program {
    name: "shellcheck",
    version: &["shellcheck", "--version"],
    // The oldest that this was tried with.
    floor: (0, 7, 2),
    get: "`apt-get install shellcheck`, or https://www.shellcheck.net",
    more: |code| format!("https://www.shellcheck.net/wiki/{code}"),
    wanted: |subject| {
        let scripts = |file: &Judged| is_script(file) || file.parsed.is_some();
        subject.once(scripts).next().is_some()
    },
    run: |subject| {
        let mut found = Vec::new();
        let scripts = scripts(subject)?;
        for (shell, name) in [(Shell::Bash, "bash"), (Shell::Sh, "sh")] {
            let some: Vec<_> = scripts.iter().filter(|s| s.1.shell == shell).collect();
            for some in some.chunks(super::MANY) {
                let paths = some.iter().map(|(path, ..)| path.clone()).collect();
                for comment in ask(subject, Some(name), paths)? {
                    let script = some.iter().find(|(path, ..)| *path == comment.file);
                    let (_, script, file) = script.context("it names a file of its own")?;
                    found.extend(comment.in_script(script, *file));
                }
            }
        }
        let beside: Vec<String> = subject
            .once(is_script)
            .map(|(_, file)| file.at.display().to_string())
            .collect();
        for paths in beside.chunks(super::MANY) {
            for comment in ask(subject, None, paths.to_vec())? {
                let index = subject.named(&subject.folder()?, &comment.file)?;
                let source = &subject.files[index].source;
                let (from, to) = comment.places();
                let span = source.offset(from.0, from.1)..source.offset(to.0, to.1);
                found.push(comment.found(index, span));
            }
        }
        Ok(found)
    },
};

/// What it can't know of a script that is a part of a workflow: files that are not there yet (SC1091), and variables that the
/// step's `env` or a step before sets (SC2153, SC2154).
const UNKNOWABLE: &str = "SC1091,SC2153,SC2154";

/// What it takes a word for that stands for an expression: a constant, or no number.
const CONSTANT: &[u32] = &[
    2043, 2050, 2078, 2152, 2157, 2158, 2159, 2160, 2161, 2170, 2193, 2194, 2242,
];

#[derive(Deserialize)]
struct Answer {
    comments: Vec<Comment>,
}

/// A finding of its.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Comment {
    pub file: String,
    line: usize,
    end_line: usize,
    column: usize,
    end_column: usize,
    level: String,
    code: u32,
    message: String,
}

fn is_script(file: &Judged) -> bool {
    let end = Path::new(&file.path).extension();
    file.path.starts_with(".github/") && end.is_some_and(|end| end == "sh")
}

/// The blocks of all files, each written to a file of its own.
fn scripts(subject: &Subject) -> Result<Vec<(String, Script, usize)>> {
    let folder = subject.folder()?.join("scripts");
    let mut scripts = Vec::new();
    for (index, file) in subject.once(|file| file.parsed.is_some()) {
        for script in file.parsed.iter().flat_map(Script::all) {
            let path = folder.join(format!("{}", scripts.len()));
            write(&path, &script.text.text)?;
            scripts.push((path.display().to_string(), script, index));
        }
    }
    Ok(scripts)
}

fn ask(subject: &Subject, shell: Option<&str>, paths: Vec<String>) -> Result<Vec<Comment>> {
    let mut args = vec!["--norc".into(), "--format=json1".into()];
    args.push(format!("--exclude={UNKNOWABLE}"));
    args.extend(shell.map(|shell| format!("--shell={shell}")));
    args.push("--".into());
    args.extend(paths);
    let output = run(&subject.folder()?, "shellcheck", &args, &[0, 1])?;
    read(&output.stdout)
}

/// Its answer.
pub(super) fn read(text: &str) -> Result<Vec<Comment>> {
    Ok(json::<Answer>(text)?.comments)
}

impl Comment {
    /// What it says of a script in a file; nothing if it is about an expression's stand-in.
    pub(super) fn in_script(self, script: &Script, file: usize) -> Option<Found> {
        let (from, to) = self.places();
        let (span, expression) = script.span(from, to);
        if expression && CONSTANT.contains(&self.code) {
            return None;
        }
        Some(self.found(file, span))
    }

    fn places(&self) -> ((usize, usize), (usize, usize)) {
        ((self.line, self.column), (self.end_line, self.end_column))
    }

    fn found(self, file: usize, span: std::ops::Range<usize>) -> Found {
        let code = format!("SC{}", self.code);
        Found {
            file,
            span: span.start..span.end.max(span.start),
            severity: match self.level.as_str() {
                "style" => Severity::Warning,
                _ => Severity::Error,
            },
            message: lower(&self.message),
            help: format!("see {}", (PROGRAM.more)(&code)),
            rule: format!("shellcheck/{code}"),
        }
    }
}

/// A sentence as messages are written here: without a capital at its beginning and a full stop at its end.
pub(super) fn lower(sentence: &str) -> String {
    let text = sentence.trim().trim_end_matches('.');
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        // Not `SC2086`, and not `I`.
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
