//! What a deployment waits for can say no.

use super::Rule;
use super::model::deployment::is_rollback;
use super::model::shell::{Command, Script};
use super::model::yaml::Node;
use super::model::{File, Job, Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D12-hidden-check",
    summary: "a test that a deployment waits for, and that passes although it failed, as with `continue-on-error` or `|| true`",
    why: "The deployment waits for a job that is always green: a commit whose tests fail runs in production.",
    example: "test:\n  continue-on-error: true\n  steps:\n    - run: cargo test",
    remedy: "Take `continue-on-error` and `|| true` away, or run the same test once more without.",
    check,
};

/// Programs with the words that make them a check. `cargo audit` and `cargo deny` are none: what they find may have nothing to
/// do with the commit.
const CHECKS: &[(&str, &[&str])] = &[
    ("cargo", &["test", "nextest", "clippy", "llvm-cov", "xtask"]),
    ("npm", &["test"]),
    ("pnpm", &["test"]),
    ("yarn", &["test"]),
    ("go", &["test", "vet"]),
    ("make", &["test", "check"]),
];

/// A check in a job, and whether its failure is seen.
struct Check<'a> {
    name: String,
    file: &'a File,
    place: std::ops::Range<usize>,
    job: String,
    is_hidden: bool,
}

fn check(model: &Model, report: &mut Report) {
    let deploys = |workflow: Workflow<'_>| {
        workflow
            .deployment()
            .is_some_and(|deployment| !deployment.stages.is_empty())
    };
    for workflow in model.workflows() {
        let mut checks = Vec::new();
        for job in workflow.jobs() {
            let callee = model.callee(workflow.file, &job);
            let own = workflow.deployment();
            let is_stage = own
                .is_some_and(|own| own.is_stage(&job) && own.stages[0].job.id.text == job.id.text);
            if !is_stage && !callee.is_some_and(deploys) {
                continue;
            }
            for gate in workflow
                .ancestors(&job)
                .iter()
                .filter(|job| !is_rollback(job))
            {
                of_gate(model, workflow, gate, &mut checks);
            }
        }
        let is_seen = |name: &str| {
            let mut seen = checks.iter().filter(|check| !check.is_hidden);
            seen.any(|check| check.name == name || is_beside(name, &check.name))
        };
        for check in checks
            .iter()
            .filter(|check| check.is_hidden && !is_seen(&check.name))
        {
            let message = format!("`{}` passes although `{}` failed", check.job, check.name);
            let help = "a deployment waits for it: take `continue-on-error` and `|| true` away";
            let source = &check.file.source;
            report.error(RULE.id, source, check.place.clone(), message, help);
        }
    }
}

fn of_gate<'a>(
    model: &'a Model,
    workflow: Workflow<'a>,
    gate: &Job<'a>,
    checks: &mut Vec<Check<'a>>,
) {
    match model.callee(workflow.file, gate) {
        Some(callee) => {
            for job in callee.jobs() {
                of_job(callee, &job, checks);
            }
        }
        None => of_job(workflow, gate, checks),
    }
}

fn of_job<'a>(workflow: Workflow<'a>, job: &Job<'a>, checks: &mut Vec<Check<'a>>) {
    let tolerated = |node: &'a Node| node.get("continue-on-error").filter(|node| node.is_true());
    for step in job.steps() {
        let source = &workflow.file.source.text;
        let Some(script) = step.run().and_then(|run| Script::of(run, source)) else {
            continue;
        };
        for (index, command) in script.commands.iter().enumerate() {
            let Some(name) = named(command) else { continue };
            let forgiven = tolerated(job.node).or(tolerated(step.node));
            let first = command.call()[0].span.start..command.call()[1].span.end;
            let place = forgiven.map_or_else(|| script.span(first), |node| node.span.clone());
            checks.push(Check {
                name,
                file: workflow.file,
                place,
                job: job.id.text.clone(),
                is_hidden: forgiven.is_some() || script.forgives(index),
            });
        }
    }
}

/// Whether a check measures what another tests.
fn is_beside(name: &str, other: &str) -> bool {
    name == "cargo llvm-cov" && ["cargo test", "cargo nextest"].contains(&other)
}

/// The check that a command is.
fn named(command: &Command) -> Option<String> {
    let (_, words) = CHECKS
        .iter()
        .find(|(program, _)| *program == command.name())?;
    let word = command.call().get(1)?.text.as_str();
    words
        .contains(&word)
        .then(|| format!("{} {word}", command.name()))
}
