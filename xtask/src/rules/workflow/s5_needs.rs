//! Jobs that wait for nobody, or for each other.

use std::collections::HashMap;

use super::Rule;
use super::model::Model;
use super::words::{bad_id, did_you_mean, listed};
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

/// Of each job its place and what it needs.
type Needs = HashMap<String, (usize, Vec<String>)>;

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        let jobs = workflow.jobs();
        let needs: Needs = jobs
            .iter()
            .enumerate()
            .map(|(place, job)| {
                let needs = job.needs().into_iter().map(|need| need.text).collect();
                (job.id.text.clone(), (place, needs))
            })
            .collect();
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
                    let help = did_you_mean(&need.text, ids(), listed("other jobs", ids()));
                    (format!("there is no job `{}`", need.text), help)
                } else if seen.contains(&need.text) {
                    (
                        format!("`{}` is needed twice", need.text),
                        "take one of the two away".to_owned(),
                    )
                } else if let Some(cycle) = cycle(&needs, &job.id.text, &need.text) {
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
            if let Some(help) = bad_id(&job.id.text) {
                let message = format!("`{}` can't be a job's id", job.id.text);
                let source = &workflow.file.source;
                report.error(RULE.id, source, job.id.span.clone(), message, help);
            }
        }
    }
}

/// The way from `job` over `need` back to it; reported once, at its first job.
fn cycle(needs: &Needs, job: &str, need: &str) -> Option<Vec<String>> {
    let mut came_from: HashMap<&str, &str> = HashMap::new();
    let (start, _) = needs.get_key_value(need)?;
    let mut open = vec![start.as_str()];
    while let Some(id) = open.pop() {
        for next in &needs.get(id)?.1 {
            if next == job {
                return way(needs, job, id, &came_from);
            }
            if next != need && !came_from.contains_key(next.as_str()) && needs.contains_key(next) {
                came_from.insert(next, id);
                open.push(next);
            }
        }
    }
    None
}

fn way(
    needs: &Needs,
    job: &str,
    last: &str,
    came_from: &HashMap<&str, &str>,
) -> Option<Vec<String>> {
    let mut way = vec![job.to_owned(), last.to_owned()];
    let mut at = last;
    while let Some(before) = came_from.get(at) {
        way.push((*before).to_owned());
        at = before;
    }
    way.push(job.to_owned());
    way.reverse();
    let place = |id: &str| needs.get(id).map(|(place, _)| *place);
    let is_first = way.iter().all(|id| place(id) >= place(job));
    is_first.then_some(way)
}
