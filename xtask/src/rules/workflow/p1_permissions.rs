//! What a workflow's token may do has to be said.

use super::Rule;
use super::model::Model;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P1-permissions",
    summary: "a workflow without `permissions` of its own, or `write-all`",
    why: "Without, the settings of the repository decide: in many every job may write everything, and so may every action \
          that it uses.",
    example: "permissions: write-all",
    remedy: "Write `permissions: {}` at the top, and grant each job what it needs.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        let source = &workflow.file.source;
        if let (None, Some(jobs)) = (workflow.permissions(), workflow.root.entry("jobs")) {
            report.error(
                RULE.id,
                source,
                jobs.key.span.clone(),
                "the workflow does not say what its token may do",
                "add `permissions: {}` above `jobs:`, and grant each job what it needs",
            );
        }
        let jobs = workflow.jobs();
        let all = jobs.iter().filter_map(|job| job.node.get("permissions"));
        for node in workflow
            .permissions()
            .map(|entry| &entry.value)
            .into_iter()
            .chain(all)
        {
            if node.text() == Some("write-all") {
                let help = "grant what is needed, as in `contents: read`";
                report.error(
                    RULE.id,
                    source,
                    node.span.clone(),
                    "the token may write everything",
                    help,
                );
            }
        }
    }
}
