//! `./` in a step of what others call.

use super::Rule;
use super::model::{Model, Uses};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R10-local-action",
    summary: "a step with `uses: ./…` in a workflow or action that other repositories use",
    why: "`./` in a step means the caller's checkout, which has no such action: the step fails in every service, and passes \
          here.",
    example: "steps:\n  - uses: ./.github/actions/guard",
    remedy: "Name it with its repository and ref: `uses: ORG/REPO/.github/actions/guard@REF # platform.toml: org/repo@ref`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in model.files.iter().filter(|file| file.is_called()) {
        for step in file.steps() {
            let Some((node, Uses::Local(path))) = step.uses() else {
                continue;
            };
            if !model.is_used_from_outside(file) {
                continue;
            }
            let help = match &model.platform {
                Some(platform) => format!(
                    "write `uses: {}/{}/{path}@{} # platform.toml: org/repo@ref`",
                    platform.org, platform.repo, platform.reference
                ),
                None => format!("write `uses: OWNER/REPO/{path}@REF`"),
            };
            let message = format!("`./{path}` is looked for in the caller's checkout");
            report.error(RULE.id, &file.source, node.span.clone(), message, help);
        }
    }
}
