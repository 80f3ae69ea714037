//! `selftest`: plants faults and counts those that the rules find.

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use super::FOUND;
use crate::cli::{self, Cli};
use crate::pack::Pack;
use crate::report::Format;
use crate::selftest::{self, Output, Status};

/// Runs `selftest`; a fault that was missed fails it.
pub(super) fn run(
    pack: &Pack,
    args: &cli::Selftest,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if cli.format == Format::Sarif {
        bail!("SARIF holds findings, and selftest has faults; use `--format json` or `github`");
    }
    let faults = selftest::pick(args.wanted.as_deref())?;
    if args.list {
        selftest::list(&faults, cli.format, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let start = Instant::now();
    let output = Output { format: cli.format };
    let outcomes = selftest::run(pack, &faults, &selftest::check, &mut |outcome| {
        output.line(outcome, out)
    })?;
    output.finish(&outcomes, start.elapsed(), out)?;
    let missed = outcomes.iter().any(|o| o.status() == Status::Missed);
    Ok(if missed {
        ExitCode::from(FOUND)
    } else {
        ExitCode::SUCCESS
    })
}
