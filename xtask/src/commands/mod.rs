//! One file a command. A command returns what it found, or why it could not look.

mod create;
mod explain;
mod list;
mod sync;
mod validate;
mod verify;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{Cli, Command, Create};
use crate::pack::{self, Pack};
use crate::report::{self, Format, Report};

/// Exit code for findings and failed gates; see the table in `docs/`.
const FOUND: u8 = 1;

/// Runs the command that `cli` names.
pub fn run(cli: &Cli, out: &mut dyn Write) -> Result<ExitCode> {
    // What can't be parsed is a finding of `validate`'s, and keeps every other command from its work.
    if let Command::Validate = &cli.command {
        let unreadable = pack::defects(cli.root.as_deref())?;
        if unreadable.has_errors() {
            return conclude(unreadable, cli, out);
        }
    }
    if let Command::Explain { rule } = &cli.command {
        explain::run(rule, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let pack = Pack::open(cli.root.as_deref())?;
    match &cli.command {
        Command::Create(Create::Service(args)) => create::run(&pack, args, cli.quiet, out),
        Command::List => list::run(&pack, cli.format, out),
        Command::Sync(args) => sync::run(&pack, args, cli, out),
        Command::Verify(args) => verify::run(&pack, args, cli, out),
        Command::Validate => conclude(validate::run(&pack)?, cli, out),
        Command::Explain { .. } => Ok(ExitCode::SUCCESS),
    }
}

/// Prints a report; errors in it decide the exit code.
fn conclude(report: Report, cli: &Cli, out: &mut dyn Write) -> Result<ExitCode> {
    let failed = report.has_errors();
    let findings = report.sorted();
    report::print(&findings, cli.format, out)?;
    if cli.format == Format::Github && !findings.is_empty() {
        report::append_to_job_summary(&report::table(&findings))?;
    }
    Ok(if failed {
        ExitCode::from(FOUND)
    } else {
        ExitCode::SUCCESS
    })
}
