//! `steps.x`, and the ids of steps.

use super::member;
use crate::rules::workflow::model::shape::Site;
use crate::rules::workflow::model::yaml::{Fault, Name};
use crate::rules::workflow::model::{File, Step};
use crate::rules::workflow::words::{bad_id, did_you_mean};

/// What a step has for those behind it.
const MEMBERS: &[&str] = &["conclusion", "outcome", "outputs"];

/// `steps.x` of the job, or action, that it stands in.
pub fn referred(file: &File, site: &Site, path: &[&Name]) -> Option<Fault> {
    let name = path[1];
    let all = file.steps();
    let of_job = all
        .iter()
        .filter(|step| step.job.map(|job| job.text.as_str()) == site.job.as_deref());
    let with_ids: Vec<(&Step<'_>, &str)> = of_job
        .filter_map(|step| Some((step, step.id()?.text()?)))
        .collect();
    let found = with_ids
        .iter()
        .find(|(_, id)| id.eq_ignore_ascii_case(&name.text));
    let before = |step: &Step<'_>| site.step.is_none_or(|at| step.index < at);
    match found {
        None => {
            let known = || {
                with_ids
                    .iter()
                    .filter(|(step, _)| before(step))
                    .map(|(_, id)| *id)
            };
            let elsewhere = all
                .iter()
                .find(|step| step.id().and_then(|id| id.text()) == Some(&name.text));
            let help = match elsewhere.and_then(|step| step.job) {
                Some(job) => format!(
                    "it is a step of `{}`: make it an output there, and read `needs.{}.outputs`",
                    job.text, job.text
                ),
                None => did_you_mean(
                    &name.text,
                    known(),
                    format!("add `id: {}` to the step that is meant", name.text),
                ),
            };
            Some(Fault::new(
                name.span.clone(),
                format!("there is no step `{}` in this job", name.text),
                help,
            ))
        }
        Some((step, _)) if !before(step) => {
            let message = format!("the step `{}` has not run yet", name.text);
            Some(Fault::new(
                name.span.clone(),
                message,
                "move it before this step",
            ))
        }
        Some(_) => member("steps.x", path.get(2)?, MEMBERS),
    }
}

/// Two steps of one job with one id, and ids that expressions can't name.
pub fn ids(file: &File, faults: &mut Vec<Fault>) {
    let mut seen: Vec<(Option<&str>, String)> = Vec::new();
    for step in file.steps() {
        let Some((node, id)) = step.id().and_then(|node| Some((node, node.text()?))) else {
            continue;
        };
        let key = (
            step.job.map(|job| job.text.as_str()),
            id.to_ascii_lowercase(),
        );
        if seen.contains(&key) {
            let message = format!("a second step `{id}` in this job");
            faults.push(Fault::new(node.span.clone(), message, "give it another id"));
        } else if let Some(help) = bad_id(id) {
            let message = format!("`{id}` can't be a step's id");
            faults.push(Fault::new(node.span.clone(), message, help));
        }
        seen.push(key);
    }
}
