//! `sync`: writes what is derived, or says what differs.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{self, Cli};
use crate::lock::Mode;
use crate::pack::Pack;
use crate::sync;

/// Runs `sync`.
pub(super) fn run(
    pack: &Pack,
    args: &cli::Sync,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if args.check {
        return super::conclude(sync::check(pack)?, cli, out);
    }
    let mode = if args.update_locks {
        Mode::Update
    } else {
        Mode::Keep
    };
    let written = sync::write(pack, mode)?;
    for file in &written {
        writeln!(out, "wrote {file}")?;
    }
    if written.is_empty() && !cli.quiet {
        writeln!(out, "everything is in sync")?;
    }
    Ok(ExitCode::SUCCESS)
}
