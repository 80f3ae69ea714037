//! Files that are not text.

use super::Rule;
use super::model::{Body, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "not-utf8",
    summary: "a file that is not UTF-8 and not excluded from rendering",
    why: "cargo-generate reads every file that it renders as text, and fails on one that is none, after it has made the \
          folder.",
    example: "template-demo/docs/logo.png, with no `exclude` that covers it",
    remedy: "List the file under `exclude`, which copies it as it is; or save it in UTF-8, where it is text.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for file in template.rendered() {
            if let Body::Bytes(at) = file.body {
                let message = format!("not UTF-8 from byte {} on, and rendered as text", at + 1);
                let help = format!(
                    "add `exclude = [\"{}\"]` under `[template]`, or save it in UTF-8",
                    file.target
                );
                report.error_in_file(RULE.id, &file.place, message, help);
            }
        }
    }
}
