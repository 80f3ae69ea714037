//! Suppressions that suppress nothing, or don't say why.

use super::model::{File, Model};
use super::{RULES, Rule, named};
use crate::report::Report;
use crate::rules::suppression::{self, Asking, Names};
use crate::rules::template;

/// The rule.
pub const RULE: Rule = Rule {
    id: "L1-suppression",
    summary: "a `# lint: allow(RULE)` without a reason, with a rule that there is not, or on a line where that rule finds \
              nothing",
    why: "A suppression that outlives what it was for hides the next fault at its place; one without a reason nobody dares to \
          take away.",
    example: "- uses: your-org/tool@main # lint: allow(P3)",
    remedy: "Write `# lint: allow(P3) why this is right here` on the line, and remove it when nothing is found there.",
    check,
};

/// The workflow rules, as suppressions name them.
pub(super) const NAMES: Names = Names {
    own: RULE.id,
    named: |name| named(name).map(|rule| rule.id),
    elsewhere: |name| template::RULES.iter().any(|rule| rule.id == name),
    ids: || RULES.iter().map(|rule| rule.id).collect(),
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        suppression::check(asking(file), NAMES, report);
    }
}

/// A file and what it asks for.
pub(super) fn asking(file: &File) -> Asking<'_> {
    (&file.source, &file.suppressions)
}
