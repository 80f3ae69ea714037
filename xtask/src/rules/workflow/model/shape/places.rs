//! Which contexts and functions GitHub knows at which key: its documentation's table, "Context availability".

/// What an expression at a key may ask.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// The key, as messages name it.
    pub key: &'static str,
    /// Contexts.
    pub contexts: &'static [&'static str],
    /// Functions beyond those that may stand everywhere.
    pub functions: &'static [&'static str],
}

const STATUS: &[&str] = &["always", "cancelled", "failure", "success"];
const HASH: &[&str] = &["hashFiles"];
const STATUS_HASH: &[&str] = &["always", "cancelled", "failure", "success", "hashFiles"];

const fn place(
    key: &'static str,
    contexts: &'static [&'static str],
    functions: &'static [&'static str],
) -> Place {
    Place {
        key,
        contexts,
        functions,
    }
}

const START: &[&str] = &["github", "inputs", "vars"];
const JOB: &[&str] = &["github", "needs", "strategy", "matrix", "vars", "inputs"];
const JOB_SECRETS: &[&str] = &[
    "github", "needs", "strategy", "matrix", "secrets", "vars", "inputs",
];
const JOB_ENV: &[&str] = &[
    "github", "needs", "strategy", "matrix", "env", "vars", "inputs",
];
const CREDENTIALS: &[&str] = &[
    "github", "needs", "strategy", "matrix", "env", "vars", "secrets", "inputs",
];
const CONTAINER_ENV: &[&str] = &[
    "github", "needs", "strategy", "matrix", "job", "runner", "env", "vars", "secrets", "inputs",
];
const STEP: &[&str] = &[
    "github", "needs", "strategy", "matrix", "job", "runner", "env", "vars", "secrets", "steps",
    "inputs",
];
const STEP_OPEN: &[&str] = &[
    "github", "needs", "strategy", "matrix", "job", "runner", "env", "vars", "steps", "inputs",
];
const COMPOSITE: &[&str] = &[
    "github", "inputs", "strategy", "matrix", "steps", "job", "runner", "env",
];

/// Where no expression is evaluated.
pub const NOWHERE: Place = place("", &[], &[]);
pub const RUN_NAME: Place = place("run-name", START, &[]);
pub const CONCURRENCY: Place = place("concurrency", START, &[]);
pub const ENV: Place = place("env", &["github", "secrets", "inputs", "vars"], &[]);
pub const CALL_DEFAULT: Place = place("on.workflow_call.inputs.<id>.default", START, &[]);
pub const CALL_OUTPUT: Place = place(
    "on.workflow_call.outputs.<id>.value",
    &["github", "jobs", "vars", "inputs"],
    &[],
);
pub const JOB_IF: Place = place(
    "jobs.<id>.if",
    &["github", "needs", "vars", "inputs"],
    STATUS,
);
pub const JOB_NAME: Place = place("jobs.<id>.name", JOB, &[]);
pub const RUNS_ON: Place = place("jobs.<id>.runs-on", JOB, &[]);
pub const JOB_CONCURRENCY: Place = place("jobs.<id>.concurrency", JOB, &[]);
pub const ENVIRONMENT: Place = place("jobs.<id>.environment", JOB, &[]);
pub const ENVIRONMENT_URL: Place = place("jobs.<id>.environment.url", STEP_OPEN, &[]);
pub const JOB_ENVS: Place = place("jobs.<id>.env", JOB_SECRETS, &[]);
pub const DEFAULTS: Place = place("jobs.<id>.defaults.run", JOB_ENV, &[]);
pub const OUTPUT: Place = place("jobs.<id>.outputs.<id>", STEP, &[]);
pub const STRATEGY: Place = place(
    "jobs.<id>.strategy",
    &["github", "needs", "vars", "inputs"],
    &[],
);
pub const JOB_CONTINUE: Place = place("jobs.<id>.continue-on-error", JOB, &[]);
pub const JOB_TIMEOUT: Place = place("jobs.<id>.timeout-minutes", JOB, &[]);
pub const CONTAINER: Place = place("jobs.<id>.container", JOB, &[]);
pub const CONTAINER_CREDENTIALS: Place = place("jobs.<id>.container.credentials", CREDENTIALS, &[]);
pub const CONTAINER_ENVS: Place = place("jobs.<id>.container.env", CONTAINER_ENV, &[]);
pub const SNAPSHOT_IF: Place = place("jobs.<id>.snapshot.if", JOB, &[]);
pub const SERVICES: Place = place("jobs.<id>.services", JOB, &[]);
pub const CALL_WITH: Place = place("jobs.<id>.with.<id>", JOB, &[]);
pub const CALL_SECRETS: Place = place("jobs.<id>.secrets.<id>", JOB_SECRETS, &[]);
pub const STEP_IF: Place = place("jobs.<id>.steps.if", STEP_OPEN, STATUS_HASH);
pub const STEPS: Place = place("jobs.<id>.steps", STEP, HASH);
pub const ACTION_DEFAULT: Place = place(
    "inputs.<id>.default",
    &["github", "strategy", "matrix", "job", "runner"],
    HASH,
);
pub const ACTION_OUTPUT: Place = place("outputs.<id>.value", COMPOSITE, &[]);
pub const ACTION_IF: Place = place("runs.steps.if", COMPOSITE, STATUS_HASH);
pub const ACTION_STEP: Place = place("runs.steps", COMPOSITE, HASH);
/// Arguments of an action in a container.
pub const ACTION_ARGS: Place = place("runs.args", &["inputs"], &[]);

/// Every context there is.
pub const CONTEXTS: &[&str] = &[
    "env", "github", "inputs", "job", "jobs", "matrix", "needs", "runner", "secrets", "steps",
    "strategy", "vars",
];

/// What is known of the contexts whose names GitHub gives itself.
pub const MEMBERS: &[(&str, &[&str])] = &[
    (
        "github",
        &[
            "action",
            "action_path",
            "action_ref",
            "action_repository",
            "action_status",
            "actor",
            "actor_id",
            "api_url",
            "artifact_cache_size_limit",
            "base_ref",
            "env",
            "event",
            "event_name",
            "event_path",
            "graphql_url",
            "head_ref",
            "job",
            "output",
            "path",
            "ref",
            "ref_name",
            "ref_protected",
            "ref_type",
            "repository",
            "repository_id",
            "repository_owner",
            "repository_owner_id",
            "repository_visibility",
            "repositoryUrl",
            "retention_days",
            "run_attempt",
            "run_id",
            "run_number",
            "secret_source",
            "server_url",
            "sha",
            "state",
            "step_summary",
            "token",
            "triggering_actor",
            "workflow",
            "workflow_ref",
            "workflow_sha",
            "workspace",
        ],
    ),
    (
        "runner",
        &[
            "arch",
            "debug",
            "environment",
            "name",
            "os",
            "temp",
            "tool_cache",
            "workspace",
        ],
    ),
    (
        "job",
        &[
            "check_run_id",
            "container",
            "services",
            "status",
            "workflow_file_path",
            "workflow_ref",
            "workflow_repository",
            "workflow_sha",
        ],
    ),
    (
        "strategy",
        &["fail-fast", "job-index", "job-total", "max-parallel"],
    ),
];
