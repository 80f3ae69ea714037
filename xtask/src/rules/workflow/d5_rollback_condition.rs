//! A rollback runs when its stage failed, and when it was cancelled.

use super::Rule;
use super::model::Job;
use super::model::Model;
use super::model::conditions::{Outcome, Run, Scenario};
use super::model::deployment::{Deployment, rank, told_by_id};
use super::model::expr::Truth;
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
    for deployment in model
        .workflows()
        .filter_map(|workflow| workflow.deployment())
    {
        // Rollbacks by hand need no stage, and their inputs choose them.
        if deployment.stages.is_empty() {
            continue;
        }
        for job in &deployment.rollbacks {
            for stage in stages(&deployment, job) {
                judge(&deployment, job, &stage, report);
            }
        }
        without(&deployment, report);
    }
}

/// The stages that a rollback is for: that of its name, or else those that it needs.
fn stages<'a>(deployment: &Deployment<'a>, job: &Job<'a>) -> Vec<Job<'a>> {
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

fn judge(deployment: &Deployment<'_>, job: &Job<'_>, stage: &Job<'_>, report: &mut Report) {
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
    let missed: Vec<&str> = [
        (Outcome::Failure, "fails"),
        (Outcome::Cancelled, "is cancelled or runs out of time"),
    ]
    .into_iter()
    .filter(|(outcome, _)| {
        let scenario = Scenario::ended(stage_id, *outcome);
        Run::new(workflow, scenario).runs(job) == Truth::No
    })
    .map(|(_, how)| how)
    .collect();
    if missed.is_empty() {
        return;
    }
    let span = job
        .node
        .get("if")
        .map_or(job.id.span.clone(), |node| node.span.clone());
    let message = format!(
        "`{id}` does not run when `{stage_id}` {}",
        missed.join(", nor when it ")
    );
    let help = format!(
        "write `if: always() && (needs.{stage_id}.result == 'failure' || needs.{stage_id}.result == 'cancelled')`"
    );
    report.error(RULE.id, source, span, message, help);
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
        report.error(
            RULE.id,
            &deployment.workflow.file.source,
            stage.job.id.span.clone(),
            message,
            help,
        );
    }
}
