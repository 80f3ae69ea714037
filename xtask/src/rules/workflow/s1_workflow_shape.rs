//! Keys that GitHub does not know, and values of the wrong form.

use super::model::Model;
use super::{ENOUGH, Rule};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S1-workflow-shape",
    summary: "a key that is not known at its place, or a value of the wrong form",
    why: "GitHub refuses the whole file, and says so only after a push, in a run without jobs. A key of a caller's or an \
          action's that it does not know is dropped without a word.",
    example: "permissons:\n  contents: read",
    remedy: "Spell the key as GitHub does, and put it where it belongs; the help line names what was probably meant.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        for fault in file.walked.shapes.iter().take(ENOUGH) {
            let source = &file.source;
            report.error(
                RULE.id,
                source,
                fault.span.clone(),
                &fault.message,
                &fault.help,
            );
        }
    }
}
