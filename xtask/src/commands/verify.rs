//! `verify`: plans, lists or runs.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::FOUND;
use crate::cli::{self, Cli};
use crate::pack::Pack;
use crate::report::Format;
use crate::verify::{self, Options, Output, Plan, Selection, Tool};

/// Runs `verify`.
pub(super) fn run(
    pack: &Pack,
    args: &cli::Verify,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if cli.format == Format::Sarif {
        bail!("SARIF holds findings, and verify has gates; use `--format json` or `github`");
    }
    let require = args.require.iter().map(|name| Tool::named(name));
    let options = Options {
        require: require.collect::<Result<_>>()?,
        keep_going: args.keep_going,
    };
    let plan = Plan::new(
        pack,
        &Selection {
            templates: args.template.clone(),
            cases: args.case.clone(),
            stages: args.stage.clone(),
            checks: args.check.clone(),
            matrix: args.matrix,
        },
    )?;
    if args.list {
        verify::list(&plan, cli.format, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut output = Output::new(&plan, cli.format, cli.quiet);
    let passed = verify::run(pack, &plan, &options, &mut output, out)?;
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FOUND)
    })
}
