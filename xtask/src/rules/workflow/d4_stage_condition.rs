//! A stage runs when everything before it has passed, and never otherwise.

use super::Rule;
use super::model::conditions::{Outcome, Run, Scenario};
use super::model::deployment::Deployment;
use super::model::expr::{Expr, Truth};
use super::model::yaml::Node;
use super::model::{Job, Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D4-stage-condition",
    summary: "a stage whose `if` holds although something before it failed, was cancelled or was skipped, as `always()` does, \
              or one that hides its own failure, or that is skipped with a job beside the line",
    why: "A version that failed in one stage goes on to the next.",
    example: "prod:\n  needs: staging\n  if: always()",
    remedy: "Take `always()`, `!cancelled()` or `failure()` out of the condition, or add \
             `&& needs.staging.result == 'success'`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for deployment in model.deployments() {
        for stage in &deployment.stages {
            judge(deployment.workflow, &stage.job, report);
            hides_failure(deployment.workflow, &stage.job, report);
            left_out(&deployment, &stage.job, report);
        }
    }
    // The job that calls a deployment: what it waits for is CI.
    for call in model.calls() {
        if call
            .callee
            .deployment()
            .is_some_and(|deployment| !deployment.stages.is_empty())
        {
            judge(call.caller, &call.job, report);
        }
    }
}

fn judge(workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    let (Some(condition), Some(node)) = (workflow.condition(job), job.node.get("if")) else {
        return;
    };
    if !condition.asks_status() {
        return;
    }
    let ancestors = workflow.ancestors(job);
    for need in &ancestors {
        for outcome in [Outcome::Failure, Outcome::Cancelled, Outcome::Skipped] {
            let scenario = Scenario::ended(&need.id.text, outcome);
            if Run::new(workflow, scenario).runs(job) == Truth::No {
                continue;
            }
            let how = match outcome {
                Outcome::Failure => "failed",
                Outcome::Cancelled => "was cancelled",
                _ => "was skipped",
            };
            let message = format!("`{}` runs although `{}` {how}", job.id.text, need.id.text);
            let help = format!(
                "take the status function out, or add `&& needs.{}.result == 'success'`",
                need.id.text
            );
            let source = &workflow.file.source;
            report.error(RULE.id, source, node.span.clone(), message, help);
            return;
        }
    }
}

/// `continue-on-error` makes a success of a failure: the next stage runs, and no rollback does.
fn hides_failure(workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    let source = &workflow.file.source;
    let steps = job.steps();
    let nodes = steps.iter().map(|step| step.node).chain([job.node]);
    for node in nodes.filter_map(|node| node.get("continue-on-error")) {
        if node.plain() != Some("false") {
            let message = format!("`{}` passes although it failed", job.id.text);
            let help = "take `continue-on-error` away: the next stage would run, and no rollback";
            report.error(RULE.id, source, node.span.clone(), message, help);
        }
    }
}

/// A job beside the line, as one that signs, that an input or a variable switches off: the stage is skipped with it, and
/// the run is green.
fn left_out(deployment: &Deployment<'_>, job: &Job<'_>, report: &mut Report) {
    let workflow = deployment.workflow;
    if workflow.condition(job).is_some_and(Expr::asks_status) {
        return;
    }
    let needs = job.needs();
    for name in &needs {
        let Some(need) = workflow.job(&name.text) else {
            continue;
        };
        let Some(condition) = workflow.condition(&need).filter(|c| !c.asks_status()) else {
            continue;
        };
        // A job that all others come after, or whose outputs are asked for, is there to decide.
        let beside = need
            .needs()
            .iter()
            .any(|before| needs.iter().any(|other| other.text == before.text));
        let span = job.node.span.clone();
        let text = workflow.file.source.text.get(span).unwrap_or_default();
        let is_asked = text.contains(&format!("needs.{}.", name.text));
        if !beside || is_asked || deployment.is_stage(&need) || !is_switch(condition) {
            continue;
        }
        if job.node.get("if").and_then(Node::text) == need.node.get("if").and_then(Node::text) {
            continue;
        }
        let message = format!("`{}` is skipped where `{}` is", job.id.text, name.text);
        let help = format!(
            "take `{}` out of the `needs` of `{}`, or give both the same `if`",
            name.text, job.id.text
        );
        let source = &workflow.file.source;
        report.error(RULE.id, source, name.span.clone(), message, help);
    }
}

/// Whether nothing but inputs, variables and facts of the repository is asked: what triggers a run is not.
fn is_switch(condition: &Expr) -> bool {
    let (mut asks, mut asks_else) = (false, false);
    condition.walk(&mut |part| {
        let Some(path) = part.path() else { return };
        let words: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
        match words.as_slice() {
            ["inputs" | "vars", _] | ["github", "event", "repository", _] => asks = true,
            _ => asks_else = true,
        }
    });
    asks && !asks_else
}
