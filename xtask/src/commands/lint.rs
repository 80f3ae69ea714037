//! `lint`: the workflow rules, and what other tools say.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;

use super::conclude;
use crate::cli::{self, Cli};
use crate::lint;

/// Runs `lint`.
pub(super) fn run(args: &cli::Lint, cli: &Cli, out: &mut dyn Write) -> Result<ExitCode> {
    let outcome = lint::check(cli.root.as_deref(), args.external)?;
    if !cli.quiet {
        for note in &outcome.notes {
            eprintln!("note: {note}");
        }
    }
    conclude(outcome.report, cli, out)
}
