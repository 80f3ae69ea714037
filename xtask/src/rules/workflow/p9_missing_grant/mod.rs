//! Grants that the steps of a job are known to need, and that the job does not get.

mod actions;
mod commands;
mod images;
mod token;

use super::Rule;
use super::model::permissions::Grants;
use super::model::shape::SCOPES;
use super::model::yaml::Node;
use super::model::{File, Job, Model, Step, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P9-missing-grant",
    summary: "a job that is not granted what an action or a command of it is known to need",
    why: "The step fails with a 403 or `Resource not accessible by integration`, mostly at the end of a run and only on the \
          branch that deploys. A checkout without `contents: read` fails in private repositories alone.",
    example: "permissions:\n  contents: read\nsteps:\n  - run: gh release create \"$TAG\"\n    env:\n      GH_TOKEN: ${{ github.token }}",
    remedy: "Grant it in the `permissions:` of that job, and in each job that calls its workflow.",
    check,
};

/// As deep as workflows call each other, and actions use others.
const MAX_DEPTH: usize = 4;

/// A scope and the level of it.
type Grant = (&'static str, &'static str);

/// What something needs: one of these.
struct Need {
    by: String,
    any: Vec<Grant>,
}

/// A step in its place.
#[derive(Clone, Copy)]
struct At<'a> {
    model: &'a Model,
    file: &'a File,
    /// Its workflow and job; none in an action.
    job: Option<(Workflow<'a>, Job<'a>)>,
    step: Step<'a>,
}

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            let needs = needs(model, workflow, job);
            if needs.is_empty() {
                continue;
            }
            let mut found = Vec::new();
            holders(model, workflow, job, 0, &mut found);
            for (holder, by, grants) in found {
                tell(workflow, &job, &needs, (holder, by, &grants), report);
            }
        }
    }
}

/// Everything that the steps of a job need.
fn needs<'a>(model: &'a Model, workflow: Workflow<'a>, job: Job<'a>) -> Vec<Need> {
    let at = |step| At {
        model,
        file: workflow.file,
        job: Some((workflow, job)),
        step,
    };
    let mut all = Vec::new();
    for step in job.steps() {
        of_step(at(step), 0, &mut all);
    }
    let steps: Vec<At<'a>> = job.steps().into_iter().map(at).collect();
    all.extend(images::needs(&steps));
    all
}

fn of_step(at: At<'_>, depth: usize, all: &mut Vec<Need>) {
    let is = |key: &str, text: &str| {
        let node = at.step.node.get(key);
        node.and_then(Node::plain) == Some(text)
    };
    // What never runs needs nothing, and what may fail may lack something.
    if is("if", "false") || is("continue-on-error", "true") {
        return;
    }
    all.extend(actions::needs(at));
    all.extend(commands::needs(at));
    if let Some(action) = at.model.action(at.file, &at.step)
        && depth < MAX_DEPTH
    {
        for step in action.steps() {
            let inner = At {
                file: action,
                job: None,
                step,
                ..at
            };
            of_step(inner, depth + 1, all);
        }
    }
}

/// The jobs whose grants a job has: its own, or those of the jobs that call a workflow that says nothing.
fn holders<'a>(
    model: &'a Model,
    workflow: Workflow<'a>,
    job: Job<'a>,
    depth: usize,
    found: &mut Vec<(Workflow<'a>, Job<'a>, Grants)>,
) {
    let own = job.node.get("permissions");
    if let Some(node) = own.or(workflow.permissions().map(|entry| &entry.value)) {
        // A scope that there is not stands for one that is meant.
        let is_known = |(scope, _): &(&str, &str)| SCOPES.contains(scope);
        let grants = Grants::of(node).filter(|grants| grants.asked().iter().all(is_known));
        found.extend(grants.map(|grants| (workflow, job, grants)));
        return;
    }
    if depth == MAX_DEPTH || !workflow.file.is_called() {
        return;
    }
    for call in model.calls() {
        if std::ptr::eq(call.callee.file, workflow.file) {
            holders(model, call.caller, call.job, depth + 1, found);
        }
    }
}

fn tell(
    workflow: Workflow<'_>,
    job: &Job<'_>,
    needs: &[Need],
    (holder, by, grants): (Workflow<'_>, Job<'_>, &Grants),
    report: &mut Report,
) {
    let mut told: Vec<&str> = Vec::new();
    for need in needs {
        let has = |(scope, level): &Grant| grants.level(scope) >= rank(level);
        let Some((scope, level)) = need.any.first().filter(|_| !need.any.iter().any(has)) else {
            continue;
        };
        if told.contains(scope) {
            continue;
        }
        told.push(scope);
        let own = by.node.entry("permissions");
        let entry = own.and_then(|own| own.value.entry(scope));
        // The level itself, or the key above a map that lacks the scope.
        let span = match (entry, own) {
            (Some(entry), _) => entry.value.span.clone(),
            (None, Some(own)) => own.key.span.clone(),
            (None, None) => by.id.span.clone(),
        };
        let what = if holder.file.source.file == workflow.file.source.file {
            format!("{} needs", need.by)
        } else {
            let (id, file) = (&job.id.text, workflow.file.shown());
            format!("{} in the job `{id}` of `{file}` needs", need.by)
        };
        let message = format!("{what} `{scope}: {level}`, which this job does not grant");
        let help = if entry.is_some() {
            format!("write `{scope}: {level}`")
        } else {
            format!("add `{scope}: {level}` to the job's `permissions:`")
        };
        report.error(RULE.id, &holder.file.source, span, message, help);
    }
}

fn rank(level: &str) -> usize {
    ["none", "read", "write"]
        .iter()
        .position(|known| *known == level)
        .unwrap_or(0)
}
