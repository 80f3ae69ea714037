//! What a job may hold, whether it runs steps or calls a workflow.

use super::super::yaml::{Fault, Kind};
use super::container::{CONTAINER_KEYS, SERVICE};
use super::matrix::MATRIX;
use super::permissions::PERMISSIONS;
use super::places::{
    CALL_SECRETS, CALL_WITH, CONTAINER, DEFAULTS, ENVIRONMENT, ENVIRONMENT_URL, JOB_CONCURRENCY,
    JOB_CONTINUE, JOB_ENVS, JOB_IF, JOB_NAME, JOB_TIMEOUT, NOWHERE, OUTPUT, RUNS_ON, SERVICES,
    SNAPSHOT_IF, STRATEGY,
};
use super::step::{STEP, minutes, shell};
use super::workflow::{concurrency, not_empty};
use super::{Key, Shape, key, required};

/// A job.
pub(super) const JOB: Shape = Shape::Chosen(|job| {
    // What calls a workflow may have only some of these keys, which is R6's to say.
    if job.get("uses").is_some() {
        &CALLING
    } else {
        &NORMAL
    }
});

const NORMAL: Shape = Shape::Judged(&Shape::Map(JOB_KEYS), |job, faults| {
    for (missing, help) in [
        ("runs-on", "add `runs-on: ubuntu-24.04`"),
        ("steps", "add `steps:`, or `uses:` to call a workflow"),
    ] {
        if matches!(job.kind, Kind::Map(_)) && job.get(missing).is_none() {
            let span = job
                .entries()
                .first()
                .map_or(job.span.clone(), |first| first.key.span.clone());
            faults.push(Fault::new(
                span,
                format!("the job has no `{missing}`"),
                help,
            ));
        }
    }
    for (key, help) in [
        (
            "with",
            "a job takes inputs only where it calls a workflow with `uses:`",
        ),
        (
            "secrets",
            "a job takes secrets only where it calls a workflow with `uses:`",
        ),
    ] {
        if let Some(entry) = job.entry(key) {
            let message = format!("`{key}` on a job that calls no workflow");
            faults.push(Fault::new(entry.key.span.clone(), message, help));
        }
    }
});

const CALLING: Shape = Shape::Map(JOB_KEYS);

/// Keys of a job that calls a workflow.
pub const CALLING_KEYS: &[&str] = &[
    "name",
    "uses",
    "with",
    "secrets",
    "strategy",
    "needs",
    "if",
    "concurrency",
    "permissions",
];

/// Keys of a job.
pub const JOB_KEYS: &[Key] = &[
    key("name", Shape::Text(&JOB_NAME)),
    key("permissions", PERMISSIONS),
    key(
        "needs",
        Shape::Either(&[
            Shape::Filled(&NOWHERE),
            Shape::List(&Shape::Filled(&NOWHERE)),
        ]),
    ),
    key("if", Shape::Condition(&JOB_IF)),
    key(
        "runs-on",
        Shape::Either(&[
            Shape::Filled(&RUNS_ON),
            Shape::List(&Shape::Filled(&RUNS_ON)),
            Shape::Map(&[
                key("group", Shape::Filled(&RUNS_ON)),
                key(
                    "labels",
                    Shape::Either(&[
                        Shape::Filled(&RUNS_ON),
                        Shape::List(&Shape::Filled(&RUNS_ON)),
                    ]),
                ),
            ]),
        ]),
    ),
    key(
        "environment",
        Shape::Either(&[
            Shape::Filled(&ENVIRONMENT),
            Shape::Map(&[
                required("name", Shape::Filled(&ENVIRONMENT)),
                key("url", Shape::Text(&ENVIRONMENT_URL)),
                key("deployment", Shape::Flag(&ENVIRONMENT)),
            ]),
        ]),
    ),
    key(
        "concurrency",
        Shape::Either(&[
            Shape::Filled(&JOB_CONCURRENCY),
            Shape::Map(&concurrency(&JOB_CONCURRENCY)),
        ]),
    ),
    key("outputs", Shape::Named(&Shape::Text(&OUTPUT))),
    key(
        "env",
        Shape::Or(&JOB_ENVS, &Shape::Named(&Shape::Text(&JOB_ENVS))),
    ),
    key(
        "defaults",
        Shape::Map(&[required(
            "run",
            Shape::Or(
                &DEFAULTS,
                &Shape::Map(&[
                    key("shell", Shape::Judged(&Shape::Filled(&DEFAULTS), shell)),
                    key("working-directory", Shape::Filled(&DEFAULTS)),
                ]),
            ),
        )]),
    ),
    key("steps", Shape::Judged(&Shape::List(&STEP), not_empty)),
    key(
        "timeout-minutes",
        Shape::Judged(&Shape::Number(&JOB_TIMEOUT), minutes),
    ),
    // In GitHub's own schema, and documented nowhere.
    key("cancel-timeout-minutes", Shape::Number(&JOB_TIMEOUT)),
    key(
        "strategy",
        Shape::Or(
            &STRATEGY,
            &Shape::Map(&[
                key("matrix", Shape::Or(&STRATEGY, &MATRIX)),
                key("fail-fast", Shape::Flag(&STRATEGY)),
                key("max-parallel", Shape::Number(&STRATEGY)),
            ]),
        ),
    ),
    key("continue-on-error", Shape::Flag(&JOB_CONTINUE)),
    key(
        "container",
        Shape::Either(&[Shape::Filled(&CONTAINER), Shape::Map(CONTAINER_KEYS)]),
    ),
    key("services", Shape::Or(&SERVICES, &Shape::Named(&SERVICE))),
    key(
        "snapshot",
        Shape::Either(&[
            Shape::Filled(&NOWHERE),
            Shape::Map(&[
                required("image-name", Shape::Filled(&NOWHERE)),
                key("version", Shape::Filled(&NOWHERE)),
                key("if", Shape::Condition(&SNAPSHOT_IF)),
            ]),
        ]),
    ),
    key("uses", Shape::Filled(&NOWHERE)),
    key("with", Shape::Named(&Shape::Text(&CALL_WITH))),
    key(
        "secrets",
        Shape::Either(&[
            Shape::Word(&["inherit"]),
            Shape::Named(&Shape::Text(&CALL_SECRETS)),
        ]),
    ),
];
