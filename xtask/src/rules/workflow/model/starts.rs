//! Files of its own repository that a step or an action starts, by their paths there.
//!
//! Only what can be told from the text: a script that a build makes, a step downloads, or a `cd` leads to is nobody's here.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Model;
use super::file::{File, FileKind};
use super::uses::Uses;
use super::views::{Job, Step};
use super::yaml::Node;

/// A file that is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Its path in the repository.
    pub path: String,
    /// Where it is named.
    pub span: Range<usize>,
    /// Whether it is run as a program, and not handed to one.
    pub is_program: bool,
}

/// A script by its path from the action's folder.
static IN_ACTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let folder =
        r"(?:\$GITHUB_ACTION_PATH|\$\{GITHUB_ACTION_PATH\}|\$\{\{\s*github\.action_path\s*\}\})";
    let script = r"[A-Za-z0-9_][A-Za-z0-9_./-]*\.(?:sh|bash|py|js|mjs|cjs|rb|pl|ps1)|\.\./[A-Za-z0-9_./-]*\.(?:sh|bash|py|js|mjs|cjs|rb|pl|ps1)";
    Regex::new(&format!(
        r#"(?m)(?P<before>^\s*|^.*?)["']?{folder}["']?/(?P<path>{script})(?P<after>.?)"#
    ))
    .ok()
});

/// A script by its path from the checkout, at the beginning of a command.
static IN_CHECKOUT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let with = r"(?:bash|sh|python3?|node|ruby|pwsh)\s+(?:-[A-Za-z]+\s+)*";
    Regex::new(&format!(
        r"(?m)(?:^\s*|&&\s*|;\s*)(?P<with>{with})?(?P<path>(?:\./)?\.?[A-Za-z0-9_][A-Za-z0-9_./-]*\.(?:sh|bash|py|rb|pl|ps1))(?P<after>.?)"
    ))
    .ok()
});

