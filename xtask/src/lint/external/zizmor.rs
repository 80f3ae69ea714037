//! zizmor: what an attacker could make of workflows and actions. Offline: what the network knows changes from day to day.

use std::ops::Range;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Program;
use super::output::{json, run};
use super::subject::{Found, Judged, Subject};
use crate::report::Severity;

pub(super) const PROGRAM: Program = Program {
    name: "zizmor",
    version: &["zizmor", "--version"],
    // The oldest that this was tried with.
    floor: (1, 16, 3),
    get: "`pipx install zizmor`, or https://docs.zizmor.sh/installation",
    more: |rule| format!("https://docs.zizmor.sh/audits/#{rule}"),
    wanted: |subject| !subject.github().is_empty(),
    run: |subject| {
        let folder = &subject.folder()?;
        let mut args: Vec<String> = ["--offline", "--no-progress", "--format", "json"]
            .map(str::to_owned)
            .into();
        args.extend(inputs(subject));
        // From 11 on by the worst of what was found; 1 where bytes are no text, and 3 where it could read none of them.
        let output = run(folder, "zizmor", &args, &[0, 1, 3, 11, 12, 13, 14])?;
        let mut found = unread(&output.stderr, subject);
        if matches!(output.code, 1 | 3) {
            let said = output.stderr.lines().find(|line| line.contains("fatal"));
            let said = said.unwrap_or("it found nothing to read");
            anyhow::ensure!(!found.is_empty(), "{said}");
            return Ok(found);
        }
        found.extend(read(&output.stdout, |path| subject.named(folder, path))?);
        Ok(found)
    },
};

/// The folder that has its configuration, and actions that lie elsewhere.
fn inputs(subject: &Subject) -> Vec<String> {
    let mut inputs = Vec::new();
    for tree in subject.github() {
        let folder = tree.folder.join(".github");
        if folder.is_dir() {
            inputs.push(folder.display().to_string());
        }
        let elsewhere = subject.files[tree.files.clone()]
            .iter()
            .filter(|file| file.parsed.is_some() && !file.path.starts_with(".github/"));
        inputs.extend(elsewhere.map(|file| file.at.display().to_string()));
    }
    inputs
}

/// Files that it did not understand, which it only mentions.
fn unread(stderr: &str, subject: &Subject) -> Vec<Found> {
    let mut found = Vec::new();
    for line in stderr.lines() {
        let Some((_, text)) = line.split_once("failed to ") else {
            continue;
        };
        let said = text.split_once(": ").map_or(text, |(_, reason)| reason);
        let named = |file: &Judged| text.contains(file.at.to_string_lossy().as_ref());
        let lame = |file: &Judged| file.parsed.as_ref().is_some_and(|f| f.root.is_none());
        // One without a path is about a file that is no YAML.
        let all = || subject.once(|file| file.parsed.is_some());
        let about = all()
            .find(|(_, file)| named(file))
            .or_else(|| all().find(|(_, file)| lame(file)))
            .or_else(|| all().next());
        let Some((index, _)) = about else { continue };
        found.push(Found {
            file: index,
            span: 0..0,
            rule: "zizmor/unread".into(),
            severity: Severity::Error,
            message: format!("zizmor can't read a file: {said}"),
            help: "mend the workflow or action; until then zizmor does not see it".into(),
        });
    }
    found
}

/// Its answer; `file` finds what it names.
pub(super) fn read(text: &str, file: impl Fn(&str) -> Result<usize>) -> Result<Vec<Found>> {
    let findings: Vec<Value> = json(text)?;
    let mut found = Vec::new();
    for finding in findings.iter().filter(|f| f["ignored"] != true) {
        let place = place(finding).context("a finding of its has no place")?;
        let rule = finding["ident"].as_str();
        let rule = rule.context("a finding of its has no name")?;
        let (path, span, annotation) = place;
        let said = finding["desc"].as_str().unwrap_or_default();
        found.push(Found {
            file: file(path)?,
            span,
            rule: format!("zizmor/{rule}"),
            severity: match finding["determinations"]["severity"].as_str() {
                Some("Informational" | "Unknown") => Severity::Warning,
                _ => Severity::Error,
            },
            message: match annotation {
                "" => said.to_owned(),
                more => format!("{said}: {more}"),
            },
            help: format!("see {}", (PROGRAM.more)(rule)),
        });
    }
    Ok(found)
}

/// Path, bytes and words of the place that a finding is mainly about.
fn place(finding: &Value) -> Option<(&str, Range<usize>, &str)> {
    let locations = finding["locations"].as_array()?;
    let main = locations
        .iter()
        .find(|place| place["symbolic"]["kind"] == "Primary")
        .or_else(|| locations.first())?;
    let local = &main["symbolic"]["key"]["Local"];
    // Up to 1.22 at least it is called otherwise.
    let path = local["verbatim_path"]
        .as_str()
        .or_else(|| local["given_path"].as_str())?;
    let span = &main["concrete"]["location"]["offset_span"];
    let byte = |name: &str| usize::try_from(span[name].as_u64()?).ok();
    let span = byte("start")?..byte("end")?;
    let words = main["symbolic"]["annotation"].as_str().unwrap_or_default();
    Some((path, span, words))
}
