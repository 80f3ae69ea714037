//! Permissions along a call: they only shrink on the way down.

use super::Rule;
use super::model::permissions::Grants;
use super::model::shape::SCOPES;
use super::model::{Job, Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R4-permissions",
    summary: "a caller that grants less than a job of its callee asks for",
    why: "The run fails at its start, with no job, and the page says little more than that.",
    example: "permissions:\n  contents: read # the callee's job asks for packages: write\nuses: your-org/golden-path/.github/workflows/deploy.yml@v1.2.3",
    remedy: "Grant in the calling job what the jobs of the callee ask for together; each gets no more than it asks for.",
    check,
};

/// How deep workflows call each other: what GitHub allows.
const MAX_DEPTH: usize = 10;

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            // What nobody says is decided by the settings of the repository, which P1 does not leave at that.
            let Some(granted) = granted(&workflow, &job) else {
                continue;
            };
            let mut lacking = Vec::new();
            descend(model, &workflow, &job, &granted, 0, &mut lacking);
            // Of each scope the most that is asked for: `read` stands before `write` in the alphabet as well.
            lacking.sort_by(|a, b| (&a.scope, &b.level, &a.by).cmp(&(&b.scope, &a.level, &b.by)));
            lacking.dedup_by(|a, b| a.scope == b.scope);
            let own = job.node.entry("permissions");
            for Lack { scope, level, by } in lacking {
                let entry = own.and_then(|own| own.value.entry(&scope));
                // The level itself, or the key above a map that lacks the scope.
                let span = match (entry, own) {
                    (Some(entry), _) => entry.value.span.clone(),
                    (None, Some(own)) => own.key.span.clone(),
                    (None, None) => job.id.span.clone(),
                };
                let message =
                    format!("{by} asks for `{scope}: {level}`, which this job does not grant");
                let help = if entry.is_some() {
                    format!("write `{scope}: {level}`")
                } else {
                    format!("add `{scope}: {level}` to the job's `permissions:`")
                };
                report.error(RULE.id, &workflow.file.source, span, message, help);
            }
        }
    }
}

/// What a job of a callee asks for and is not granted.
struct Lack {
    scope: String,
    level: String,
    by: String,
}

fn granted(workflow: &Workflow<'_>, job: &Job<'_>) -> Option<Grants> {
    match job.node.get("permissions") {
        Some(node) => Grants::of(node),
        None => Grants::of(&workflow.permissions()?.value),
    }
}

/// What the jobs of `job`'s callee, and of what they call, ask for beyond `granted`.
fn descend(
    model: &Model,
    workflow: &Workflow<'_>,
    job: &Job<'_>,
    granted: &Grants,
    depth: usize,
    lacking: &mut Vec<Lack>,
) {
    let Some(callee) = model.callee(workflow.file, job) else {
        return;
    };
    if depth >= MAX_DEPTH {
        return;
    }
    for inner in callee.jobs() {
        let own = inner.node.get("permissions");
        let asked = own
            .or_else(|| callee.permissions().map(|entry| &entry.value))
            .and_then(Grants::of);
        if let Some(asked) = &asked {
            let scopes = match asked {
                Grants::All(level) => SCOPES.iter().map(|scope| (*scope, *level)).collect(),
                Grants::Some(_) => asked.asked(),
            };
            for (scope, level) in scopes {
                if asked.level(scope) > granted.level(scope) {
                    lacking.push(Lack {
                        scope: scope.to_owned(),
                        level: level.to_owned(),
                        by: format!("the job `{}` of `{}`", inner.id.text, callee.file.shown()),
                    });
                }
            }
            // What that job says itself is held against what it calls when it is its turn.
            continue;
        }
        descend(model, &callee, &inner, granted, depth + 1, lacking);
    }
}
