//! What a service carries calls, and does nothing itself.

use super::Rule;
use super::model::yaml::Node;
use super::model::{Model, Uses};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "T3-thin-caller",
    summary: "a workflow rendered from a template that does more than call the pack's",
    why: "Every service has a copy of it. What stands in the copy is mended in each of them, one by one; what is called is \
          mended once.",
    example: "jobs:\n  lint:\n    runs-on: ubuntu-24.04\n    steps: […]",
    remedy: "Move the steps into a workflow of the pack, and call it with inputs, permissions and secrets by name.",
    check,
};

/// What has to stand in the workflow that is called, and not in a caller. A key that there is not is another rule's.
const CALLED: &[&str] = &["env", "defaults", "concurrency"];
/// The same of its jobs.
const CALLED_JOB: &[&str] = &["concurrency", "strategy"];

fn check(model: &Model, report: &mut Report) {
    for workflow in model
        .workflows()
        .filter(|workflow| workflow.file.rendering.is_some())
    {
        let source = &workflow.file.source;
        let mut own = |node: &Node, keys: &[&str], message: fn(&str) -> String| {
            for entry in node.entries() {
                let key = entry.key.text.as_str();
                if keys.contains(&key) {
                    let help = "move it into the workflow that is called";
                    report.error(RULE.id, source, entry.key.span.clone(), message(key), help);
                }
            }
        };
        own(workflow.root, CALLED, |key| {
            format!("a caller has no `{key}` of its own")
        });
        for job in workflow.jobs().iter().filter(|job| job.uses().is_some()) {
            own(job.node, CALLED_JOB, |key| format!("`{key}` in a caller"));
        }
        for job in workflow.jobs() {
            let Some((node, uses)) = job.uses() else {
                let entry = job
                    .node
                    .entry("steps")
                    .or_else(|| job.node.entries().first());
                let span = entry.map_or(job.id.span.clone(), |entry| entry.key.span.clone());
                let message = format!(
                    "the job `{}` does its work in every service's copy",
                    job.id.text
                );
                report.error(
                    RULE.id,
                    source,
                    span,
                    message,
                    "move its steps into a workflow of the pack, and call that with `uses:`",
                );
                continue;
            };
            if matches!(uses, Uses::Local(_)) {
                let message = "a workflow of the service's own";
                report.error(
                    RULE.id,
                    source,
                    node.span.clone(),
                    message,
                    "call one of the pack's",
                );
            }
        }
    }
}
