//! One file a command. A command returns what it found, or why it could not look.

mod adopt;
mod bench;
mod create;
mod drift;
mod explain;
mod lint;
mod list;
mod release;
mod selftest;
mod sync;
mod template;
mod upgrade;
mod verify;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{Cli, Command, Create, Template};
use crate::pack::Pack;
use crate::report::{self, Format, Report};
use crate::validate;

/// Exit code for findings and failed gates; see the table in `docs/`.
const FOUND: u8 = 1;

/// Runs the command that `cli` names.
pub fn run(cli: &Cli, out: &mut dyn Write) -> Result<ExitCode> {
    let root = cli.root.as_deref();
    match &cli.command {
        Command::Create(Create::Service(args)) => create::run(&Pack::open(root)?, args, cli, out),
        Command::Template(Template::New(args)) => template::run(&Pack::open(root)?, args, cli, out),
        Command::List => list::run(&Pack::open(root)?, cli.format, out),
        Command::Sync(args) => sync::run(&Pack::open(root)?, args, cli, out),
        Command::Upgrade(args) => upgrade::run(&Pack::open(root)?, args, cli, out),
        Command::Release(args) => release::run(&Pack::open(root)?, args, cli, out),
        Command::Adopt(args) => adopt::run(&Pack::open(root)?, args, cli, out),
        Command::Verify(args) => verify::run(&Pack::open(root)?, args, cli, out),
        Command::Drift(args) => drift::run(&Pack::open(root)?, args, cli, out),
        Command::Bench(args) => bench::run(&Pack::open(root)?, args, cli, out),
        Command::Validate => conclude(validate::check(root)?, cli, out),
        Command::Lint(args) => lint::run(args, cli, out),
        Command::Selftest(args) => selftest::run(&Pack::open(root)?, args, cli, out),
        Command::Explain { rule } => {
            explain::run(rule, out)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Prints a report; errors in it decide the exit code.
fn conclude(report: Report, cli: &Cli, out: &mut dyn Write) -> Result<ExitCode> {
    let failed = report.has_errors();
    let findings = report.sorted();
    report::print(&findings, cli.format, out)?;
    if cli.format == Format::Github && !findings.is_empty() {
        report::append_to_job_summary(&report::table(&findings));
    }
    Ok(if failed {
        ExitCode::from(FOUND)
    } else {
        ExitCode::SUCCESS
    })
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
