//! `validate`: holds every template against the template rules.

use std::path::Path;

use anyhow::Result;

use crate::pack::{self, Pack};
use crate::report::Report;
use crate::{rules, sync};

/// What the rules find in the pack at `root`.
///
/// # Errors
/// When the pack can't be read.
pub fn check(root: Option<&Path>) -> Result<Report> {
    // What can't be parsed is a finding here, and keeps every other command from its work.
    let unreadable = pack::defects(root)?;
    if unreadable.has_errors() {
        return Ok(unreadable);
    }
    let pack = Pack::open(root)?;
    let mut report = rules::template::check(&pack)?;
    // Templates whose registry is broken are findings already, and cannot be opened.
    if !report.has_errors() {
        report.extend(sync::check_facts(&pack)?);
    }
    Ok(report)
}
