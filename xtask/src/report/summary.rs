//! GitHub's job summary: the Markdown page beside a run.

use std::fs::OpenOptions;
use std::io::{self, Write};

/// Appends Markdown to the page that `GITHUB_STEP_SUMMARY` names, where there is one.
pub fn append(markdown: &str) -> io::Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    writeln!(file, "{markdown}")
}
