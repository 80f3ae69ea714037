//! `drift`: what is different from what the pack renders, for one service or many.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::FOUND;
use crate::cli::{self, Cli};
use crate::drift::{self, Drift, Row, page};
use crate::pack::Pack;
use crate::report::{self, Finding, Format};

/// Exit code when a service could not be looked at: the others were.
const INCOMPLETE: u8 = 2;

/// Runs `drift`.
pub(super) fn run(
    pack: &Pack,
    args: &cli::Drift,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let mut drift = drift::check(pack, &args.dirs, args.to.as_deref())?;
    let has_drift = drift.report.has_errors();
    let findings = std::mem::take(&mut drift.report).sorted();
    let markdown = page::markdown(&drift, &findings);
    for row in &drift.services {
        if let Some(failure) = &row.failure {
            eprintln!("error: {}: {failure}", row.service);
        }
    }
    match &args.markdown {
        Some(path) if path.as_os_str() == "-" => out.write_all(markdown.as_bytes())?,
        path => {
            if let Some(path) = path {
                std::fs::write(path, &markdown)
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
            print(&drift, &findings, cli.format, out)?;
        }
    }
    if cli.format == Format::Github {
        report::append_to_job_summary(&markdown);
    }
    Ok(if drift.is_incomplete() {
        ExitCode::from(INCOMPLETE)
    } else if has_drift {
        ExitCode::from(FOUND)
    } else {
        ExitCode::SUCCESS
    })
}

fn print(drift: &Drift, findings: &[Finding], format: Format, out: &mut dyn Write) -> Result<()> {
    match format {
        Format::Human => {
            for finding in findings {
                report::print_one(finding, out)?;
                if let Some(diff) = diff(drift, finding) {
                    writeln!(out, "{diff}")?;
                }
            }
            out.write_all(page::columns(drift).as_bytes())?;
        }
        Format::Json => {
            for finding in findings {
                let mut line = report::json_line(finding);
                if let Some(diff) = diff(drift, finding) {
                    line["diff"] = json!(diff);
                }
                writeln!(out, "{line}")?;
            }
            let mut summary = report::json_summary(findings);
            summary["summary"]["wanted"] = json!(drift.wanted);
            let services: Vec<Value> = drift.services.iter().map(service).collect();
            summary["summary"]["services"] = json!(services);
            writeln!(out, "{summary}")?;
        }
        Format::Github | Format::Sarif => report::print(findings, format, out)?,
    }
    Ok(())
}

/// What was changed in the file that a finding is about.
fn diff<'a>(drift: &'a Drift, finding: &Finding) -> Option<&'a String> {
    drift
        .diffs
        .get(&finding.file)
        .filter(|_| finding.rule == drift::PLATFORM_FILE)
}

fn service(row: &Row) -> Value {
    let made = row.made.as_ref();
    let counts = &row.counts;
    json!({
        "service": row.service,
        "name": made.map(|made| &made.name),
        "template": made.map(|made| &made.template),
        "version": made.map(|made| &made.version),
        "behind": counts.behind,
        "edited": counts.edited,
        "answers": counts.answers,
        "questions": counts.questions,
        "references": counts.references,
        "conflicts": counts.conflicts,
        "failure": row.failure,
    })
}
