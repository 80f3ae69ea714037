//! `validate`: holds every template against the template rules.

use anyhow::Result;

use crate::pack::Pack;
use crate::report::Report;
use crate::rules;

/// What the rules find in the pack.
pub fn run(pack: &Pack) -> Result<Report> {
    rules::template::check(pack)
}
