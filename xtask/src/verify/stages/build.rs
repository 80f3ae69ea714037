//! `build`: the commands that the service's own README and pipeline run.

use std::path::Path;

use anyhow::Result;

use super::no_database;
use crate::pack::{Matrix, cases};
use crate::parity;
use crate::process;
use crate::verify::bench::verdict;
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step, Tool};

/// What the service's README says to run before a push.
const CLIPPY: &[&str] = &[
    "clippy",
    "--all-targets",
    "--locked",
    "--quiet",
    "--",
    "-D",
    "warnings",
];

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
        run: |bench, step, _| bench.service(step)?.cargo(CLIPPY),
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
    Gate {
        name: "without-example",
        scope: Scope::Case,
        needs: &[],
        run: without_example,
    },
    Gate {
        name: "parity",
        scope: Scope::Of(parity::TEMPLATE),
        needs: &[],
        run: as_in_fastapi,
    },
];

fn test(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    if let Some(skipped) = no_database(step) {
        return Ok(skipped);
    }
    let service = bench.service(step)?;
    let missing = no_vault(&service.path);
    let verdict = service.cargo_with(&["test", "--locked"], required(missing.as_ref()))?;
    Ok(match (verdict, missing) {
        (Verdict::Passed(_), Some(reason)) => {
            Verdict::Passed(format!("without the tests on a vault: {reason}"))
        }
        (verdict, _) => verdict,
    })
}

/// Why a service's tests on a vault, where it has some, can't start one. They pass then, having said so to nobody.
fn no_vault(service: &Path) -> Option<String> {
    let has = service.join("tests/vault").is_dir();
    has.then(|| Tool::Bao.missing()).flatten()
}

/// With a vault to start, a test that skips itself all the same fails.
fn required(missing: Option<&String>) -> &'static [(&'static str, &'static str)] {
    match missing {
        None => &[("REQUIRE_BAO", "1")],
        Some(_) => &[],
    }
}

/// The commands under `## Delete the example` in the service's README leave a service that builds, passes its tests and
/// has nothing for clippy to say (S23).
fn without_example(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    const HEADING: &str = "## Delete the example";
    if let Some(skipped) = no_database(step) {
        return Ok(skipped);
    }
    let service = bench.service(step)?;
    let readme = std::fs::read_to_string(service.path.join("README.md"))?;
    let commands = readme
        .split_once(HEADING)
        .and_then(|(_, section)| section.split_once("```sh\n")?.1.split_once("```"));
    let Some((commands, _)) = commands else {
        return Ok(Verdict::Failed(format!(
            "the service's README has no commands under `{HEADING}`; write them as a block of `sh`"
        )));
    };
    let copy = service.copy("without-example")?;
    let shell = copy.shell()?;
    let script = xshell::cmd!(shell, "sh -euc {commands}")
        .envs(required(no_vault(&copy.path).as_ref()).iter().copied())
        .env("CARGO_TARGET_DIR", &copy.target);
    if let Verdict::Failed(text) = verdict(process::scrubbed(script))? {
        return Ok(Verdict::Failed(text));
    }
    copy.cargo(CLIPPY)
}

/// The shop, laid over a service with the default options, answers as its twin in FastAPI has: docs/parity.md.
fn as_in_fastapi(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let template = bench.template(step)?;
    let step = Step {
        case: cases(&template.manifest, Matrix::Default).pop(),
        ..step.clone()
    };
    let copy = bench.service(&step)?.copy("parity")?;
    parity::lay(&bench.pack.root, &copy.path)?;
    // The guide points to the shop: it is as clean as what it is laid over.
    for args in [
        &["test", "--locked", "--quiet", "--test", "parity"][..],
        &["fmt", "--check"],
        CLIPPY,
    ] {
        let verdict = copy.cargo(args)?;
        if let Verdict::Failed(_) = verdict {
            return Ok(verdict);
        }
    }
    Ok(Verdict::passed())
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
