//! Secrets in files that every service gets.

use std::ops::Range;

use super::Rule;
use super::model::{Body, ENOUGH, Model};
use crate::report::Report;
use crate::rules::secrets::{Find, find};

/// The rule.
pub const RULE: Rule = Rule {
    id: "secret-in-config",
    summary: "a value in a configuration file that looks like a secret",
    why: "What stands in a template is in the history of every service that was made from it. A password there is known \
          to all, and is still valid when everybody has forgotten it.",
    example: "database:\n  password: hunter2-sup3r",
    remedy: "Name the secret and let the service fetch it: `{ secret: database-password }`. A value for a developer's \
             machine starts with `dev-only-`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for file in template.shipped() {
            let Body::Text(source, _) = &file.body else {
                continue;
            };
            for found in find(&file.target, &source.text).into_iter().take(ENOUGH) {
                let (span, message): (Range<usize>, String) = match found {
                    Find::Token(span, kind) => (span, format!("this looks like {kind}")),
                    Find::Value(span, key) => {
                        (span, format!("`{key}` holds what looks like a secret"))
                    }
                };
                let help = "take it out, let the service fetch it (`{ secret: NAME }`), and revoke it if it was ever valid; \
                            a placeholder for a developer's machine starts with `dev-only-`";
                report.error(RULE.id, source, span, message, help);
            }
        }
    }
}
