//! One deployment to an environment at a time, and none is cancelled.

use super::Rule;
use super::model::deployment::{Deployment, ENVIRONMENTS, told_by_id};
use super::model::yaml::Entry;
use super::model::{Concurrency, File, Job, Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D6-deploy-concurrency",
    summary: "a job that deploys without a concurrency group of its environment, or in one that is cancelled, or in \
              another than the other jobs of the environment are in",
    why: "Two runs deploy to one environment at once, and the older may win. One that is cancelled half way leaves both \
          versions behind.",
    example: "prod:\n  concurrency:\n    group: deploy\n    cancel-in-progress: true",
    remedy: "Give each stage and its rollback `group: deploy-${{ github.repository }}-prod`, with \
             `cancel-in-progress: false`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for deployment in model.deployments() {
        let workflow = deployment.workflow;
        if let Some(concurrency) = workflow.concurrency() {
            cancelling(workflow.file, &concurrency, "a deployment", report);
        }
        let own = deployment.own_jobs();
        for job in workflow.jobs() {
            if own.iter().any(|own| own.id.text == job.id.text) {
                judge(workflow, &job, report);
            } else if let Some(concurrency) = job.concurrency() {
                let what = format!("`{}`", job.id.text);
                cancelling(workflow.file, &concurrency, &what, report);
            }
        }
        shared(workflow, &own, report);
    }
    let all: Vec<Deployment<'_>> = model.deployments().collect();
    by_hand(&all, report);
    for call in model
        .calls()
        .iter()
        .filter(|call| call.callee.deployment().is_some())
    {
        let own = call.job.concurrency();
        for concurrency in own.into_iter().chain(call.caller.concurrency()) {
            cancelling(
                call.caller.file,
                &concurrency,
                &format!("`{}`, which deploys", call.job.id.text),
                report,
            );
        }
    }
}

fn judge(workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    let source = &workflow.file.source;
    let id = &job.id.text;
    let environment = job
        .environment()
        .and_then(|node| node.plain())
        .or(told_by_id(id))
        .unwrap_or("dev");
    let group = format!("group: deploy-${{{{ github.repository }}}}-{environment}");
    let Some(concurrency) = job.concurrency() else {
        let message = format!("`{id}` may deploy while another run does");
        let help = format!("add `concurrency:` with `{group}` and `cancel-in-progress: false`");
        report.error(RULE.id, source, job.id.span.clone(), message, help);
        return;
    };
    cancelling(workflow.file, &concurrency, &format!("`{id}`"), report);
    let Some(node) = concurrency.group else {
        return;
    };
    let text = node.text().unwrap_or_default();
    // What differs in every run keeps no two of them apart.
    let ever_new = [
        "github.run_id",
        "github.run_number",
        "github.run_attempt",
        "github.sha",
    ];
    if let Some(part) = ever_new.iter().find(|part| text.contains(**part)) {
        let message = format!("every run has a group of its own: it holds `{part}`");
        report.error(
            RULE.id,
            source,
            node.span.clone(),
            message,
            format!("write `{group}`"),
        );
    }
}

fn cancelling(file: &File, concurrency: &Concurrency<'_>, what: &str, report: &mut Report) {
    let Some(Entry { value, .. }) = concurrency.cancel else {
        return;
    };
    if value.plain() != Some("false") {
        let message = format!("a newer run cancels {what} half way");
        let source = &file.source;
        let help = "write `cancel-in-progress: false`";
        report.error(RULE.id, source, value.span.clone(), message, help);
    }
}

