//! Secrets are passed by name.

use super::Rule;
use super::model::{Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P2-secrets-inherit",
    summary: "`secrets: inherit`",
    why: "The callee gets every secret of the repository and of the organisation, whatever it needs, also those that are added \
          tomorrow.",
    example: "uses: your-org/golden-path/.github/workflows/deploy.yml@v1.2.3\nsecrets: inherit",
    remedy: "Pass what the callee declares, by name.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            let Some(node) = job
                .node
                .get("secrets")
                .filter(|node| node.text() == Some("inherit"))
            else {
                continue;
            };
            let declared = model.callee(workflow.file, &job);
            let names: Vec<&str> = declared
                .iter()
                .flat_map(Workflow::secrets)
                .map(|entry| entry.key.text.as_str())
                .collect();
            let help = match (declared.is_some(), names.as_slice()) {
                (true, []) => "take it away: the callee declares no secrets".to_owned(),
                (true, names) => format!(
                    "pass by name what the callee declares: {}",
                    names.join(", ")
                ),
                (false, _) => "pass by name what is needed: `NAME: ${{ secrets.NAME }}`".to_owned(),
            };
            report.error(
                RULE.id,
                &workflow.file.source,
                node.span.clone(),
                "the callee gets every secret there is",
                help,
            );
        }
    }
}
