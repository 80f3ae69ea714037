//! A job of the release driver without the checkout that the others of its workflow have.

use std::ops::Range;

use super::super::model::driver::{DRIVER, acts};
use super::super::model::{Job, Workflow};

/// Where a job deploys what it has not checked out, and what does so; nothing where no other job of its kind checks out.
pub fn lacks(workflow: Workflow<'_>, job: &Job<'_>) -> Option<(Range<usize>, String)> {
    if checks_out(job) {
        return None;
    }
    let acts_here = acts(workflow, job);
    // What is lifted is only recorded.
    let act = acts_here.iter().find(|act| act.verb() != "lift")?;
    let used = |job: &Job<'_>| -> Vec<String> {
        let steps = job.steps();
        let used = steps
            .iter()
            .filter(|step| !step.uses_action("actions/checkout"));
        used.filter_map(|step| Some(step.uses()?.0.text()?.to_owned()))
            .collect()
    };
    let own = used(job);
    let jobs = workflow.jobs();
    let is_twin = |other: &&Job<'_>| {
        let theirs = used(other);
        checks_out(other)
            && own.iter().all(|name| theirs.contains(name))
            && acts(workflow, other)
                .iter()
                .any(|other| other.verb() == act.verb())
    };
    let twin = jobs.iter().find(is_twin)?;
    let what = format!(
        "`{DRIVER} {}`, for which `{}` checks out,",
        act.verb(),
        twin.id.text
    );
    Some((act.span(), what))
}

fn checks_out(job: &Job<'_>) -> bool {
    let steps = job.steps();
    steps
        .iter()
        .any(|step| step.uses_action("actions/checkout"))
}
