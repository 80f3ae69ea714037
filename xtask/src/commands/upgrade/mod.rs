//! `upgrade`: works out, shows, writes, and says what to type next.

mod show;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cli::{self, Cli};
use crate::pack::Pack;
use crate::report::{self, Finding, Format, Report, Severity};
use crate::upgrade::{self, Plan, Request};

/// The rule that conflicts are reported under.
const RULE: &str = "upgrade-conflict";

/// Runs `upgrade`.
pub(super) fn run(
    pack: &Pack,
    args: &cli::Upgrade,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let request = Request {
        dir: args.dir.clone(),
        from: args.from.clone(),
        to: args.to.clone(),
        defines: args.define.clone(),
    };
    if args.to.as_deref() == Some(".") && crate::history::is_dirty(pack) {
        eprintln!(
            "warning: the pack has changes that are not committed; the service will record the commit before them, and a later upgrade takes them for the service's own"
        );
    }
    let plan = upgrade::plan(pack, &request)?;
    let applied = if args.dry_run {
        None
    } else {
        Some(upgrade::apply(&plan, args.branch.as_deref())?)
    };
    if let Some(file) = &args.markdown {
        written(file, &show::markdown(&plan), out)?;
    }
    let conflicts = conflicts(&plan);
    let failed = conflicts.has_errors();
    let findings = conflicts.sorted();
    let quiet = cli.quiet;
    match cli.format {
        Format::Human => {
            if !quiet {
                out.write_all(show::story(&plan, applied).as_bytes())?;
            }
            if args.dry_run && !quiet {
                out.write_all(show::diffs(&plan).as_bytes())?;
            }
            report::print(&findings, cli.format, out)?;
            if !quiet {
                out.write_all(show::next(&plan, applied).as_bytes())?;
            }
        }
        Format::Json => {
            for finding in &findings {
                writeln!(out, "{}", report::json_line(finding))?;
            }
            writeln!(out, "{}", show::summary(&plan, applied))?;
        }
        Format::Github => {
            report::print(&findings, cli.format, out)?;
            report::append_to_job_summary(&show::markdown(&plan));
        }
        Format::Sarif => report::print(&findings, cli.format, out)?,
    }
    Ok(ExitCode::from(if failed { super::FOUND } else { 0 }))
}

/// What somebody has to decide, as findings.
fn conflicts(plan: &Plan) -> Report {
    let mut report = Report::default();
    for note in plan.notes.iter().filter(|note| note.what.is_conflict()) {
        let line = plan
            .after
            .get(&note.file)
            .and_then(|entry| entry.text())
            .and_then(|text| text.lines().position(|line| line.starts_with("<<<<<<< ")));
        let (message, help) = plan.said(note);
        report.push(Finding {
            file: note.file.clone(),
            line: line.map_or(1, |line| line + 1),
            column: 1,
            rule: RULE,
            severity: Severity::Error,
            message,
            help,
            excerpt: None,
        });
    }
    if let Some((why, remedy)) = plan.lock.open() {
        report.error_in_file(RULE, "Cargo.lock".to_owned(), why, remedy);
    }
    report
}

fn written(file: &Path, text: &str, out: &mut dyn Write) -> Result<()> {
    if file == Path::new("-") {
        return Ok(out.write_all(text.as_bytes())?);
    }
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
