//! The environments of a deployment.

use super::Rule;
use super::model::deployment::{ENVIRONMENTS, told_by_id};
use super::model::yaml::{Node, Scalar};
use super::model::{Job, Model, Workflow};
use super::words::did_you_mean;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D3-environment",
    summary: "a stage without its environment, one from an expression, or one that is not dev, staging or prod, also as a choice \
              of a dispatch or as what a caller hands over",
    why: "GitHub makes an environment that is not there on the spot, without reviewers and branch rules: `production` for \
          `prod` deploys past every gate.",
    example: "prod:\n  environment: production",
    remedy: "Write the name out: `environment: prod`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        choices(workflow, report);
        for job in workflow.jobs() {
            handed_over(model, workflow, &job, report);
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

/// Choices of a dispatch that are the environments, but for one: whoever picks it deploys to an environment that is not there.
fn choices(workflow: Workflow<'_>, report: &mut Report) {
    for input in workflow.inputs("workflow_dispatch") {
        let options = input.node.get("options");
        let options = options.map_or(&[][..], Node::items);
        let known = |node: &&Node| {
            node.plain()
                .is_some_and(|name| ENVIRONMENTS.contains(&name))
        };
        let enough = if workflow.deployment().is_some() {
            1
        } else {
            2
        };
        let count = options.iter().filter(known).count();
        if !is_environment(&input.name.text) || count < enough {
            continue;
        }
        // `all` is no environment either, and means those that are.
        let wrong = |node: &&Node| !known(node) && node.plain() != Some("all");
        for node in options.iter().filter(wrong) {
            tell(workflow, node, report);
        }
    }
}

/// An environment that a job hands to a workflow of this tree.
fn handed_over(model: &Model, workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    let is_deployed = |callee: Workflow<'_>| callee.deployment().is_some();
    if !model.callee(workflow.file, job).is_some_and(is_deployed) {
        return;
    }
    let with = job.node.get("with");
    for entry in with.map_or(&[][..], Node::entries) {
        let name = entry.value.plain();
        if is_environment(&entry.key.text) && name.is_some_and(|name| !ENVIRONMENTS.contains(&name))
        {
            tell(workflow, &entry.value, report);
        }
    }
}

fn is_environment(name: &str) -> bool {
    let mut words = name.split(['-', '_']);
    words.any(|word| ["environment", "env", "stage"].contains(&word.to_ascii_lowercase().as_str()))
}

fn tell(workflow: Workflow<'_>, node: &Node, report: &mut Report) {
    let Some(name) = node.plain() else { return };
    let message = format!("`{name}` is not one of the environments");
    let otherwise = format!("write one of {}", ENVIRONMENTS.join(", "));
    let near = ENVIRONMENTS.iter().find(|known| name.starts_with(**known));
    let help = match near {
        Some(near) => format!("write `{near}`"),
        None => did_you_mean(name, ENVIRONMENTS, otherwise),
    };
    report.error(
        RULE.id,
        &workflow.file.source,
        node.span.clone(),
        message,
        help,
    );
}
