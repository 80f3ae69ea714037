//! Hooks that fail when they run.

use super::model::{Model, Template};
use super::{Rule, broken_hook};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "failing-hook",
    summary: "a hook that fails with some combination of options, never ends, or refuses the defaults",
    why: "A hook that moves a file which is not there stops cargo-generate half way: the developer who picked that option \
          has an error and a folder that blocks the next try. Every combination is rehearsed, with files as names in memory.",
    example: "file::rename(\"options/metrics-otlp/src/spam.rs\", \"src/span.rs\");",
    remedy: "Move files that are there to folders that are there, under the option that brings them.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        if template
            .code()
            .any(|(_, _, code)| broken_hook::is_broken(template, code))
        {
            continue;
        }
        for failure in &template.rehearsal.failures {
            let script = template.scripts.get(failure.hook);
            let Some(source) = script.and_then(|script| script.source.as_ref()) else {
                continue;
            };
            let message = format!("{}{}", failure.message, with(template, &failure.case));
            let help = "mend this line, or put it under the option that it is for";
            report.error(RULE.id, source, failure.span.clone(), message, help);
        }
    }
}

/// ", with `a=b`", or nothing where there are no options.
fn with(template: &Template, case: &crate::pack::Case) -> String {
    if template.manifest.placeholders.is_empty() || case.answers.is_empty() {
        return String::new();
    }
    format!(", with `{case}`")
}
