//! The environments of a deployment.

use super::Rule;
use super::model::deployment::{ENVIRONMENTS, told_by_id};
use super::model::driver::acts;
use super::model::yaml::{Node, Scalar};
use super::model::{Job, Model, Workflow};
use super::words::did_you_mean;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D3-environment",
    summary: "a stage without its environment, one from an expression, or one that is not dev, staging or prod, also as a choice \
              of a dispatch, as what a caller hands over, or as what `idp-deploy` is told",
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
                let source = &workflow.file.source;
                report.error(RULE.id, source, node.span.clone(), message, help);
            }
        }
        let Some(deployment) = workflow.deployment() else {
            continue;
        };
        let own = deployment.own_jobs();
        for job in workflow.jobs() {
            // Also of jobs that are no stages, since they can't be told from misspelt ones.
            let is_own = own.iter().any(|own| own.id.text == job.id.text);
            if is_own {
                told_to_driver(workflow, &job, report);
            }
            if job.environment().is_some() || is_own {
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

/// The environment that the release driver is told: GitHub has asked for leave to deploy to that of the job.
fn told_to_driver(workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    let known = |name: &&str| ENVIRONMENTS.contains(name);
    let own = job.environment().and_then(Node::plain).filter(known);
    let Some(own) = own.or(told_by_id(&job.id.text)) else {
        return;
    };
    for act in acts(workflow, job) {
        let Some((written, span)) = act.environment() else {
            continue;
        };
        let (name, span) = match variable(written) {
            None => (written, span),
            Some(variable) => {
                let nodes = [Some(act.step.node), Some(job.node), Some(workflow.root)];
                let mut set = nodes.into_iter().flatten();
                let set = set.find_map(|node| node.at(&["env", variable]));
                let Some((name, node)) = set.and_then(|node| Some((node.plain()?, node))) else {
                    continue;
                };
                (name, node.span.clone())
            }
        };
        if name == own || name.contains('$') {
            continue;
        }
        let message = format!(
            "`{}` is the job of `{own}`, and has the driver {} in `{name}`",
            job.id.text,
            act.verb()
        );
        let source = &workflow.file.source;
        report.error(RULE.id, source, span, message, format!("write `{own}`"));
    }
}

/// The variable that a word is, and nothing else.
fn variable(word: &str) -> Option<&str> {
    let name = word.strip_prefix('$')?;
    let bare = name
        .strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'));
    let name = bare.unwrap_or(name);
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some(name)
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
    let source = &workflow.file.source;
    report.error(RULE.id, source, node.span.clone(), message, help);
}
