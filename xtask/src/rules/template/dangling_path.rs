//! Paths that the pages of a service name.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Rule;
use super::model::text::joined;
use super::model::{Model, Run, Template, literal};
use crate::report::{Report, nearest};

/// The rule.
pub const RULE: Rule = Rule {
    id: "dangling-path",
    summary: "a page that links to a file which some service does not have, or names one in backticks that only other options bring, or that is misspelt",
    why: "A README is where a developer starts. What it sends them to has to be there, whatever they have picked.",
    example: "See `migrations/README.md`. <!-- with `database=none`, where there is none -->",
    remedy: "Name a file that is there, or put the sentence under the option that brings it.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        // What is only in a combination that was not played is not known.
        if !template.rehearsal.is_complete {
            continue;
        }
        let every = template.rehearsal.paths();
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            for page in run
                .files
                .keys()
                .filter(|path| path.strip_suffix(".md").is_some())
            {
                check_page(model, (template, run), (page, &every), &mut told, report);
            }
        }
    }
}

fn check_page(
    model: &Model,
    (template, run): (&Template, &Run),
    (page, every): (&str, &BTreeSet<&str>),
    told: &mut BTreeSet<(String, String)>,
    report: &mut Report,
) {
    let Some(file) = model.rendered(template, run, page) else {
        return;
    };
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    for (span, is_link) in words(&file.text) {
        let word = &file.text[span.clone()];
        let candidates = [joined("", word), joined(folder, word)];
        let candidates = &candidates[usize::from(is_link)..];
        let candidates: Vec<String> = candidates.iter().flatten().cloned().collect();
        let is_there =
            |path: &String| path.is_empty() || run.files.keys().any(|file| literal(path, file));
        if candidates.is_empty() || candidates.iter().any(is_there) {
            continue;
        }
        let elsewhere = candidates
            .iter()
            .any(|path| every.iter().any(|file| literal(path, file)));
        let near = candidates.iter().find_map(|path| misspelt(path, every));
        // In backticks may stand what a developer is to make.
        if !is_link && !elsewhere && near.is_none() {
            continue;
        }
        if told.insert((page.to_owned(), word.to_owned())) {
            let message = if elsewhere {
                format!("there is no `{word}`, with `{}`", run.case)
            } else {
                format!("no service has `{word}`")
            };
            let help = match near.filter(|_| !elsewhere) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "put the sentence under the option that brings it, or name a file that is there"
                        .to_owned()
                }
            };
            report.error(RULE.id, file.source, file.place(&span), message, help);
        }
    }
}

/// A file in the same folder whose name is nearly that of `path`.
fn misspelt<'p>(path: &str, every: &BTreeSet<&'p str>) -> Option<&'p str> {
    let split = |path: &str| {
        path.rsplit_once('/')
            .map(|(folder, name)| (folder.to_owned(), name.to_owned()))
    };
    let (folder, name) = split(path)?;
    let stem = |name: &str| name.split('.').next().map(str::to_owned);
    // Short names are near to each other by chance.
    if stem(&name)?.len() < 4 {
        return None;
    }
    let beside = every.iter().copied().filter(|other| {
        split(other).is_some_and(|(there, other)| {
            there == folder
                && other.rsplit('.').next() == name.rsplit('.').next()
                && sorted(&other) == sorted(&name)
        })
    });
    nearest(path, beside)
}

/// The letters of a name, each once and in order: of a name whose letters were mixed up or doubled the same.
fn sorted(name: &str) -> BTreeSet<char> {
    name.chars().collect()
}

/// Where a page names paths, outside of fenced code: targets of links, and words with a slash in backticks.
fn words(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_fenced = false;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            spans(line, start, &mut found);
        }
        start += line.len();
    }
    found
}

fn spans(line: &str, start: usize, found: &mut Vec<(Range<usize>, bool)>) {
    let mut at = 0;
    for (number, piece) in line.split('`').enumerate() {
        if number % 2 == 1 {
            let is_path = piece.contains('/') && !piece.starts_with('/') && is_plain(piece);
            if is_path {
                found.push((start + at..start + at + piece.len(), false));
            }
        } else {
            for (open, _) in piece.match_indices("](") {
                let from = open + 2;
                let Some(length) = piece[from..].find(')') else {
                    continue;
                };
                let target = piece[from..from + length]
                    .split(['#', '?'])
                    .next()
                    .unwrap_or_default();
                if !target.is_empty() && !target.starts_with('/') && is_plain(target) {
                    found.push((start + at + from..start + at + from + target.len(), true));
                }
            }
        }
        at += piece.len() + 1;
    }
}

/// Whether it is a path as it stands, with nothing in it that stands for something else.
fn is_plain(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
        && !word.contains("...")
}
