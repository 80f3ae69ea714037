//! `explain RULE`: what a rule catches, why, an example and the remedy.

use std::io::Write;

use anyhow::Result;

use crate::drift;
use crate::lint::external;
use crate::rules;

/// Prints the rule called `rule`; a name that there is not is an error that names the nearest.
pub fn run(rule: &str, out: &mut dyn Write) -> Result<()> {
    let text = match external::explain(rule) {
        Some(text) => text,
        None => rules::explain(rule, drift::FINDINGS)?,
    };
    Ok(out.write_all(text.as_bytes())?)
}
