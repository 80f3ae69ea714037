//! `validate`: what can be seen without rendering or building.

use anyhow::Result;
use xshell::Shell;

use crate::report::Report;
use crate::verify::bench::verdict;
use crate::verify::gate::{Gate, Scope, Verdict};
use crate::verify::{Bench, Tool};
use crate::{rules, sync};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "rules",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| Ok(judged(rules::template::check(bench.pack)?)),
    },
    Gate {
        name: "sync",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| Ok(judged(sync::check(bench.pack)?)),
    },
    Gate {
        name: "actionlint",
        scope: Scope::Pack,
        needs: &[Tool::Actionlint],
        run: |bench, _, _| {
            let shell = root(bench)?;
            verdict(xshell::cmd!(shell, "actionlint"))
        },
    },
    Gate {
        name: "zizmor",
        scope: Scope::Pack,
        needs: &[Tool::Zizmor],
        run: |bench, _, _| {
            let shell = root(bench)?;
            verdict(xshell::cmd!(
                shell,
                "zizmor --offline --no-progress .github"
            ))
        },
    },
];

/// A report as a verdict: errors fail.
pub(super) fn judged(report: Report) -> Verdict {
    if report.has_errors() {
        return Verdict::Found(report.sorted());
    }
    match report.sorted().len() {
        0 => Verdict::passed(),
        warnings => Verdict::Passed(format!("{warnings} warnings")),
    }
}

fn root(bench: &Bench<'_>) -> Result<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(&bench.pack.root);
    Ok(shell)
}
