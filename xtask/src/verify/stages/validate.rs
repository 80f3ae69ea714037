//! `validate`: what can be seen without rendering or building.

use anyhow::Result;
use xshell::Shell;

use crate::report::{Format, Report, print};
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
        run: |bench, _, _| judged(rules::check(bench.pack)?),
    },
    Gate {
        name: "sync",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| judged(sync::check(bench.pack)?),
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

/// A report as a verdict: errors fail, with the text that `validate` would print.
fn judged(report: Report) -> Result<Verdict> {
    let failed = report.has_errors();
    let mut text = Vec::new();
    print(&report.sorted(), Format::Human, &mut text)?;
    let text = String::from_utf8_lossy(&text).trim_end().to_owned();
    Ok(if failed {
        Verdict::Failed(text)
    } else {
        Verdict::Passed(text)
    })
}

fn root(bench: &Bench<'_>) -> Result<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(&bench.pack.root);
    Ok(shell)
}
