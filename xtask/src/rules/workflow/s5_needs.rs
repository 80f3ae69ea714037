//! Jobs that wait for nobody, or for each other.

use super::Rule;
use super::model::{Job, Model, Workflow};
use super::words::did_you_mean;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S5-needs",
    summary: "a job that needs one that is not there, or that needs itself in the end",
    why: "GitHub refuses the whole file.",
    example: "deploy:\n  needs: biuld",
    remedy: "Name a job of the same workflow by its id, and let no job wait for one that waits for it.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        let jobs = workflow.jobs();
        for job in &jobs {
            let mut seen: Vec<String> = Vec::new();
            for need in job.needs() {
                let ids = || {
                    jobs.iter()
                        .map(|job| job.id.text.as_str())
                        .filter(|id| *id != job.id.text)
                };
                let (message, help) = if need.text == job.id.text {
                    (
                        format!("`{}` needs itself", need.text),
                        "take it away".to_owned(),
                    )
                } else if workflow.job(&need.text).is_none() {
                    let all: Vec<&str> = ids().collect();
                    let help = did_you_mean(
                        &need.text,
                        ids(),
                        format!("the other jobs are {}", all.join(", ")),
                    );
                    (format!("there is no job `{}`", need.text), help)
                } else if seen.contains(&need.text) {
                    (
                        format!("`{}` is needed twice", need.text),
                        "take one of the two away".to_owned(),
                    )
                } else if let Some(cycle) = cycle(&workflow, job, &need.text) {
                    let message = format!("jobs that wait for each other: {}", cycle.join(" → "));
                    (
                        message,
                        format!(
                            "take `{}` out of the `needs` of `{}`, or break the circle elsewhere",
                            need.text, job.id.text
                        ),
                    )
                } else {
                    seen.push(need.text);
                    continue;
                };
                report.error(RULE.id, &workflow.file.source, need.span, message, help);
            }
            if !valid_id(&job.id.text) {
                let message = format!("`{}` can't be a job's id", job.id.text);
                let help =
                    "start with a letter or `_`, and go on with letters, digits, `-` and `_`";
                report.error(
                    RULE.id,
                    &workflow.file.source,
                    job.id.span.clone(),
                    message,
                    help,
                );
            }
        }
    }
}

fn valid_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// The way from `job` over `need` back to it; reported once, at its first job.
fn cycle(workflow: &Workflow<'_>, job: &Job<'_>, need: &str) -> Option<Vec<String>> {
    let first = workflow.job(need)?;
    let mut ways = vec![vec![job.id.text.clone(), first.id.text.clone()]];
    let mut seen = vec![first.id.text.clone()];
    while let Some(way) = ways.pop() {
        let last = workflow.job(way.last()?)?;
        for next in last.needs() {
            let mut way = way.clone();
            way.push(next.text.clone());
            if next.text == job.id.text {
                let jobs = workflow.jobs();
                let place = |id: &String| jobs.iter().position(|job| job.id.text == *id);
                let is_first = way.iter().all(|id| place(id) >= place(&job.id.text));
                return is_first.then_some(way);
            }
            if !seen.contains(&next.text) && workflow.job(&next.text).is_some() {
                seen.push(next.text);
                ways.push(way);
            }
        }
    }
    None
}
