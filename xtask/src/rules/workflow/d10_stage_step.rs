//! The step that deploys is there, always runs, and fails its job when it fails.

use super::Rule;
use super::model::conditions::{Run, Scenario};
use super::model::deployment::Deployment;
use super::model::driver::acts;
use super::model::expr::Truth;
use super::model::shell::Script;
use super::model::{Job, Model, Step, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D10-stage-step",
    summary: "a stage or rollback without the step that deploys, or with one that may be skipped, or whose failure the job \
              does not notice, as with `|| true` or `&`",
    why: "The stage passes and has deployed nothing: the next one runs, and no rollback does.",
    example: "prod:\n  steps:\n    - run: idp-deploy promote --image \"$IMAGE\" --to prod || true",
    remedy: "Run `idp-deploy promote` in a step of its own, without `if`, `||` and `&`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for deployment in model.deployments() {
        let own = deployment.own_jobs();
        for job in &own {
            hidden(deployment.workflow, job, report);
            missing(deployment.workflow, job, &own, report);
            if deployment.is_stage(job) {
                skipped(&deployment, job, report);
            }
        }
    }
}

fn hidden(workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    for act in acts(workflow, job) {
        if let Some(why) = act.hidden(workflow, job) {
            let message = format!(
                "`{}` passes although `{}` failed: {why}",
                job.id.text,
                act.verb()
            );
            let help = format!(
                "let `idp-deploy {}` be the last command of its step, and alone in its line",
                act.verb()
            );
            report.error(RULE.id, &workflow.file.source, act.span(), message, help);
        }
    }
}

/// A stage runs for the sake of one step.
fn skipped(deployment: &Deployment<'_>, job: &Job<'_>, report: &mut Report) {
    let workflow = deployment.workflow;
    let acts = acts(workflow, job);
    // One of several is chosen by its condition.
    let [act] = acts.as_slice() else { return };
    let (Some(node), own) = (act.step.node.get("if"), job.node.get("if")) else {
        return;
    };
    if own.is_some_and(|own| own.text() == node.text()) {
        return;
    }
    if Run::new(workflow, Scenario::default()).step_runs(job, &act.step) != Truth::Yes {
        let message = format!("`{}` may pass and deploy nothing", job.id.text);
        let help = "take the `if` away, or give it to the job";
        let source = &workflow.file.source;
        report.error(RULE.id, source, node.span.clone(), message, help);
    }
}

/// A job that does no more than what others do before they deploy.
fn missing(workflow: Workflow<'_>, job: &Job<'_>, all: &[Job<'_>], report: &mut Report) {
    if !acts(workflow, job).is_empty() {
        return;
    }
    let is_rollback = super::model::deployment::is_rollback(job);
    let same = |a: &Step<'_>, b: &Step<'_>| {
        let text = |step: &Step<'_>, key| {
            step.node
                .get(key)
                .and_then(|node| node.text().map(str::to_owned))
        };
        text(a, "uses") == text(b, "uses") && text(a, "run") == text(b, "run")
    };
    let only_talks = |step: &Step<'_>| {
        let script = step
            .run()
            .and_then(|run| Script::of(run, &workflow.file.source.text));
        script.is_some_and(|script| {
            script
                .commands
                .iter()
                .all(super::model::shell::Command::talks)
        })
    };
    for other in all.iter().filter(|other| other.id.text != job.id.text) {
        if super::model::deployment::is_rollback(other) != is_rollback {
            continue;
        }
        let acts = acts(workflow, other);
        let Some(act) = acts.first() else { continue };
        let others = other.steps();
        let is_before = |step: &Step<'_>| {
            others.iter().any(|other| {
                same(step, other) && acts.iter().all(|act| act.step.index != other.index)
            })
        };
        let steps = job.steps();
        if steps.iter().all(|step| only_talks(step) || is_before(step)) {
            let message = format!(
                "`{}` deploys nothing: no step of it runs `idp-deploy {}`, as one of `{}` does",
                job.id.text,
                act.verb(),
                other.id.text
            );
            let help = format!("add the step of `{}`, for this environment", other.id.text);
            let source = &workflow.file.source;
            report.error(RULE.id, source, job.id.span.clone(), message, help);
            return;
        }
    }
}
