//! A checkout leaves the token behind unless it is told not to.

use super::Rule;
use super::model::Model;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P5-kept-credentials",
    summary: "a checkout that keeps its credentials",
    why: "Every later step of the job, and whatever archives the folder, finds the token in `.git`.",
    example: "- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    remedy: "Add `with: {persist-credentials: false}`; a step that pushes is handed the token by itself.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (file, step) in model.steps() {
        let Some((node, _)) = step.uses().filter(|_| step.uses_action("actions/checkout")) else {
            continue;
        };
        match step.with("persist-credentials") {
            Some(value)
                if value
                    .text()
                    .is_some_and(|text| text.eq_ignore_ascii_case("false")) => {}
            Some(value) => {
                let message = "the checkout keeps its credentials";
                let source = &file.source;
                report.error(
                    RULE.id,
                    source,
                    value.span.clone(),
                    message,
                    "write `false`",
                );
            }
            None => {
                let message = "the checkout keeps its credentials";
                let help = "add `persist-credentials: false` under `with:`";
                report.error(RULE.id, &file.source, node.span.clone(), message, help);
            }
        }
    }
}
