//! The rules: what `validate` holds templates against, and `lint` workflows.
//!
//! A model parses, a rule judges: it reads no files, starts no processes and prints nothing. One file a rule, one row in
//! the table of its family, one folder of fixtures that shows it firing.

mod about;
mod docs;
#[cfg(test)]
mod meta;
mod secrets;
mod suppression;
pub mod template;
pub mod workflow;

use anyhow::{Result, bail};

use crate::parallel;
use crate::report::{Report, nearest};

pub use about::{About, about};
pub use docs::docs;

/// Something that the pack may not have, as a judgement over the model `M`.
pub struct Rule<M> {
    /// Its name: in findings, in `explain`, and of its file.
    pub id: &'static str,
    /// What it catches, in one line.
    pub summary: &'static str,
    /// What happens when it is not caught.
    pub why: &'static str,
    /// The smallest text that it catches.
    pub example: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// Finds it.
    pub check: fn(&M, &mut Report),
}

/// What `rules` find in `model`.
fn all<M: Sync>(rules: &[Rule<M>], model: &M) -> Report {
    let reports = parallel::map(rules, |rule| {
        let mut report = Report::default();
        (rule.check)(model, &mut report);
        report
    });
    let mut report = Report::default();
    for found in reports {
        report.extend(found);
    }
    report
}

/// The rule called `id`, or of that code, or one of `more`, in prose; the error names the nearest.
pub fn explain(id: &str, more: &[About]) -> Result<String> {
    let rules = [&about(), more].concat();
    let full = workflow::named(id).map_or(id, |rule| rule.id);
    if let Some(rule) = rules.iter().find(|rule| rule.id == full) {
        return Ok(rule.explanation());
    }
    let ids = || rules.iter().map(|rule| rule.id);
    match nearest(id, ids()) {
        Some(near) => bail!("there is no rule `{id}`; did you mean `{near}`?"),
        None => bail!(
            "there is no rule `{id}`; the rules are {}",
            ids()
                .map(|id| format!("`{id}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}
