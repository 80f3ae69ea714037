//! An image gets two tags: its commit, and `latest-dev`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Rule;
use super::model::shell::Script;
use super::model::yaml::Node;
use super::model::{File, Model, Step, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D9-image-tag",
    summary: "an image that a deploying workflow gives other tags than the commit and `latest-dev`",
    why: "Tags such as `latest` or `v1` move without a record of what was there: nobody can tell what ran, and a rollback \
          finds nothing to go back to.",
    example: "with:\n  push: true\n  tags: ghcr.io/your-org/orders:latest",
    remedy: "Push by digest, and let `idp-deploy publish` give the tags; or tag `${{ github.sha }}` and `latest-dev`.",
    check,
};

/// `docker tag`, `docker push` and the like, with a tag behind an image's name.
static TAGGING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)(docker\s+(image\s+)?(tag|push)|(docker|podman)\s+(buildx\s+)?build\b[^\n]*?(-t|--tag)|crane\s+(tag|copy|cp)|skopeo\s+copy|regctl\s+image\s+copy|buildx\s+imagetools\s+create[^\n]*?(-t|--tag))[=\s][^\n;&|]*?[\w"'}]:(?P<tag>[A-Za-z0-9_][\w.-]*|\$\{\{[^}]*\}\}|"?\$\{?\w+\}?"?)["']?\s*(\n|$|;|&|\||\.)"#,
    )
    .ok()
});

/// Commands that take the image and its new tag as two words.
static RETAGGING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(crane|oras)\s+tag\s+\S+\s+"?(?P<tag>[A-Za-z0-9_$][\w.{}-]*)"#).ok()
});

fn check(model: &Model, report: &mut Report) {
    for deployment in model.deployments() {
        let workflow = deployment.workflow;
        for job in workflow.jobs() {
            for step in job.steps() {
                for (file, span, tag) in tags(model, workflow, &step) {
                    let message = format!("the image gets the tag `{tag}`");
                    let help = "tag `${{ github.sha }}` and `latest-dev`, and nothing else";
                    report.error(RULE.id, &file.source, span, message, help);
                }
            }
        }
    }
}

type Tag<'a> = (&'a File, Range<usize>, String);

fn tags<'a>(model: &'a Model, workflow: Workflow<'a>, step: &Step<'a>) -> Vec<Tag<'a>> {
    let mut found = of_step(workflow.file, step);
    if let Some(action) = model.action(workflow.file, step) {
        for inner in action.steps() {
            found.extend(of_step(action, &inner));
        }
    }
    found
}

fn of_step<'a>(file: &'a File, step: &Step<'a>) -> Vec<Tag<'a>> {
    let mut found = Vec::new();
    let builds = [
        "docker/build-push-action",
        "depot/build-push-action",
        "docker/bake-action",
    ];
    if builds.iter().any(|action| step.uses_action(action))
        && let Some(node) = step.with("tags")
    {
        for (span, line) in words(file, node) {
            let tag = line.rsplit_once('/').map_or(line, |(_, last)| last);
            let tag = after_colon(tag, line);
            if !allowed(tag) {
                // The tag alone, where one is written.
                let written = line.ends_with(tag);
                let start = if written {
                    span.end - tag.len()
                } else {
                    span.start
                };
                found.push((file, start..span.end, tag.to_owned()));
            }
        }
    }
    if step.uses_action("docker/metadata-action")
        && let Some(node) = step.with("tags")
    {
        for (span, line) in words(file, node) {
            if !metadata_allowed(line) {
                found.push((file, span, line.to_owned()));
            }
        }
    }
    let Some(script) = step
        .run()
        .and_then(|run| Script::of(run, &file.source.text))
    else {
        return found;
    };
    let patterns = [TAGGING.as_ref(), RETAGGING.as_ref()];
    for pattern in patterns.into_iter().flatten() {
        for captures in pattern.captures_iter(&script.done) {
            if let Some(tag) = captures
                .name("tag")
                .filter(|tag| !allowed(tag.as_str()) && !tag.as_str().contains('$'))
            {
                let span = script.span(tag.range());
                found.push((file, span, tag.as_str().to_owned()));
            }
        }
    }
    found
}

/// What stands behind the last colon that is none of a port or an expression.
fn after_colon<'t>(last: &'t str, line: &'t str) -> &'t str {
    if let Some(at) = line.rfind(":${{") {
        return &line[at + 1..];
    }
    last.rsplit_once(':').map_or("latest", |(_, tag)| tag)
}

fn allowed(tag: &str) -> bool {
    let plain: String = tag.split_whitespace().collect();
    matches!(
        plain.trim_matches('"'),
        "${{github.sha}}" | "latest-dev" | "$GITHUB_SHA" | "${GITHUB_SHA}"
    ) || (plain.starts_with("${{steps.") && plain.ends_with("}}"))
        || (plain.len() == 40 && plain.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn metadata_allowed(line: &str) -> bool {
    let parts: Vec<&str> = line.split(',').map(str::trim).collect();
    let value = parts.iter().find_map(|part| part.strip_prefix("value="));
    match parts.first() {
        Some(&"type=sha") => {
            parts.contains(&"format=long")
                && parts
                    .iter()
                    .any(|part| *part == "prefix=" || *part == "prefix=''")
        }
        Some(&"type=raw") => value.is_some_and(allowed),
        Some(first) => allowed(first),
        None => true,
    }
}

/// The tags of a list that is written as lines or with commas, each with its place.
fn words<'a>(file: &'a File, node: &Node) -> Vec<(Range<usize>, &'a str)> {
    let text = file.source.text.get(node.span.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut at = 0;
    for whole in text.split_inclusive(['\n', ',']) {
        let line = whole.trim_end_matches(',');
        let trimmed = line.trim().trim_matches(['"', '\'']);
        let start = node.span.start + at + line.find(trimmed).unwrap_or(0);
        // A whole expression, as that of metadata-action, is judged where it comes from.
        let computed = trimmed.starts_with("${{ steps.")
            || trimmed.starts_with("${{ needs.")
            || trimmed.starts_with("${{ env.");
        let alone = computed && trimmed.ends_with("}}") && !trimmed.contains("}}:");
        let nothing = trimmed.is_empty() || trimmed.starts_with(['|', '>', '#']);
        if !nothing && !alone {
            found.push((start..start + trimmed.len(), trimmed));
        }
        at += whole.len();
    }
    found
}
