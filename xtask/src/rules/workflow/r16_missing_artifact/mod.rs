//! Artefacts that are downloaded, and that nobody uploads, or not before.

mod uploads;

use super::Rule;
use super::model::yaml::Node;
use super::model::{Job, Model, Step, Workflow};
use super::words::{did_you_mean, listed};
use crate::report::Report;
use uploads::{Uploads, fits, outer};

/// The rule.
pub const RULE: Rule = Rule {
    id: "R16-missing-artifact",
    summary: "an artefact that is downloaded by a name that no job of the run uploads, or by a job that does not wait for the \
              one that uploads it",
    why: "The download fails with every run; without `needs:` it fails whenever the other job is not the faster one.",
    example: "- uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1\n  with:\n    name: sbom\n# in another job\n- uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1\n  with:\n    name: sbomx",
    remedy: "Write the name as `upload-artifact` has it, and name its job under `needs:`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    let downloads = |step: &Step<'_>| step.uses_action("actions/download-artifact");
    for workflow in model.workflows() {
        // To gather what is uploaded costs more than this.
        if !workflow.file.steps().iter().any(downloads) {
            continue;
        }
        let own = Uploads::of(model, workflow);
        let outer = outer(model, workflow);
        for job in workflow.jobs() {
            for step in job.steps() {
                if let Some((node, name)) = named(&step)
                    && let Some((message, help)) =
                        judge(model, workflow, &job, name, (&own, &outer))
                {
                    let source = &workflow.file.source;
                    report.error(RULE.id, source, node.span.clone(), message, help);
                }
            }
        }
    }
}

/// The name by which a step downloads an artefact of its own run.
fn named<'a>(step: &Step<'a>) -> Option<(&'a Node, &'a str)> {
    let elsewhere = [
        "run-id",
        "repository",
        "github-token",
        "artifact-ids",
        "pattern",
    ];
    let may_fail = step.node.get("continue-on-error").is_some();
    if !step.uses_action("actions/download-artifact")
        || may_fail
        || elsewhere.iter().any(|input| step.with(input).is_some())
    {
        return None;
    }
    let node = step.with("name")?;
    Some((node, node.plain().filter(|name| !name.is_empty())?))
}

fn judge(
    model: &Model,
    workflow: Workflow<'_>,
    job: &Job<'_>,
    name: &str,
    (own, outer): (&Uploads, &Uploads),
) -> Option<(String, String)> {
    if outer.has(name) {
        return None;
    }
    let mut jobs: Vec<&str> = own
        .names
        .iter()
        .filter(|(_, pattern)| fits(pattern, name))
        .filter_map(|(job, _)| job.as_deref())
        .collect();
    jobs.dedup();
    let Some(uploader) = jobs.first() else {
        if own.is_open || outer.is_open {
            return None;
        }
        let names = || own.names.iter().map(|(_, name)| name.as_str());
        let message = format!("nobody uploads an artefact `{name}`");
        let help = did_you_mean(name, names(), listed("artefacts", names()));
        return Some((message, help));
    };
    let before = workflow.ancestors(job);
    let waits = before.iter().any(|before| {
        // What another repository's workflow uploads is not known.
        let is_read = before.uses().is_none() || model.callee(workflow.file, before).is_some();
        !is_read || jobs.contains(&before.id.text.as_str())
    });
    if waits || jobs.contains(&job.id.text.as_str()) {
        return None;
    }
    let id = &job.id.text;
    let message = format!("`{id}` does not wait for `{uploader}`, which uploads `{name}`");
    let needs = job.needs();
    let all = needs
        .iter()
        .map(|need| need.text.as_str())
        .chain([*uploader]);
    let all: Vec<&str> = all.collect();
    Some((message, format!("write `needs: [{}]`", all.join(", "))))
}