/// Rollbacks by hand beside the only deployment of their tree: they hold each other off in the same groups alone.
fn by_hand(all: &[Deployment<'_>], report: &mut Report) {
    for by_hand in all.iter().filter(|one| one.stages.is_empty()) {
        let workflow = by_hand.workflow;
        let in_tree = |one: &&Deployment<'_>| {
            !one.stages.is_empty() && one.workflow.file.tree == workflow.file.tree
        };
        let staged: Vec<&Deployment<'_>> = all.iter().filter(in_tree).collect();
        // Of several nobody can tell which one it is for.
        let [staged] = staged.as_slice() else {
            continue;
        };
        for job in &by_hand.rollbacks {
            let Some((environment, group)) = facts(job) else {
                continue;
            };
            let others = staged.own_jobs();
            let found = others.iter().find_map(|other| {
                let (of, others_group) = facts(other)?;
                let differs = of == environment
                    && others_group != group
                    && expressions(&others_group) == expressions(&group);
                differs.then_some((other, other.concurrency()?.group?.text()?))
            });
            let node = job.concurrency().and_then(|concurrency| concurrency.group);
            let (Some((other, others_group)), Some(node)) = (found, node) else {
                continue;
            };
            let message = format!(
                "`{}` is in another group than `{}` of `{}`, and both deploy to `{environment}`",
                job.id.text,
                other.id.text,
                staged.workflow.file.shown()
            );
            let help = format!("write `{}`", others_group.trim());
            let source = &workflow.file.source;
            report.error(RULE.id, source, node.span.clone(), message, help);
        }
    }
}

/// The environment of a job and its group, without blanks.
fn facts(job: &Job<'_>) -> Option<(String, String)> {
    // One that is misspelt is reported as that.
    let written = job.environment()?.plain()?;
    let known = ENVIRONMENTS.contains(&written).then_some(written);
    let environment = known.or(told_by_id(&job.id.text))?.to_owned();
    let group = job.concurrency()?.group?.text()?;
    Some((environment, group.split_whitespace().collect()))
}

/// What is computed in a group's name.
fn expressions(group: &str) -> Vec<&str> {
    let parts = group.split("${{").skip(1);
    parts.filter_map(|part| part.split("}}").next()).collect()
}

/// One waits in a queue, the other drops whoever waits.
fn queued(workflow: Workflow<'_>, job: &Job<'_>, other: &Job<'_>, report: &mut Report) {
    let queue = |job: &Job<'_>| Some(job.node.at(&["concurrency", "queue"])?.text()?.to_owned());
    let (own, others) = (queue(job), queue(other));
    if own == others {
        return;
    }
    let (short, long, value) = match (own, others) {
        (None, Some(value)) => (job, other, value),
        (Some(value), None) => (other, job, value),
        _ => return,
    };
    let Some(node) = short
        .concurrency()
        .and_then(|concurrency| concurrency.group)
    else {
        return;
    };
    let message = format!(
        "`{}` has no `queue: {value}`, and `{}` of the same group has",
        short.id.text, long.id.text
    );
    let help = format!("add `queue: {value}`: without it a newer run drops the one that waits");
    let source = &workflow.file.source;
    report.error(RULE.id, source, node.span.clone(), message, help);
}

/// A group for two environments, and two groups for one.
fn shared(workflow: Workflow<'_>, jobs: &[Job<'_>], report: &mut Report) {
    for (index, job) in jobs.iter().enumerate() {
        let Some((environment, group)) = facts(job) else {
            continue;
        };
        for other_job in &jobs[..index] {
            let Some((other_environment, other_group)) = facts(other_job) else {
                continue;
            };
            let Some(node) = job.concurrency().and_then(|concurrency| concurrency.group) else {
                continue;
            };
            let (id, other) = (&job.id.text, &other_job.id.text);
            if group == other_group && environment == other_environment {
                queued(workflow, job, other_job, report);
            }
            if group == other_group && environment != other_environment {
                let message = format!(
                    "`{id}` is in the group of `{other}`, which is for another environment"
                );
                let help = format!("end the group with `-{environment}`");
                let source = &workflow.file.source;
                report.error(RULE.id, source, node.span.clone(), message, help);
                break;
            }
            if group != other_group && environment == other_environment {
                let message = format!(
                    "`{id}` is in another group than `{other}`, and both deploy to `{environment}`"
                );
                let source = &workflow.file.source;
                let help = "give both the same group";
                report.error(RULE.id, source, node.span.clone(), message, help);
                break;
            }
        }
    }
}