impl Model {
    /// What a file starts of its own repository.
    pub fn starts(&self, file: &File) -> Vec<Start> {
        match file.workflow() {
            None if file.kind == FileKind::Action => file.of_action(),
            // What others call works in the checkout of whoever calls it.
            Some(workflow) if !file.is_called() || !self.is_used_from_outside(file) => {
                let jobs = workflow.jobs();
                let jobs = jobs.iter();
                jobs.flat_map(|job| file.of_job(job)).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl File {
    fn of_action(&self) -> Vec<Start> {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut found = Vec::new();
        for run in self.steps().iter().filter_map(Step::run) {
            let text = run.text().unwrap_or_default();
            // The pattern costs more than this.
            if !text.contains("ACTION_PATH") && !text.contains("action_path") {
                continue;
            }
            let pattern = IN_ACTION.iter();
            for captures in pattern.flat_map(|pattern| pattern.captures_iter(text)) {
                let before = captures.name("before").map_or("", |found| found.as_str());
                // What a command writes there is not there before.
                let is_made = before.trim_end().ends_with(['>', '=']) || before.ends_with("-o ");
                let path = word(&captures).filter(|_| !is_made);
                let Some(path) = path else { continue };
                found.extend(joined(folder, path).map(|full| Start {
                    path: full,
                    span: self.place(run, path),
                    is_program: before.trim().is_empty(),
                }));
            }
        }
        let runs = self.root.as_ref().and_then(|root| root.get("runs"));
        for key in ["main", "pre", "post", "image", "entrypoint"] {
            let Some(node) = runs.and_then(|runs| runs.get(key)) else {
                continue;
            };
            let path = node.plain().filter(|path| !path.contains("://"));
            // The entry point of an image is a path in the image, where it begins with a slash.
            let path = path.filter(|path| !path.starts_with('/') && key != "entrypoint");
            found.extend(
                path.and_then(|path| joined(folder, path))
                    .map(|path| Start {
                        path,
                        span: node.span.clone(),
                        is_program: false,
                    }),
            );
        }
        found
    }

    fn of_job(&self, job: &Job<'_>) -> Vec<Start> {
        let moved = |node: Option<&Node>| {
            node.is_some_and(|node| node.at(&["defaults", "run", "working-directory"]).is_some())
        };
        if moved(self.root.as_ref()) || moved(Some(job.node)) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let (mut is_there, mut made) = (false, String::new());
        for step in job.steps() {
            if step.uses_action("actions/checkout") {
                let other = ["repository", "path", "ref", "sparse-checkout"];
                is_there = other.iter().all(|input| step.with(input).is_none());
            } else if let Some((_, uses)) = step.uses() {
                // An artefact, a cache, or what an action of one's own leaves may be anything.
                is_there &= matches!(uses, Uses::Remote { .. }) && !brings(&step);
            }
            let Some(run) = step.run() else { continue };
            let text = run.text().unwrap_or_default();
            is_there &= !unpacks(text);
            if is_there && step.node.get("working-directory").is_none() && !moves(text) {
                self.of_script(run, text, &made, &mut found);
            }
            made.extend(text.lines().filter(|line| makes(line)));
        }
        found
    }

    /// What the script `text` starts, but for what lines before it have made.
    fn of_script(&self, run: &Node, text: &str, made: &str, found: &mut Vec<Start>) {
        let pattern = IN_CHECKOUT.iter();
        for captures in pattern.flat_map(|pattern| pattern.captures_iter(text)) {
            let Some(path) = word(&captures) else {
                continue;
            };
            let with = captures.name("with").is_some();
            let name = path.rsplit('/').next().unwrap_or(path);
            let start = captures.get(0).map_or(0, |found| found.start());
            let mut earlier = text[..start].lines().filter(|line| makes(line));
            let is_made = made.contains(name) || earlier.any(|line| line.contains(name));
            // A bare word is a program on PATH.
            if is_made || !(with || path.contains('/')) {
                continue;
            }
            found.extend(joined("", path).map(|full| Start {
                path: full,
                span: self.place(run, path),
                is_program: !with,
            }));
        }
    }

    /// Where a word of a script stands.
    fn place(&self, run: &Node, word: &str) -> Range<usize> {
        let written = self.source.text.get(run.span.clone()).unwrap_or_default();
        match written.find(word) {
            Some(at) => run.span.start + at..run.span.start + at + word.len(),
            None => run.span.clone(),
        }
    }
}

/// The path of a match, unless more follows that belongs to it.
fn word<'t>(captures: &Captures<'t>) -> Option<&'t str> {
    let after = captures.name("after").map_or("", |after| after.as_str());
    let ends = |c: char| c.is_whitespace() || "\"'`;|&)<>".contains(c);
    after
        .chars()
        .all(ends)
        .then(|| captures.name("path").map(|path| path.as_str()))?
}

/// Whether a step brings files that the repository does not have.
fn brings(step: &Step<'_>) -> bool {
    ["actions/download-artifact", "actions/cache"]
        .iter()
        .any(|name| step.uses_action(name))
}

/// Whether a script goes somewhere else.
fn moves(text: &str) -> bool {
    words(text).any(|word| matches!(word, "cd" | "pushd"))
}

/// Whether a script brings files whose names it does not say.
fn unpacks(text: &str) -> bool {
    words(text).any(|word| {
        matches!(
            word,
            "tar" | "unzip" | "7z" | "clone" | "submodule" | "download"
        )
    })
}

/// Whether a line of a script may make the files that it names.
fn makes(line: &str) -> bool {
    const MAKERS: [&str; 8] = ["curl", "wget", "tee", "cp", "mv", "ln", "install", "make"];
    line.contains('>') || words(line).any(|word| MAKERS.contains(&word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || ";&|()".contains(c))
}

/// `path` from `folder`, without dots; nothing where it leads out of the repository.
pub fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
