//! All rules on all files, and what their suppressions make of it.

use super::RULES;
use super::l1_suppression::{NAMES, asking};
use super::model::Model;
use crate::rules::all;
use crate::rules::suppression::{self, Asking, Verdict};

/// Holds the model against all rules.
pub fn check(model: &Model) -> Verdict {
    let report = all(RULES, model);
    let files: Vec<Asking<'_>> = model.files.iter().map(asking).collect();
    suppression::apply(report, &files, NAMES)
}
