//! Workflows that call each other in a circle.

use super::Rule;
use super::model::{Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R18-call-circle",
    summary: "a workflow that calls itself, directly or through what it calls",
    why: "GitHub follows calls ten levels down and then gives up: no job of any caller starts.",
    example: "# in service-ci.yml\nagain:\n  uses: ./.github/workflows/service-ci.yml",
    remedy: "Take the call away, or move the jobs that both need into a workflow of their own.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for caller in model.workflows() {
        for job in caller.jobs() {
            let (Some((node, _)), Some(callee)) = (job.uses(), model.callee(caller.file, &job))
            else {
                continue;
            };
            let mut seen = Vec::new();
            if !leads(model, callee, caller, &mut seen) {
                continue;
            }
            let (own, other) = (caller.file.shown(), callee.file.shown());
            let message = if std::ptr::eq(caller.file, callee.file) {
                format!("`{own}` calls itself")
            } else {
                format!("`{other}` comes back to `{own}`, which calls it")
            };
            let help = format!(
                "take the job `{}` away, or call another workflow",
                job.id.text
            );
            let source = &caller.file.source;
            report.error(RULE.id, source, node.span.clone(), message, help);
        }
    }
}

/// Whether `from` is `to`, or calls it in the end.
fn leads<'a>(
    model: &'a Model,
    from: Workflow<'a>,
    to: Workflow<'a>,
    seen: &mut Vec<&'a str>,
) -> bool {
    if std::ptr::eq(from.file, to.file) {
        return true;
    }
    let name = from.file.source.file.as_str();
    if seen.contains(&name) {
        return false;
    }
    seen.push(name);
    from.jobs().iter().any(|job| {
        let callee = model.callee(from.file, job);
        callee.is_some_and(|callee| leads(model, callee, to, seen))
    })
}
