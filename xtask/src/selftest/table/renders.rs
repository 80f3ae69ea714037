//! What files are after rendering.

use super::{Fault, append, fault, swap};

const CARGO: &str = "template-axum/Cargo.toml.liquid";
const DEFAULT: &str = "template-axum/config/default.yaml";
const COMPOSE: &str = "template-axum/docker-compose.yml";
const LOCK: &str = "template-axum/Cargo.lock.liquid";
const DENY: &str = "template-axum/deny.toml";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a dependency that is there twice",
        "broken-render",
        CARGO,
        &[swap(
            CARGO,
            "serde_json = \"1\"\n",
            "serde_json = \"1\"\nthiserror = \"2\"\n",
        )],
    ),
    fault(
        "a section that one option glues to the line above",
        "broken-render",
        DEFAULT,
        &[swap(
            DEFAULT,
            "{%- if metrics == \"otlp\" %}\n\n# Metrics",
            "{%- if metrics == \"otlp\" -%}\n\n# Metrics",
        )],
    ),
    fault(
        "a key of the configuration that is there twice",
        "broken-render",
        DEFAULT,
        &[swap(
            DEFAULT,
            "  host: 127.0.0.1\n",
            "  host: 127.0.0.1\n  host: 0.0.0.0\n",
        )],
    ),
    fault(
        "an alias of an anchor that is not there",
        "broken-render",
        COMPOSE,
        &[swap(COMPOSE, "<<: *released", "<<: *relased")],
    ),
    fault(
        "a word without its quotes in TOML",
        "broken-render",
        DENY,
        &[swap(DENY, "wildcards = \"deny\"", "wildcards = deny")],
    ),
    fault(
        "a description that nothing quotes",
        "broken-render",
        CARGO,
        &[swap(
            CARGO,
            "description = {{description_quoted}}",
            "description = \"{{description}}\"",
        )],
    ),
    fault(
        "a default feature that is not there",
        "missing-target",
        CARGO,
        &[append(CARGO, "\n[features]\ndefault = [\"telemetry\"]\n")],
    ),
    fault(
        "a default binary that is not there",
        "missing-target",
        CARGO,
        &[swap(
            CARGO,
            "default-run = \"{{project-name}}\"",
            "default-run = \"service\"",
        )],
    ),
    fault(
        "a dependency that the lock file does not list",
        "stale-lock",
        CARGO,
        &[swap(
            CARGO,
            "serde_json = \"1\"\n",
            "serde_json = \"1\"\nregex = \"1\"\n",
        )],
    ),
    fault(
        "a dependency under the wrong option",
        "stale-lock",
        LOCK,
        &[swap(
            CARGO,
            "{%- if database == \"postgres\" %}\n# Looks into",
            "{%- if metrics == \"otlp\" %}\n# Looks into",
        )],
    ),
    fault(
        "a version that Cargo.toml does not take",
        "stale-lock",
        CARGO,
        &[swap(
            LOCK,
            "name = \"uuid\"\nversion = \"1",
            "name = \"uuid\"\nversion = \"0",
        )],
    ),
    fault(
        "a dependency that Cargo.toml has no longer",
        "stale-lock",
        LOCK,
        &[swap(CARGO, "humantime = \"2\"\n", "")],
    ),
];
