//! Jobs that call the release driver, and that no step before has given it to.

use super::Rule;
use super::model::driver::DRIVER;
use super::model::shell::Script;
use super::model::{File, FileKind, Job, Model, Step, Uses, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D15-missing-driver",
    summary: "a job that runs `idp-deploy` without a step before that puts it on PATH",
    why: "The step ends with `idp-deploy: command not found`, in the middle of a deployment, and logged in to no registry.",
    example: "steps:\n  - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
    remedy: "Put a step with the pack's action `.github/actions/idp-deploy` before it.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some(platform) = &model.platform else {
        return;
    };
    // Without such an action, the driver comes from where nobody here knows.
    let Some(action) = model.files.iter().find(|file| installs(file)) else {
        return;
    };
    let folder = action
        .path
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            // A machine of one's own, and an image, may have it.
            if !job.is_hosted() || job.node.get("container").is_some() {
                continue;
            }
            let Some(span) = lacks(model, workflow, &job) else {
                continue;
            };
            let (org, repo, reference) = (&platform.org, &platform.repo, &platform.reference);
            let help = format!(
                "put `- uses: {org}/{repo}/{folder}@{reference} # platform.toml: org/repo@ref` before it"
            );
            let message = format!("no step before puts `{DRIVER}` on PATH");
            report.error(RULE.id, &workflow.file.source, span, message, help);
        }
    }
}

/// Whether an action is the one that installs the driver, by its folder.
fn installs(file: &File) -> bool {
    let mut folders = file.path.rsplit('/').skip(1);
    file.tree == 0 && file.kind == FileKind::Action && folders.next() == Some(DRIVER)
}

/// Where a job calls the driver without having it.
fn lacks(model: &Model, workflow: Workflow<'_>, job: &Job<'_>) -> Option<std::ops::Range<usize>> {
    for step in job.steps() {
        if may_bring(model, workflow, &step) {
            return None;
        }
        let Some(run) = step.run() else { continue };
        let Some(script) = Script::of(run, &workflow.file.source.text) else {
            continue;
        };
        for command in &script.commands {
            let words = command.call();
            let is_call = words.first().is_some_and(|word| word.text == DRIVER);
            if is_call {
                return Some(script.span(words[0].span.clone()));
            }
        }
    }
    None
}

/// Whether a step may put the driver on PATH.
fn may_bring(model: &Model, workflow: Workflow<'_>, step: &Step<'_>) -> bool {
    if let Some(run) = step.run().and_then(|run| run.text()) {
        return ["GITHUB_PATH", "PATH=", "install", "alias ", "() {"]
            .iter()
            .any(|word| run.contains(word));
    }
    match step.uses() {
        Some((_, Uses::Docker(_))) | None => false,
        Some(_) => match model.action(workflow.file, step) {
            Some(action) => action.source.text.contains("GITHUB_PATH"),
            None => {
                !step.uploads_nothing()
                    && !step.uses_action("docker/build-push-action")
                    && !step.uses_action("actions/upload-artifact")
            }
        },
    }
}
