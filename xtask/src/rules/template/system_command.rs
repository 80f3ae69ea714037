//! Hooks that leave Rhai.

use super::Rule;
use super::model::{ENOUGH, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "system-command",
    summary: "a hook that calls `system::…`",
    why: "cargo-generate stops and asks before it runs a command, and fails where there is no terminal. The command may \
          be missing, or differ, on a developer's machine; and a date makes two renders of the same answers differ.",
    example: "system::command(\"git\", [\"init\"]);",
    remedy: "Do it in Rhai with `file` and `variable`, or after rendering, in `cargo xtask create`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for (_, source, code) in template.code() {
            let calls = code.calls.iter();
            for call in calls
                .filter(|call| call.module.as_deref() == Some("system"))
                .take(ENOUGH)
            {
                let message = format!("the hook calls `system::{}`", call.name.text);
                let help = "hooks run no commands and ask for no date: use `file` and `variable`";
                report.error(RULE.id, source, call.name.span.clone(), message, help);
            }
        }
    }
}
