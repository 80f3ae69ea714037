//! GitHub's job summary: the Markdown page beside a run.

use std::fs::OpenOptions;
use std::io::Write;

use anyhow::{Context, Result};

/// Appends Markdown to the page that `GITHUB_STEP_SUMMARY` names, where there is one.
pub fn append(markdown: &str) -> Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    let attempt = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        writeln!(file, "{markdown}")
    };
    attempt().with_context(|| {
        let path = path.display();
        format!("cannot write the job summary that GITHUB_STEP_SUMMARY names, `{path}`")
    })
}
