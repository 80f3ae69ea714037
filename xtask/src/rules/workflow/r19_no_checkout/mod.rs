//! Jobs that work with the repository and never check it out.

mod action;
mod command;
mod stage;

use std::ops::Range;

use super::Rule;
use super::model::shell::Script;
use super::model::{File, Job, Model, Step, Uses, Workflow};
use crate::report::Report;
use command::{is_quiet, needs};

/// The rule.
pub const RULE: Rule = Rule {
    id: "R19-no-checkout",
    summary: "a job that builds or runs what is in the repository, and that has no step before which checks it out",
    why: "A job begins with an empty folder: the command finds no `Cargo.toml`, no script and no action.",
    example: "steps:\n  - run: cargo test --locked",
    remedy: "Put a step with `actions/checkout` before it.",
    check,
};

/// What is known of a job's folder behind a command or step.
enum Then {
    /// It is still empty.
    Empty,
    /// There may be files in it.
    Unknown,
    /// It had to hold what it does not: where, and what.
    Lacking(Range<usize>, String),
}

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            let moved = ["defaults", "run", "working-directory"];
            let is_moved = workflow.root.at(&moved).or(job.node.at(&moved)).is_some();
            // On a machine of one's own there may be anything.
            if is_moved || !job.is_hosted() {
                continue;
            }
            let found = lacks(model, workflow, &job);
            if let Some((span, what)) = found.or_else(|| stage::lacks(workflow, &job)) {
                let message =
                    format!("{what} finds nothing: no step before checks the repository out");
                let help = "put a step with `actions/checkout` before it";
                report.error(RULE.id, &workflow.file.source, span, message, help);
            }
        }
    }
}

fn lacks(model: &Model, workflow: Workflow<'_>, job: &Job<'_>) -> Option<(Range<usize>, String)> {
    for step in job.steps() {
        match of_step(model, workflow.file, &step) {
            Then::Empty => {}
            Then::Unknown => return None,
            Then::Lacking(span, what) => return Some((span, what)),
        }
    }
    None
}

fn of_step(model: &Model, file: &File, step: &Step<'_>) -> Then {
    if step.run().is_some() {
        return of_run(model, file, step);
    }
    match step.uses() {
        // In what other repositories call, R10 says more of it.
        Some((_, Uses::Local(_))) if file.is_called() && model.is_used_from_outside(file) => {
            Then::Unknown
        }
        Some((node, Uses::Local(path))) => Then::Lacking(node.span.clone(), format!("`./{path}`")),
        Some(_) if step.is_familiar() => Then::Empty,
        Some((node, _)) => match action::of(model, file, step) {
            Then::Lacking(_, what) => Then::Lacking(node.span.clone(), what),
            then => then,
        },
        None => Then::Unknown,
    }
}

fn of_run(model: &Model, file: &File, step: &Step<'_>) -> Then {
    let script = step
        .run()
        .and_then(|run| Script::of(run, &file.source.text));
    let Some(script) =
        script.filter(|_| file.runs_in_shell(step) && step.node.get("working-directory").is_none())
    else {
        return Then::Unknown;
    };
    // Folders of elsewhere, and what a substitution does, are anybody's.
    if script.done.contains("$(") || script.done.contains('`') {
        return Then::Unknown;
    }
    for command in &script.commands {
        let words = command.call();
        let Some(first) = words.first() else {
            continue;
        };
        if let Some(what) = needs(model, file, command) {
            let last = usize::from(command.name() == "cargo");
            let end = words.get(last).unwrap_or(first).span.end;
            return Then::Lacking(script.span(first.span.start..end), what);
        }
        if !is_quiet(command) {
            return Then::Unknown;
        }
    }
    Then::Empty
}
