//! Files that are no YAML, and keys that stand twice.

use super::Rule;
use super::model::Model;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S2-unparsable",
    summary: "a file that is no YAML, has a key twice, or goes beyond every bound",
    why: "Nothing of such a file runs. Of a key that stands twice one is dropped, and readers don't agree which one.",
    example: "jobs:\n  test: {}\n  test: {}",
    remedy: "Mend the YAML at the place that is named; keep one of two equal keys.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        for fault in &file.faults {
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
