//! The lock file.

use super::Rule;
use super::model::Model;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "missing-lock",
    summary: "a template without `Cargo.lock` or `Cargo.lock.liquid`, which no hook writes either",
    why: "Without a lock file a new service takes whatever was published this morning: what compiled yesterday need not \
          compile tomorrow, and `--locked` fails at once.",
    example: "template-demo/ with a Cargo.toml.liquid and no Cargo.lock.liquid",
    remedy: "Run `cargo xtask sync`, and commit the lock file that it writes.",
    check,
};

/// Where cargo looks for it.
const LOCK: &str = "Cargo.lock";
/// What a template ships instead, since a service's own entry has its name in it.
const SHIPPED: &str = "Cargo.lock.liquid";

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        if !template.always_has(LOCK) && !template.written().any(|path| path == LOCK) {
            let message = format!("`{}` has no lock file", template.name);
            let place = format!("{}/{SHIPPED}", template.name);
            report.error_in_file(RULE.id, place, message, "cargo xtask sync");
        } else if let Some(run) = template
            .rehearsal
            .whole()
            .find(|run| !run.files.contains_key(LOCK))
        {
            let message = format!("`{}` has no lock file with `{}`", template.name, run.case);
            let place = format!("{}/{SHIPPED}", template.name);
            let help = "ship the lock file under every option";
            report.error_in_file(RULE.id, place, message, help);
        }
    }
}
