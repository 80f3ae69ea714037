//! Built once, before the first stage.

use std::sync::LazyLock;

use regex::Regex;

use super::Rule;
use super::model::{File, Model, Step};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D7-build-in-stage",
    summary: "a stage or rollback that builds",
    why: "What runs in production is then not what dev and staging have seen, but something made from the same sources on \
          another day.",
    example: "prod:\n  steps:\n    - run: docker build --tag \"$IMAGE\" .",
    remedy: "Build in a job before the first stage, and hand the digest on: `needs.image.outputs.digest`.",
    check,
};

/// Commands that make an artefact.
static BUILD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(
            (docker|podman|nerdctl)\s+(image\s+)?(buildx\s+)?(build|bake)\b
          | (docker[\s-]compose|podman-compose)\s+[^\n;&|]*?(\bbuild\b|--build\b)
          | buildah\s+(bud|build)\b | kaniko | buildctl\s+build\b | skaffold\s+(run|build|dev)\b | pack\s+build\b | ko\s+(build|publish)\b
          | (cargo|cross)\s+(\+\S+\s+)?(auditable\s+)?build\b | go\s+build\b | dotnet\s+publish\b
          | (npm|pnpm|yarn|bun)\s+(run\s+)?build\b | mvn\s+[^\n;&|]*\b(package|install|deploy)\b
          | (\./)?gradlew?\s+[^\n;&|]*\b(build|assemble|bootJar|bootBuildImage|jib)\b
        )",
    )
    .ok()
});

/// Actions that do.
const ACTIONS: &[&str] = &[
    "docker/build-push-action",
    "docker/bake-action",
    "redhat-actions/buildah-build",
    "depot/build-push-action",
];

/// How deep actions use each other.
const MAX_DEPTH: usize = 10;

fn check(model: &Model, report: &mut Report) {
    for deployment in model
        .workflows()
        .filter_map(|workflow| workflow.deployment())
    {
        for job in deployment.own_jobs() {
            for step in job.steps() {
                let file = deployment.workflow.file;
                let Some(what) = builds(model, file, &step, 0) else {
                    continue;
                };
                let node = step.run().or_else(|| step.node.get("uses"));
                let span = node.map_or(step.node.span.clone(), |node| {
                    place(file, node.span.clone(), &what)
                });
                let message = format!("`{}` builds: {what}", job.id.text);
                let help = "build in a job before the first stage, and deploy its digest";
                report.error(RULE.id, &file.source, span, message, help);
            }
        }
    }
}

/// The words themselves, where the step is a command.
fn place(file: &File, span: std::ops::Range<usize>, what: &str) -> std::ops::Range<usize> {
    let text = file.source.text.get(span.clone()).unwrap_or_default();
    let what = what.trim_matches('`');
    match text.find(what) {
        Some(at) => span.start + at..span.start + at + what.len(),
        None => span,
    }
}

/// What in a step builds.
fn builds(model: &Model, file: &File, step: &Step<'_>, depth: usize) -> Option<String> {
    if let Some(text) = step.run().and_then(|run| run.text()) {
        let found = BUILD.as_ref()?.find(text)?;
        return Some(format!("`{}`", found.as_str().trim()));
    }
    if let Some(action) = ACTIONS.iter().find(|action| step.uses_action(action)) {
        return Some(format!("`{action}`"));
    }
    let action = model.action(file, step).filter(|_| depth < MAX_DEPTH)?;
    let inner = action
        .steps()
        .iter()
        .find_map(|inner| builds(model, action, inner, depth + 1))?;
    Some(format!("{inner} in {}", action.shown()))
}
