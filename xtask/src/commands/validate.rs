//! `validate`: holds every template against the template rules.

use anyhow::Result;

use crate::pack::Pack;
use crate::report::Report;
use crate::rules;
use crate::sync;

/// What the rules find in the pack.
pub fn run(pack: &Pack) -> Result<Report> {
    let mut report = rules::template::check(pack)?;
    // Templates whose registry is broken are findings already, and cannot be opened.
    if !report.has_errors() {
        report.extend(sync::check_facts(pack)?);
    }
    Ok(report)
}
