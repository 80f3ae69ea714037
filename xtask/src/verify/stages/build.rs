//! `build`: the commands that the service's own README and pipeline run.

use anyhow::Result;

use crate::process;
use crate::verify::bench::verdict;
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step, Tool};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "format",
        scope: Scope::Case,
        needs: &[],
        run: |bench, step, _| bench.service(step)?.cargo(&["fmt", "--check"]),
    },
    Gate {
        name: "clippy",
        scope: Scope::Case,
        needs: &[],
        run: |bench, step, _| {
            let args = [
                "clippy",
                "--all-targets",
                "--locked",
                "--quiet",
                "--",
                "-D",
                "warnings",
            ];
            bench.service(step)?.cargo(&args)
        },
    },
    Gate {
        name: "test",
        scope: Scope::Case,
        needs: &[],
        run: test,
    },
    Gate {
        name: "deny",
        scope: Scope::Case,
        needs: &[Tool::CargoDeny],
        run: |bench, step, _| {
            let shell = bench.service(step)?.shell()?;
            verdict(process::scrubbed(xshell::cmd!(
                shell,
                "cargo-deny --log-level error check bans licenses sources"
            )))
        },
    },
    Gate {
        name: "clean",
        scope: Scope::Case,
        needs: &[],
        run: clean,
    },
];

fn test(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    bench.service(step)?.cargo(&["test", "--locked"])
}

/// After the first build, nothing is there to be committed.
fn clean(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    // Plain cargo, which would rewrite a lock file that `--locked` puts up with.
    if let Verdict::Failed(text) = service.cargo(&["build", "--quiet"])? {
        return Ok(Verdict::Failed(text));
    }
    let changed = service.changes()?;
    Ok(if changed.is_empty() {
        Verdict::passed()
    } else {
        Verdict::Failed(format!(
            "building changed {}; a fresh service has to be clean after its first build",
            changed.join(", ")
        ))
    })
}
