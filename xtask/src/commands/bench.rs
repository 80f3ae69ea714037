//! `bench`: measures, prints a table, and judges only when asked to.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::FOUND;
use crate::bench::{self, Pattern, Request};
use crate::cli::{self, BenchOf, Cli};
use crate::pack::{Matrix, Pack};
use crate::report::Format;
use crate::verify::{Plan, Selection, answers};

/// Runs `bench`.
pub(super) fn run(
    pack: &Pack,
    args: &cli::Bench,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if !matches!(cli.format, Format::Human | Format::Json) {
        bail!("figures are no findings; use `--format human` or `json`");
    }
    let of_service = !args.only.is_empty() || args.soak.is_some() || args.python.is_some();
    if args.what != BenchOf::Service && of_service {
        bail!(
            "`--only`, `--soak` and `--python` are about a service; leave them out, or measure `service`"
        );
    }
    let template = pack.template(&args.template)?;
    let selection = Selection {
        templates: vec![args.template.clone()],
        cases: args.case.iter().cloned().collect(),
        stages: Vec::new(),
        matrix: Matrix::Default,
        checks: Vec::new(),
    };
    let sheet = match args.what {
        BenchOf::Lint => bench::measure_lint(pack, args.rounds)?,
        BenchOf::Create => bench::measure_create(pack, &template)?,
        BenchOf::Verify => bench::measure_verify(pack, &selection)?,
        BenchOf::Service => {
            let plan = Plan::new(pack, &selection)?;
            let mut steps = plan.steps.iter();
            let step = steps.find(|step| step.case.is_some());
            let step = step.context("the template has no case to render")?;
            let request = Request {
                only: args.only.clone(),
                pattern: Pattern {
                    rounds: args.rounds,
                    time: Duration::from_secs(args.seconds.into()),
                    rate: args.rate,
                },
                soak: args.soak,
                python: args.python.clone().or_else(python),
            };
            bench::measure_service(pack, &template, &answers(&template, step), &request)?
        }
    };
    sheet.print(cli.format, out)?;
    Ok(if args.gate && sheet.missed() {
        ExitCode::from(FOUND)
    } else {
        ExitCode::SUCCESS
    })
}

/// The Python that the environment names.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("IDP_BENCH_PYTHON")?;
    (!named.is_empty()).then(|| named.into())
}
