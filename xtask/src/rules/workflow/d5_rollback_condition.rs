//! A rollback runs when its stage failed, and when it was cancelled.

use super::Rule;
use super::model::Job;
use super::model::Model;
use super::model::conditions::{Outcome, Run, Scenario};
use super::model::deployment::{Deployment, rank, told_by_id};
use super::model::expr::Truth;
use super::model::given::Given;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D5-rollback-condition",
    summary: "a rollback that does not run when its stage failed, or when it was cancelled, or a stage without one beside \
              stages that have one",
    why: "A job that runs out of time arrives as cancelled, and a job skips whatever needs it when it fails: the bad version \
          stays where it is.",
    example: "rollback-prod:\n  needs: prod\n  if: failure() # a time-out is no failure",
    remedy: "Write `if: always() && (needs.prod.result == 'failure' || needs.prod.result == 'cancelled')`, and `needs: prod`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for deployment in model.deployments() {
        // Rollbacks by hand need no stage, and their inputs choose them.
        if deployment.stages.is_empty() {
            for job in &deployment.rollbacks {
                never(&deployment, job, report);
            }
            continue;
        }
        let given = model.given(deployment.workflow);
        for job in &deployment.rollbacks {
            for stage in stages(&deployment, job) {
                judge(&deployment, job, &stage, &given, report);
            }
        }
        without(&deployment, report);
    }
}

/// The stages that a rollback is for: that of its name, or else those that it needs.
pub(super) fn stages<'a>(deployment: &Deployment<'a>, job: &Job<'a>) -> Vec<Job<'a>> {
    let of_rank = told_by_id(&job.id.text).and_then(rank);
    let needs = job.needs();
    let needed = |stage: &Job<'_>| needs.iter().any(|need| need.text == stage.id.text);
    let all = deployment.stages.iter();
    match of_rank {
        Some(rank) => all
            .filter(|stage| stage.rank == rank)
            .map(|stage| stage.job)
            .collect(),
        None => all.map(|stage| stage.job).filter(needed).collect(),
    }
}

fn judge(
    deployment: &Deployment<'_>,
    job: &Job<'_>,
    stage: &Job<'_>,
    given: &[Given],
    report: &mut Report,
) {
    let workflow = deployment.workflow;
    let source = &workflow.file.source;
    let id = &job.id.text;
    let stage_id = &stage.id.text;
    if !job.needs().iter().any(|need| need.text == *stage_id) {
        let span = job
            .node
            .get("needs")
            .map_or(job.id.span.clone(), |node| node.span.clone());
        let message = format!("`{id}` does not wait for `{stage_id}`, and can't know how it ended");
        report.error(
            RULE.id,
            source,
            span,
            message,
            format!("add `{stage_id}` to the `needs` of `{id}`"),
        );
        return;
    }
    let missed = |given: Option<&Given>| -> Vec<&str> {
        [
            (Outcome::Failure, "fails"),
            (Outcome::Cancelled, "is cancelled or runs out of time"),
        ]
        .into_iter()
        .filter(|(outcome, _)| {
            let scenario = Scenario::ended(stage_id, *outcome);
            let scenario = given.map_or(scenario.clone(), |given| scenario.given(given));
            Run::new(workflow, scenario).runs(job) == Truth::No
        })
        .map(|(_, how)| how)
        .collect()
    };
    let mut start = String::new();
    let mut found = missed(None);
    if found.is_empty() {
        // A start that the stage itself does not take needs no rollback.
        let deploys = |given: &&Given| {
            let scenario = Scenario::default().given(given);
            Run::new(workflow, scenario).runs(stage) != Truth::No
        };
        let mut starts = given.iter().filter(deploys);
        let Some((given, how)) = starts.find_map(|given| {
            let how = missed(Some(given));
            (!how.is_empty()).then_some((given, how))
        }) else {
            return;
        };
        start = format!(", as `{}` of `{}` starts it", given.event, given.from);
        found = how;
    }
    let span = job
        .node
        .get("if")
        .map_or(job.id.span.clone(), |node| node.span.clone());
    let message = format!(
        "`{id}` does not run when `{stage_id}` {}{start}",
        found.join(", nor when it ")
    );
    let help = format!(
        "write `if: always() && (needs.{stage_id}.result == 'failure' || needs.{stage_id}.result == 'cancelled')`"
    );
    report.error(RULE.id, source, span, message, help);
}

/// A rollback by hand that its own condition keeps from running, whatever is asked for.
fn never(deployment: &Deployment<'_>, job: &Job<'_>, report: &mut Report) {
    let workflow = deployment.workflow;
    let Some(condition) = job.node.get("if") else {
        return;
    };
    if Run::new(workflow, Scenario::default()).runs(job) == Truth::No {
        let message = format!("`{}` never runs: this never holds", job.id.text);
        let help = "ask for the inputs alone, as `inputs.environment == 'prod'`";
        let source = &workflow.file.source;
        report.error(RULE.id, source, condition.span.clone(), message, help);
    }
}

/// Stages that nothing takes back, where others have a rollback.
fn without(deployment: &Deployment<'_>, report: &mut Report) {
    let covered: Vec<String> = deployment
        .rollbacks
        .iter()
        .flat_map(|job| stages(deployment, job))
        .map(|stage| stage.id.text.clone())
        .collect();
    if covered.is_empty() {
        return;
    }
    let environment = |job: &Job<'_>| {
        job.environment()
            .and_then(|node| node.text().map(str::to_owned))
    };
    let has = |job: &Job<'_>| {
        covered.contains(&job.id.text)
            || deployment.rollbacks.iter().any(|rollback| {
                environment(rollback).is_some() && environment(rollback) == environment(job)
            })
    };
    for stage in deployment.stages.iter().filter(|stage| !has(&stage.job)) {
        let id = &stage.job.id.text;
        let message = format!("nothing takes `{id}` back when it fails");
        let help = format!("add a job `rollback-{id}` with `needs: {id}`");
        let source = &deployment.workflow.file.source;
        report.error(RULE.id, source, stage.job.id.span.clone(), message, help);
    }
}
