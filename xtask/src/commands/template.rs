//! `template new`: makes, says what was written and what to edit, validates, verifies.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::json;

use super::{FOUND, conclude, verify};
use crate::base::{self, Made, Request};
use crate::cli::{self, Cli};
use crate::pack::{Matrix, Pack};
use crate::report::Format;
use crate::validate;

/// What a new template is put through: all that needs no container.
const STAGES: [&str; 5] = ["validate", "lint", "render", "build", "boot"];

/// Runs `template new`.
pub(super) fn run(
    pack: &Pack,
    args: &cli::TemplateNew,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if cli.format == Format::Sarif {
        bail!("SARIF holds findings, and this makes a template; use `--format json` or `github`");
    }
    let request = Request {
        name: args.name.clone(),
        description: args.description.clone(),
    };
    let made = base::make(pack, &request)?;
    match cli.format {
        Format::Json => writeln!(out, "{}", line(&made))?,
        _ => write!(out, "{}", report(&made, cli.quiet))?,
    }
    let report = validate::check(Some(&pack.root))?;
    let failed = report.has_errors();
    conclude(report, cli, out)?;
    if failed {
        return Ok(ExitCode::from(FOUND));
    }
    if args.no_verify {
        if cli.format == Format::Human && !cli.quiet {
            let name = &made.name;
            writeln!(
                out,
                "valid; not verified: cargo xtask verify --template {name}"
            )?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let args = cli::Verify {
        template: vec![made.name],
        case: Vec::new(),
        stage: STAGES.map(str::to_owned).to_vec(),
        check: Vec::new(),
        matrix: Matrix::Default,
        require: Vec::new(),
        list: false,
        keep_going: false,
    };
    verify::run(pack, &args, cli, out)
}

fn line(made: &Made) -> serde_json::Value {
    let own: Vec<&str> = made.own.iter().map(|(file, _)| file.as_str()).collect();
    json!({"made": made.name, "base": made.base, "own": own, "shared": made.shared, "wrote": made.written})
}

fn report(made: &Made, quiet: bool) -> String {
    let Made { name, base, .. } = made;
    let mut text = format!("wrote {name}/\n");
    for file in &made.written {
        let _ = writeln!(text, "wrote {file}");
    }
    if quiet {
        return text;
    }
    let _ = writeln!(text, "\n{name} is {base} until you edit, in {name}/:");
    let width = made
        .own
        .iter()
        .map(|(file, _)| file.len())
        .max()
        .unwrap_or(0);
    let mut before = "";
    for (file, what) in &made.own {
        // Once for the files of a folder.
        let what = if *what == before { "" } else { *what };
        let _ = writeln!(text, "{}", format!("  {file:width$}  {what}").trim_end());
        before = if what.is_empty() { before } else { what };
    }
    if made.shared > 0 {
        let _ = writeln!(
            text,
            "{} more files are copies of those in {base}; {name}/TEMPLATE.md says how one becomes this template's own",
            made.shared
        );
    }
    text + "\n"
}
