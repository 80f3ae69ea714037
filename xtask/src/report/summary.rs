//! GitHub's job summary: the Markdown page beside a run.

use std::fs::OpenOptions;
use std::io::Write;

/// Appends Markdown to the page that `GITHUB_STEP_SUMMARY` names, where there is one.
pub fn append(markdown: &str) {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else {
        return;
    };
    let attempt = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        writeln!(file, "{markdown}")
    };
    // The page is an extra; what was found is printed all the same.
    if let Err(error) = attempt() {
        let path = std::path::Path::new(&path).display();
        eprintln!("warning: cannot write the job summary, GITHUB_STEP_SUMMARY={path}: {error}");
    }
}
