//! `self`: a checker that is broken proves nothing. Nor does a release driver.

use anyhow::Result;
use xshell::Shell;

use super::{history, release};
use crate::process;
use crate::verify::bench::verdict;
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step, Tool};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "format",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| cargo(bench, &["fmt", "--all", "--check"]),
    },
    Gate {
        name: "releases",
        scope: Scope::Pack,
        needs: &[Tool::History],
        run: |bench, _, _| history::releases(&bench.pack.root),
    },
    Gate {
        name: "clippy",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| {
            let args = [
                "clippy",
                "--workspace",
                "--all-targets",
                // The release driver's failpoints are for tests alone, and code all the same.
                "--all-features",
                "--locked",
                "--quiet",
            ];
            cargo(bench, &[&args[..], &["--", "-D", "warnings"]].concat())
        },
    },
    Gate {
        name: "test",
        scope: Scope::Pack,
        needs: &[],
        run: test,
    },
    Gate {
        name: "deny",
        scope: Scope::Pack,
        needs: &[Tool::CargoDeny],
        run: |bench, _, _| {
            let shell = shell(bench)?;
            verdict(process::scrubbed(xshell::cmd!(
                shell,
                "cargo-deny --log-level error check bans licenses sources"
            )))
        },
    },
    // Takes minutes where there is an engine: what is cheaper comes first.
    Gate {
        name: "driver",
        scope: Scope::Pack,
        needs: &[],
        run: release::driver_tests,
    },
];

fn shell(bench: &Bench<'_>) -> Result<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(&bench.pack.root);
    Ok(shell)
}

fn cargo(bench: &Bench<'_>, args: &[&str]) -> Result<Verdict> {
    let shell = shell(bench)?;
    verdict(process::cargo(&shell, args))
}

fn test(bench: &mut Bench<'_>, _: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    // Those of the release driver that need an engine or a registry are the gate `driver`'s.
    for packages in [
        &["--workspace", "--exclude", "deploy"][..],
        &["--package", "deploy", "--lib", "--bins"],
    ] {
        let verdict = cargo(bench, &[&["test", "--locked"], packages].concat())?;
        if let Verdict::Failed(_) = verdict {
            return Ok(verdict);
        }
    }
    Ok(Verdict::passed())
}
