//! `needs.x`, `jobs.x` and their outputs.

use super::{job_of, member};
use crate::rules::workflow::model::File;
use crate::rules::workflow::model::shape::Site;
use crate::rules::workflow::model::yaml::{Fault, Name};
use crate::rules::workflow::words::{did_you_mean, listed};

/// What a job has for others.
const MEMBERS: &[&str] = &["outputs", "result"];

/// `needs.x` of the job that it stands in.
pub fn needed(file: &File, site: &Site, path: &[&Name]) -> Option<Fault> {
    let job = job_of(file, site)?;
    let name = path[1];
    let needs = job.needs();
    if !needs
        .iter()
        .any(|need| need.text.eq_ignore_ascii_case(&name.text))
    {
        let message = format!(
            "`{}` is not among the `needs` of `{}`",
            name.text, job.id.text
        );
        let help = if file.workflow()?.job(&name.text).is_some() {
            format!("add `{}` to `needs:`", name.text)
        } else {
            let all = listed("needs", needs.iter().map(|need| need.text.as_str()));
            did_you_mean(&name.text, needs.iter().map(|need| need.text.as_str()), all)
        };
        return Some(Fault::new(name.span.clone(), message, help));
    }
    member("needs.x", path.get(2)?, MEMBERS).or_else(|| output(file, &name.text, path))
}

/// `jobs.x`, which the outputs of a workflow read.
pub fn called(file: &File, path: &[&Name]) -> Option<Fault> {
    let workflow = file.workflow()?;
    let name = path[1];
    if workflow.job(&name.text).is_none() {
        let all = workflow.jobs();
        let ids = || all.iter().map(|job| job.id.text.as_str());
        let help = did_you_mean(&name.text, ids(), listed("jobs", ids()));
        return Some(Fault::new(
            name.span.clone(),
            format!("there is no job `{}`", name.text),
            help,
        ));
    }
    member("jobs.x", path.get(2)?, MEMBERS).or_else(|| output(file, &name.text, path))
}

/// `….outputs.y` of a job that runs steps; those of a call are R5's.
fn output(file: &File, job: &str, path: &[&Name]) -> Option<Fault> {
    let output = path
        .get(3)
        .filter(|_| path[2].text.eq_ignore_ascii_case("outputs"))?;
    let job = file.workflow()?.job(job)?;
    let declared = job.outputs();
    if job.uses().is_some()
        || declared
            .iter()
            .any(|entry| entry.key.text.eq_ignore_ascii_case(&output.text))
    {
        return None;
    }
    let names = || declared.iter().map(|entry| entry.key.text.as_str());
    let message = format!("the job `{}` has no output `{}`", job.id.text, output.text);
    let help = did_you_mean(
        &output.text,
        names(),
        format!(
            "add `{}: ${{{{ steps.x.outputs.y }}}}` to its `outputs:`",
            output.text
        ),
    );
    Some(Fault::new(output.span.clone(), message, help))
}
