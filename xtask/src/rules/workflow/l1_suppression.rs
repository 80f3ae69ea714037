//! Suppressions that suppress nothing, or don't say why.

use super::model::Model;
use super::words::did_you_mean;
use super::{RULES, Rule, named};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "L1-suppression",
    summary: "a `# lint: allow(RULE)` without a reason, with a rule that there is not, or on a line where that rule finds \
              nothing",
    why: "A suppression that outlives what it was for hides the next fault at its place; one without a reason nobody dares to \
          take away.",
    example: "- uses: acme/tool@main # lint: allow(P3)",
    remedy: "Write `# lint: allow(P3) why this is right here` on the line, and remove it when nothing is found there.",
    check,
};

/// Their form; whether they are needed is seen when all rules have spoken.
fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        for suppression in &file.suppressions {
            let source = &file.source;
            let form = "write `# lint: allow(RULE) reason`";
            if !suppression.well_formed {
                report.error(
                    RULE.id,
                    source,
                    suppression.span.clone(),
                    "no suppression of any form",
                    form,
                );
                continue;
            }
            let (rule, span) = &suppression.rule;
            let known = named(rule);
            if known.is_none_or(|known| known.id == RULE.id) {
                let ids = RULES.iter().map(|rule| rule.id);
                let help = did_you_mean(
                    rule,
                    ids,
                    "name a rule as findings do, or by its code: `cargo xtask explain RULE`",
                );
                report.error(
                    RULE.id,
                    source,
                    span.clone(),
                    format!("there is no rule `{rule}` to suppress"),
                    help,
                );
            } else if suppression.reason.is_empty() {
                let message = format!("`{rule}` is suppressed without a reason");
                report.error(
                    RULE.id,
                    source,
                    suppression.span.clone(),
                    message,
                    "say why behind the `)`",
                );
            }
        }
    }
}
