//! The stages of `verify`, one file each. The order of this table is the order of a run.

mod boot;
mod build;
mod compose;
mod dockerfile;
mod history;
mod image;
mod kubernetes;
mod lint;
mod own;
mod papers;
mod release;
mod released;
mod render;
mod upgrade;
mod validate;

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use super::gate::{Inner, Scope, Verdict};
use super::plan::{Stage, Step};
use super::tools::Tool;
use crate::contract::{self, Outcome, Subject};

/// Every stage.
pub const STAGES: &[Stage] = &[
    Stage {
        name: "self",
        title: "xtask and the release driver are formatted, lint-free and pass their tests",
        gates: own::GATES,
    },
    Stage {
        name: "validate",
        title: "templates, hooks and derived files hold the rules",
        gates: validate::GATES,
    },
    Stage {
        name: "lint",
        title: "workflows and actions hold the rules, the pack's and the rendered ones together",
        gates: lint::GATES,
    },
    Stage {
        name: "render",
        title: "every combination of options renders, repeatably and by the released tool too",
        gates: render::GATES,
    },
    Stage {
        name: "build",
        title: "every rendered service is formatted, lint-free, tested and locked",
        gates: build::GATES,
    },
    Stage {
        name: "upgrade",
        title: "services of every released version, with changes of their own, come to this one and pass their tests",
        gates: upgrade::GATES,
    },
    Stage {
        name: "boot",
        title: "every built service keeps the service contract",
        gates: boot::GATES,
    },
    Stage {
        name: "image",
        title: "so does its image, under every compose profile",
        gates: image::GATES,
    },
    Stage {
        name: "release",
        title: "a service's own workflows take it to production and back",
        gates: release::GATES,
    },
];

/// Whether the service of this step keeps its data in PostgreSQL.
fn on_postgres(step: &Step) -> bool {
    gives(step, "database", "postgres")
}

/// Whether compose runs it on a developer's machine alone: everywhere else Kubernetes does.
fn on_kubernetes(step: &Step) -> bool {
    gives(step, "deploy", "kubernetes")
}

fn gives(step: &Step, option: &'static str, value: &'static str) -> bool {
    let case = step.case.as_ref();
    case.is_some_and(|case| Scope::Only(option, value).takes(case))
}

/// The verdict where such a service can't be started, because there is no PostgreSQL.
fn no_database(step: &Step) -> Option<Verdict> {
    let missing = on_postgres(step)
        .then(|| Tool::Postgres.missing())
        .flatten();
    missing.map(Verdict::Skipped)
}

/// Why the history of the pack at `root` can't be asked about its releases.
pub(super) fn no_history(root: &Path) -> Option<String> {
    history::missing(root)
}

/// Why the registry of this machine can't be used.
pub(super) fn no_registry() -> Option<String> {
    release::no_registry()
}

/// Runs the contract suite on `subject`, or what `only` names of it; each check is a line of its own, whose name ends with
/// `suffix`.
fn contract(
    subject: &Subject,
    only: &[String],
    suffix: &str,
    inner: &mut Inner<'_>,
) -> Result<Verdict> {
    let mut start = Instant::now();
    let mut failure = None;
    let (mut count, mut failed) = (0, 0);
    contract::run(subject, only, &mut |check, outcome| {
        let verdict = match outcome {
            Outcome::Passed => Verdict::passed(),
            Outcome::Failed(fault) => {
                failed += 1;
                Verdict::Failed(format!("{}\n{fault}", check.title))
            }
            Outcome::Skipped(reason) => Verdict::Skipped(format!("the check {reason}")),
        };
        count += 1;
        let name = format!("{} {}{suffix}", check.id, check.name);
        if let Err(error) = inner(&name, verdict, start.elapsed().as_secs_f64()) {
            failure.get_or_insert(error);
        }
        start = Instant::now();
    });
    match failure {
        Some(error) => Err(error),
        None if failed > 0 => Ok(Verdict::Failed(format!(
            "{failed} of {count} checks failed"
        ))),
        None => Ok(Verdict::Passed(format!("{count} checks"))),
    }
}
