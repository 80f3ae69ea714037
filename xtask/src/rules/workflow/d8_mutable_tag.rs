//! What is deployed is named by its digest.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Rule;
use super::model::deployment::{Deployment, ENVIRONMENTS};
use super::model::shell::Script;
use super::model::yaml::Node;
use super::model::{Job, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D8-mutable-tag",
    summary: "a stage or rollback that deploys an image by a tag that moves, or without a digest",
    why: "The tag may have moved since the stage before looked at it: production runs what nobody has tried.",
    example: "prod:\n  steps:\n    - run: kubectl set image deployment/app app=ghcr.io/your-org/app:latest",
    remedy: "Deploy `IMAGE@DIGEST`, with the digest from the job that built it.",
    check,
};

/// Tags that move, behind an image's name.
static TAGGED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)[\w"'}/]:(
            (latest(-[\w.]+)?|dev|develop|staging|prod|production|main|master|trunk|stable|edge|nightly|next|current|newest)(["'\s,;@)]|$)
          | \$\{\{\s*github\.(ref_name|head_ref|ref|base_ref)\b[^}]*\}\}
        )"#,
    )
    .ok()
});

/// The same tags as an option or a value of their own.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)(--(image-)?tag|\btag|image\.tag|--version|TAG)[=\s:]+["']?(latest(-[\w.]+)?|main|master|stable|edge|nightly)(["'\s,;]|$)"#,
    )
    .ok()
});

fn check(model: &Model, report: &mut Report) {
    for deployment in model.deployments() {
        let source = &deployment.workflow.file.source;
        for job in deployment.own_jobs() {
            let scripts = job.steps().into_iter().filter_map(|step| step.run());
            let scripts = scripts
                .filter_map(|run| Script::of(run, &source.text))
                .filter_map(|script| {
                    let (range, tag) = tagged(&script.done)?;
                    Some((script.span(range), tag))
                });
            let values = texts(&job).into_iter();
            let values = values.filter_map(|(node, name)| moving(&source.text, node, name));
            for (span, tag) in scripts.chain(values) {
                let message = format!("`{}` deploys by `{tag}`, which moves", job.id.text);
                let help = "deploy `IMAGE@DIGEST`, with `needs.image.outputs.digest`";
                report.error(RULE.id, source, span, message, help);
            }
        }
        undigested(&deployment, report);
    }
}

/// Every value in a job that may name an image, and by which name.
fn texts<'a>(job: &Job<'a>) -> Vec<(&'a Node, &'a str)> {
    let mut all = Vec::new();
    let env = |node: Option<&'a Node>| -> Vec<(&'a Node, &'a str)> {
        let entries = node.map_or(&[][..], Node::entries);
        entries
            .iter()
            .map(|entry| (&entry.value, entry.key.text.as_str()))
            .collect()
    };
    all.extend(env(job.node.get("env")));
    for step in job.steps() {
        all.extend(env(step.node.get("env")));
        all.extend(env(step.node.get("with")));
    }
    all
}

fn moving(text: &str, node: &Node, name: &str) -> Option<(Range<usize>, String)> {
    let raw = text.get(node.span.clone())?;
    if let Some((range, tag)) = tagged(raw) {
        let start = node.span.start;
        return Some((start + range.start..start + range.end, tag));
    }
    let tag = name.to_ascii_lowercase();
    let is_tag = tag == "tag" || tag.ends_with("_tag") || tag.ends_with("-tag");
    let moves = [
        "latest",
        "latest-dev",
        "main",
        "master",
        "stable",
        "edge",
        "nightly",
    ];
    let value = node.text()?.trim();
    (is_tag && moves.contains(&value)).then(|| (node.span.clone(), value.to_owned()))
}

/// The first tag that moves.
fn tagged(raw: &str) -> Option<(Range<usize>, String)> {
    for captures in TAGGED.as_ref()?.captures_iter(raw) {
        let Some(found) = captures.get(1) else {
            continue;
        };
        let tag = found
            .as_str()
            .trim_end_matches(['"', '\'', ' ', '\n', ',', ';', ')', '@']);
        let end = found.start() + tag.len();
        // `docker run … debian:stable@sha256:…` says a digest all the same.
        let by_digest = ["@sha256:", "@$"]
            .iter()
            .any(|digest| raw[end..].starts_with(digest));
        if !by_digest {
            return Some((found.start()..end, tag.to_owned()));
        }
    }
    let found = NAMED.as_ref()?.captures(raw)?.get(3)?;
    Some((found.range(), found.as_str().to_owned()))
}

/// The first stage has no record to take the digest from.
fn undigested(deployment: &Deployment<'_>, report: &mut Report) {
    let source = &deployment.workflow.file.source;
    let Some(first) = deployment.stages.iter().min_by_key(|stage| stage.rank) else {
        return;
    };
    for step in first.job.steps() {
        let Some(run) = step.run() else { continue };
        let Some(script) = Script::of(run, &source.text) else {
            continue;
        };
        let Some(at) = script.done.find("idp-deploy promote") else {
            continue;
        };
        if !script.done[at..].contains("--digest") {
            let span = script.span(at..at + "idp-deploy promote".len());
            let message = format!(
                "`{}` is not told the digest that was built",
                ENVIRONMENTS[first.rank]
            );
            report.error(
                RULE.id,
                source,
                span,
                message,
                "add `--digest \"$DIGEST\"`, from `needs.image.outputs.digest`",
            );
        }
    }
}
