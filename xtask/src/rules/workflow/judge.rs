//! All rules on all files, and what their suppressions make of it.

use super::RULES;
use super::l1_suppression::{NAMES, asking};
use super::model::Model;
use crate::parallel;
use crate::report::Report;
use crate::rules::suppression::{self, Asking, Verdict};

/// Holds the model against all rules.
pub fn check(model: &Model) -> Verdict {
    let mut report = Report::default();
    let reports = parallel::map(RULES, |rule| {
        let mut report = Report::default();
        (rule.check)(model, &mut report);
        report
    });
    for found in reports {
        report.extend(found);
    }
    let files: Vec<Asking<'_>> = model.files.iter().map(asking).collect();
    suppression::apply(report, &files, NAMES)
}
