//! Built once, before the first stage.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Rule;
use super::model::shell::Script;
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
    for deployment in model.deployments() {
        for job in deployment.own_jobs() {
            for step in job.steps() {
                let file = deployment.workflow.file;
                let Some((what, place)) = builds(model, file, &step, 0) else {
                    continue;
                };
                let uses = step.node.get("uses");
                let whole = uses.map_or(&step.node.span, |uses| &uses.span);
                let span = place.unwrap_or_else(|| whole.clone());
                let message = format!("`{}` builds: {what}", job.id.text);
                let help = "build in a job before the first stage, and deploy its digest";
                report.error(RULE.id, &file.source, span, message, help);
            }
        }
    }
}

/// What in a step builds, and where, if the step itself does.
fn builds(
    model: &Model,
    file: &File,
    step: &Step<'_>,
    depth: usize,
) -> Option<(String, Option<Range<usize>>)> {
    if let Some(run) = step.run() {
        let script = Script::of(run, &file.source.text)?;
        let found = BUILD.as_ref()?.find(&script.done)?;
        let what = found.as_str().trim();
        let start = found.start() + found.as_str().find(what).unwrap_or(0);
        let span = script.span(start..start + what.len());
        return Some((format!("`{what}`"), Some(span)));
    }
    if let Some(action) = ACTIONS.iter().find(|action| step.uses_action(action)) {
        return Some((format!("`{action}`"), None));
    }
    let action = model.action(file, step).filter(|_| depth < MAX_DEPTH)?;
    let (inner, _) = action
        .steps()
        .iter()
        .find_map(|inner| builds(model, action, inner, depth + 1))?;
    Some((format!("{inner} in {}", action.shown()), None))
}
