//! What is built and deployed is the commit that started the run.

use super::Rule;
use super::model::deployment::{Deployment, is_rollback};
use super::model::{Job, Model, Step, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D16-moving-checkout",
    summary: "a job of a deployment that a push starts, which checks out a branch and not the commit that was pushed",
    why: "A branch moves on while the pipeline runs: the image is not made of the commit whose name it carries, and a stage \
          deploys it with files that nobody tried with it.",
    example: "- uses: actions/checkout@…\n  with:\n    ref: ${{ github.event.repository.default_branch }}",
    remedy: "Leave `ref` out: `actions/checkout` takes the commit that started the run.",
    check,
};

/// Branches by the names that most repositories have one of.
const BRANCHES: [&str; 5] = ["main", "master", "develop", "trunk", "HEAD"];

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        let Some(deployment) = workflow.deployment() else {
            continue;
        };
        // By hand or by the clock there is no commit that is meant.
        let given = model.given(workflow);
        if given.is_empty() || given.iter().any(|given| given.event != "push") {
            continue;
        }
        for job in jobs(&deployment) {
            let is_stage = deployment.is_stage(&job);
            for step in job.steps() {
                judge(workflow, &job, &step, is_stage, report);
            }
        }
    }
}

/// The stages, and what they wait for.
fn jobs<'a>(deployment: &Deployment<'a>) -> Vec<Job<'a>> {
    let mut all: Vec<Job<'a>> = Vec::new();
    for stage in &deployment.stages {
        let before = deployment.workflow.ancestors(&stage.job).into_iter();
        for job in before.chain([stage.job]) {
            let is_new = all.iter().all(|known| known.id.text != job.id.text);
            if is_new && !is_rollback(&job) {
                all.push(job);
            }
        }
    }
    all
}

fn judge(
    workflow: Workflow<'_>,
    job: &Job<'_>,
    step: &Step<'_>,
    is_stage: bool,
    report: &mut Report,
) {
    let other = ["repository", "path"];
    let is_own = step.uses_action("actions/checkout")
        && other.iter().all(|input| step.with(input).is_none());
    let Some(node) = step.with("ref").filter(|_| is_own) else {
        return;
    };
    let literal = node
        .plain()
        .map(|text| text.trim_start_matches("refs/heads/"));
    let is_literal = literal.is_some_and(|name| BRANCHES.contains(&name))
        || node
            .plain()
            .is_some_and(|text| text.starts_with("refs/heads/"));
    let sites = workflow.file.walked.sites.iter();
    let mut here = sites.filter(|site| node.span.contains(&site.expr.span.start));
    let is_computed = here.any(|site| {
        let default = ["github", "event", "repository", "default_branch"];
        let own = [["github", "ref"], ["github", "ref_name"]];
        site.expr.is_path(&default) || is_stage && own.iter().any(|path| site.expr.is_path(path))
    });
    if is_literal || is_computed {
        let message = format!(
            "`{}` checks out a branch, which may have moved on since the push",
            job.id.text
        );
        let help = "leave `ref` out: the commit that was pushed is checked out";
        let source = &workflow.file.source;
        report.error(RULE.id, source, node.span.clone(), message, help);
    }
}
