//! A job ends.

use super::Rule;
use super::model::Model;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "H1-time-out",
    summary: "a job without `timeout-minutes` (a warning)",
    why: "A job that hangs holds its runner, and its concurrency group, for six hours.",
    example: "test:\n  runs-on: ubuntu-24.04\n  steps: […]",
    remedy: "Add `timeout-minutes:`, with twice what the job takes on a bad day.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            if job.node.get("timeout-minutes").is_none()
                && job.node.get("steps").is_some()
                && job.node.get("uses").is_none()
            {
                let message = format!("the job `{}` may run for six hours", job.id.text);
                let help = "add `timeout-minutes: 30`";
                report.warning(
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
