//! What is neither file nor folder.

use super::Rule;
use super::model::{Body, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "symlink",
    summary: "a symbolic link, or anything else that is neither file nor folder",
    why: "cargo-generate leaves links out, with a line that nobody reads, and the service lacks the file.",
    example: "template-demo/LICENSE -> ../LICENSE",
    remedy: "Put the file itself in place of the link; `cargo xtask sync` keeps copies the same.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for file in template.shipped() {
            if let Body::Special(kind) = file.body {
                let message = format!("{kind}, which cargo-generate leaves out");
                report.error_in_file(
                    RULE.id,
                    &file.place,
                    message,
                    "put a plain file in its place",
                );
            }
        }
    }
}
