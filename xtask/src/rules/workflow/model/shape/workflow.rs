//! What a workflow may hold.

use std::cell::LazyCell;

use super::super::yaml::{Fault, Kind, Node};
use super::places::{
    CALL_SECRETS, CALL_WITH, CONCURRENCY, CONTAINER, CONTAINER_CREDENTIALS, CONTAINER_ENVS,
    DEFAULTS, ENV, ENVIRONMENT, ENVIRONMENT_URL, JOB_CONCURRENCY, JOB_CONTINUE, JOB_ENVS, JOB_IF,
    JOB_NAME, JOB_TIMEOUT, NOWHERE, OUTPUT, RUN_NAME, RUNS_ON, SERVICES, STEP_IF, STEPS, STRATEGY,
};
use super::{Key, Shape, events, key, required};
use crate::report::nearest;

/// A workflow.
pub const WORKFLOW: Shape = Shape::Map(&[
    key("name", Shape::Text(&NOWHERE)),
    key("run-name", Shape::Text(&RUN_NAME)),
    required("on", Shape::Judged(&events::TRIGGERS, events::judge)),
    key("permissions", PERMISSIONS),
    key("env", Shape::Or(&ENV, &Shape::Named(&Shape::Text(&ENV)))),
    key("defaults", Shape::Map(&[required("run", RUN_DEFAULTS)])),
    key(
        "concurrency",
        Shape::Either(&[
            Shape::Filled(&CONCURRENCY),
            Shape::Map(WORKFLOW_CONCURRENCY),
        ]),
    ),
    required("jobs", Shape::Judged(&JOBS, not_empty)),
]);

const JOBS: Shape = Shape::Named(&Shape::Chosen(|job| {
    // What calls a workflow may have only some of these keys, which is R6's to say.
    if job.get("uses").is_some() {
        &CALLING
    } else {
        &NORMAL
    }
}));

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
            Shape::Map(CONCURRENCY_KEYS),
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
            Shape::Map(&[
                key("shell", Shape::Judged(&Shape::Filled(&DEFAULTS), shell)),
                key("working-directory", Shape::Filled(&DEFAULTS)),
            ]),
        )]),
    ),
    key("steps", Shape::Judged(&Shape::List(&STEP), not_empty)),
    key("timeout-minutes", Shape::Number(&JOB_TIMEOUT)),
    key(
        "strategy",
        Shape::Map(&[
            key(
                "matrix",
                Shape::Or(&STRATEGY, &Shape::Judged(&MATRIX, matrix)),
            ),
            key("fail-fast", Shape::Flag(&STRATEGY)),
            key("max-parallel", Shape::Number(&STRATEGY)),
        ]),
    ),
    key("continue-on-error", Shape::Flag(&JOB_CONTINUE)),
    key(
        "container",
        Shape::Either(&[Shape::Filled(&CONTAINER), Shape::Map(CONTAINER_KEYS)]),
    ),
    key(
        "services",
        Shape::Or(&SERVICES, &Shape::Named(&Shape::Map(SERVICE_KEYS))),
    ),
    key("snapshot", Shape::Any(&NOWHERE)),
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

const MATRIX: Shape = Shape::Named(&Shape::Any(&STRATEGY));

fn matrix(matrix: &Node, faults: &mut Vec<Fault>) {
    for entry in matrix.entries() {
        let expression = entry
            .value
            .scalar()
            .is_some_and(super::super::yaml::Scalar::has_expression);
        if !matches!(entry.value.kind, Kind::List(_)) && !expression {
            let message = format!(
                "`matrix.{}` should be a list, and is {}",
                entry.key.text,
                entry.value.kind_in_words()
            );
            let help = format!(
                "write `{}: [{}]`",
                entry.key.text,
                entry.value.text().unwrap_or("…")
            );
            faults.push(Fault::new(entry.value.span.clone(), message, help));
        }
        if matches!(entry.key.text.as_str(), "include" | "exclude") {
            for item in entry.value.items() {
                if !matches!(item.kind, Kind::Map(_)) && item.plain().is_some() {
                    let message = format!("an item of `{}` should be a map", entry.key.text);
                    faults.push(Fault::new(
                        item.span.clone(),
                        message,
                        "write `- key: value`",
                    ));
                }
            }
        }
    }
}

const CONCURRENCY_KEYS: &[Key] = &[
    required("group", Shape::Filled(&JOB_CONCURRENCY)),
    key("cancel-in-progress", Shape::Flag(&JOB_CONCURRENCY)),
    key("queue", Shape::Word(&["single", "max"])),
];

const WORKFLOW_CONCURRENCY: &[Key] = &[
    required("group", Shape::Filled(&CONCURRENCY)),
    key("cancel-in-progress", Shape::Flag(&CONCURRENCY)),
    key("queue", Shape::Word(&["single", "max"])),
];

const RUN_DEFAULTS: Shape = Shape::Map(&[
    key("shell", Shape::Judged(&Shape::Filled(&NOWHERE), shell)),
    key("working-directory", Shape::Filled(&NOWHERE)),
]);

const CREDENTIALS: Shape = Shape::Map(&[
    required("username", Shape::Text(&CONTAINER_CREDENTIALS)),
    required("password", Shape::Text(&CONTAINER_CREDENTIALS)),
]);

const PORTS: Shape = Shape::List(&Shape::Text(&CONTAINER));

