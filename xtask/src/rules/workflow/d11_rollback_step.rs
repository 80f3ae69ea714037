//! The step that puts back runs when its job does.

use super::Rule;
use super::d5_rollback_condition::stages;
use super::model::conditions::{Outcome, Run, Scenario};
use super::model::deployment::Deployment;
use super::model::driver::acts;
use super::model::expr::Truth;
use super::model::shell::{Command, Script};
use super::model::{Job, Model, Step, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D11-rollback-step",
    summary: "a rollback whose step is skipped when its stage failed or was cancelled, or that passes although it failed",
    why: "`failure()` of a step asks for the steps before it, and not for the stage: the job is green, and the bad version \
          stays where it is.",
    example: "rollback-prod:\n  steps:\n    - if: failure() # of this job\n      run: idp-deploy reconcile --env prod",
    remedy: "Put the condition on the job, and none on its step.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for deployment in model.deployments() {
        for job in &deployment.rollbacks {
            skipped(&deployment, job, report);
            tolerated(deployment.workflow, job, report);
        }
    }
}

fn skipped(deployment: &Deployment<'_>, job: &Job<'_>, report: &mut Report) {
    let workflow = deployment.workflow;
    let steps = acting(workflow, job);
    let Some(first) = steps.iter().find_map(|step| step.node.get("if")) else {
        return;
    };
    let of_stage = |stage: &Job<'_>| {
        let id = stage.id.text.clone();
        [
            (Outcome::Failure, "failed"),
            (Outcome::Cancelled, "was cancelled"),
        ]
        .map(|(outcome, how)| (Some((id.clone(), outcome)), format!(" when `{id}` {how}")))
    };
    let found = stages(deployment, job);
    let mut ends: Vec<_> = found.iter().flat_map(of_stage).collect();
    if deployment.stages.is_empty() {
        ends.push((None, String::new()));
    }
    for (ended, when) in &ends {
        let scenario = ended
            .as_ref()
            .map_or_else(Scenario::default, |(id, outcome)| {
                Scenario::ended(id, *outcome)
            });
        let run = Run::new(workflow, scenario);
        let none = |step: &Step<'_>| run.step_runs(job, step) == Truth::No;
        if steps.iter().all(none) {
            let message = format!(
                "`{}` puts nothing back{when}: this never holds",
                job.id.text
            );
            let help = "take the `if` away: that of the job decides";
            let source = &workflow.file.source;
            report.error(RULE.id, source, first.span.clone(), message, help);
            return;
        }
    }
}

/// The steps that do something: those that have the driver do it, or else all that run more than `echo`.
fn acting<'a>(workflow: Workflow<'a>, job: &Job<'a>) -> Vec<Step<'a>> {
    let driven: Vec<Step<'a>> = acts(workflow, job).iter().map(|act| act.step).collect();
    if !driven.is_empty() {
        return driven;
    }
    let source = &workflow.file.source.text;
    let does = |step: &Step<'a>| match step.run() {
        Some(run) => {
            Script::of(run, source).is_none_or(|script| !script.commands.iter().all(Command::talks))
        }
        // What another's action does is not known.
        None => !step.uses_action("actions/checkout"),
    };
    job.steps().into_iter().filter(does).collect()
}

fn tolerated(workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    let steps = acting(workflow, job);
    let nodes = steps.iter().map(|step| step.node).chain([job.node]);
    for node in nodes.filter_map(|node| node.get("continue-on-error")) {
        if node.is_true() {
            let message = format!("`{}` passes although it put nothing back", job.id.text);
            let help = "take `continue-on-error` away: nobody would look";
            let source = &workflow.file.source;
            report.error(RULE.id, source, node.span.clone(), message, help);
        }
    }
}
