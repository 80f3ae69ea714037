//! A stage runs when everything before it has passed, and never otherwise.

use super::Rule;
use super::model::conditions::{Outcome, Run, Scenario};
use super::model::expr::Truth;
use super::model::{Job, Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D4-stage-condition",
    summary: "a stage whose `if` holds although something before it failed, was cancelled or was skipped, as `always()` does",
    why: "A version that failed in one stage goes on to the next.",
    example: "prod:\n  needs: staging\n  if: always()",
    remedy: "Take `always()`, `!cancelled()` or `failure()` out of the condition, or add \
             `&& needs.staging.result == 'success'`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for deployment in model
        .workflows()
        .filter_map(|workflow| workflow.deployment())
    {
        for stage in &deployment.stages {
            judge(deployment.workflow, &stage.job, report);
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
            let scenario = Scenario {
                ended: Some((&need.id.text, outcome)),
                ..Scenario::default()
            };
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
            report.error(
                RULE.id,
                &workflow.file.source,
                node.span.clone(),
                message,
                help,
            );
            return;
        }
    }
}
