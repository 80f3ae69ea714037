//! Triggers that run a stranger's change with the repository's secrets.

use super::Rule;
use super::model::Model;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P7-privileged-trigger",
    summary: "`pull_request_target` or `workflow_run`",
    why: "Both run with a token that writes and with all secrets, on what a fork has sent in. One checkout of it is enough.",
    example: "on: pull_request_target",
    remedy: "Use `pull_request`; what has to write runs on `push` to the default branch, or by hand.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for event in workflow.events() {
            let help = match event.text.as_str() {
                "pull_request_target" => "write `pull_request`",
                "workflow_run" => "make it a job that `needs` the other, or call the workflow",
                _ => continue,
            };
            let message = format!(
                "`{}` runs what a fork has sent in with all rights of the repository",
                event.text
            );
            report.error(RULE.id, &workflow.file.source, event.span, message, help);
        }
    }
}