const CONTAINER_KEYS: &[Key] = &[
    required("image", Shape::Filled(&CONTAINER)),
    key("credentials", CREDENTIALS),
    key(
        "env",
        Shape::Or(
            &CONTAINER_ENVS,
            &Shape::Named(&Shape::Text(&CONTAINER_ENVS)),
        ),
    ),
    key("ports", PORTS),
    key("volumes", PORTS),
    key("options", Shape::Text(&CONTAINER)),
];

const SERVICE_KEYS: &[Key] = &[
    required("image", Shape::Text(&SERVICES)),
    key("credentials", CREDENTIALS),
    key(
        "env",
        Shape::Or(
            &CONTAINER_ENVS,
            &Shape::Named(&Shape::Text(&CONTAINER_ENVS)),
        ),
    ),
    key("ports", PORTS),
    key("volumes", PORTS),
    key("options", Shape::Text(&SERVICES)),
    key("command", Shape::Text(&SERVICES)),
    key("entrypoint", Shape::Text(&SERVICES)),
];

const STEP: Shape = Shape::Judged(&Shape::Map(STEP_KEYS), step);

const STEP_KEYS: &[Key] = &[
    key("id", Shape::Filled(&NOWHERE)),
    key("if", Shape::Condition(&STEP_IF)),
    key("name", Shape::Text(&STEPS)),
    key("uses", Shape::Filled(&NOWHERE)),
    key("run", Shape::Filled(&STEPS)),
    key("working-directory", Shape::Filled(&STEPS)),
    key("shell", Shape::Judged(&Shape::Filled(&STEPS), shell)),
    key("with", Shape::Named(&Shape::Text(&STEPS))),
    key(
        "env",
        Shape::Or(&STEPS, &Shape::Named(&Shape::Text(&STEPS))),
    ),
    key("continue-on-error", Shape::Flag(&STEPS)),
    key("timeout-minutes", Shape::Number(&STEPS)),
];

/// What a step is: either a command or an action, with what belongs to it.
pub(super) fn step(step: &Node, faults: &mut Vec<Fault>) {
    let Some(first) = step.entries().first() else {
        return;
    };
    match (step.entry("run"), step.entry("uses")) {
        (Some(_), Some(uses)) => faults.push(Fault::new(
            uses.key.span.clone(),
            "a step with both `run` and `uses`",
            "make two steps of it",
        )),
        (None, None) => faults.push(Fault::new(
            first.key.span.clone(),
            "a step with neither `run` nor `uses`",
            "add `run:` with a command, or `uses:` with an action",
        )),
        (Some(_), None) => {
            if let Some(with) = step.entry("with") {
                let help = "a command takes its values from `env:`";
                faults.push(Fault::new(
                    with.key.span.clone(),
                    "`with` on a step that runs a command",
                    help,
                ));
            }
        }
        (None, Some(_)) => {
            for key in ["shell", "working-directory"] {
                if let Some(entry) = step.entry(key) {
                    let message = format!("`{key}` on a step that uses an action");
                    faults.push(Fault::new(
                        entry.key.span.clone(),
                        message,
                        "take it away; only commands take it",
                    ));
                }
            }
        }
    }
}

const SHELLS: &[&str] = &["bash", "cmd", "powershell", "pwsh", "python", "sh"];

/// A shell's name, or a command with the script's place in it.
pub(super) fn shell(node: &Node, faults: &mut Vec<Fault>) {
    let Some(text) = node.plain() else { return };
    if SHELLS.contains(&text) || text.contains("{0}") || text.is_empty() {
        return;
    }
    let help = match nearest(text, SHELLS.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "write one of {}, or a command with `{{0}}` where the script's path goes",
            SHELLS.join(", ")
        ),
    };
    faults.push(Fault::new(
        node.span.clone(),
        format!("there is no shell `{text}`"),
        help,
    ));
}

fn not_empty(node: &Node, faults: &mut Vec<Fault>) {
    if node.is_null()
        || (node.scalar().is_none() && node.entries().is_empty() && node.items().is_empty())
    {
        faults.push(Fault::new(
            node.span.clone(),
            "nothing stands here",
            "fill it, or take the key away",
        ));
    }
}

const PERMISSIONS: Shape = Shape::Judged(
    &Shape::Either(&[
        Shape::Word(&["read-all", "write-all"]),
        Shape::Named(&Shape::Text(&NOWHERE)),
    ]),
    permissions,
);

/// Everything that can be granted.
pub const SCOPES: &[&str] = &[
    "actions",
    "artifact-metadata",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "repository-projects",
    "security-events",
    "statuses",
    "vulnerability-alerts",
];

/// The levels of a permission, weakest first; none where there is no such permission.
pub fn permission_levels(scope: &str) -> &'static [&'static str] {
    match scope {
        "id-token" => &["none", "write"],
        "models" => &["none", "read"],
        scope if SCOPES.contains(&scope) => &["none", "read", "write"],
        _ => &[],
    }
}

fn permissions(node: &Node, faults: &mut Vec<Fault>) {
    for entry in node.entries() {
        let levels = permission_levels(&entry.key.text);
        if levels.is_empty() {
            let message = format!("there is no permission `{}`", entry.key.text);
            let known = LazyCell::new(|| SCOPES.join(", "));
            let help = match nearest(&entry.key.text, SCOPES.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the permissions are {}", *known),
            };
            faults.push(Fault::new(entry.key.span.clone(), message, help));
        } else if let Some(level) = entry.value.text()
            && !levels.contains(&level)
        {
            let message = format!("`{}` can't be `{level}`", entry.key.text);
            let help = match nearest(level, levels.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", levels.join(", ")),
            };
            faults.push(Fault::new(entry.value.span.clone(), message, help));
        }
    }
}
