//! The environments of a deployment.

use super::Rule;
use super::model::deployment::{ENVIRONMENTS, told_by_id};
use super::model::yaml::Scalar;
use super::model::{Job, Model, Workflow};
use super::words::did_you_mean;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D3-environment",
    summary: "a stage without its environment, one from an expression, or one that is not dev, staging or prod",
    why: "GitHub makes an environment that is not there on the spot, without reviewers and branch rules: `production` for \
          `prod` deploys past every gate.",
    example: "prod:\n  environment: production",
    remedy: "Write the name out: `environment: prod`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            if let Some(node) = job
                .environment()
                .filter(|node| node.scalar().is_some_and(Scalar::has_expression))
            {
                let message = format!(
                    "the environment of `{}` comes from an expression",
                    job.id.text
                );
                let help = "write one job for each environment, with its name";
                report.error(
                    RULE.id,
                    &workflow.file.source,
                    node.span.clone(),
                    message,
                    help,
                );
            }
        }
        let Some(deployment) = workflow.deployment() else {
            continue;
        };
        let own = deployment.own_jobs();
        for job in workflow.jobs() {
            // Also of jobs that are no stages, since they can't be told from misspelt ones.
            if job.environment().is_some() || own.iter().any(|own| own.id.text == job.id.text) {
                judge(workflow, &job, report);
            }
        }
    }
}

fn judge(workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    let source = &workflow.file.source;
    let told = told_by_id(&job.id.text);
    let Some(node) = job.environment() else {
        let message = format!("`{}` deploys without an environment", job.id.text);
        let help = format!("add `environment: {}`", told.unwrap_or("dev"));
        report.error(RULE.id, source, job.id.span.clone(), message, help);
        return;
    };
    let Some(name) = node.plain() else { return };
    if !ENVIRONMENTS.contains(&name) {
        let message = format!("`{name}` is not one of the environments");
        let help = match told {
            Some(told) => format!("write `{told}`"),
            None => did_you_mean(
                name,
                ENVIRONMENTS,
                format!("write one of {}", ENVIRONMENTS.join(", ")),
            ),
        };
        report.error(RULE.id, source, node.span.clone(), message, help);
    } else if told.is_some_and(|told| told != name) {
        let told = told.unwrap_or_default();
        let message = format!("`{}` deploys to `{name}`", job.id.text);
        report.error(
            RULE.id,
            source,
            node.span.clone(),
            message,
            format!("write `{told}`, or give the job the name of its environment"),
        );
    }
}
