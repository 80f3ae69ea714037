//! The configuration of services, and what callers hand on of their options.

use super::{CALL_DEPLOY, Fault, fault, swap};

const DEFAULT: &str = "template-axum/config/default.yaml";
const DEV: &str = "template-axum/config/dev.yaml";
const PROD: &str = "template-axum/config/prod.yaml";
const EXAMPLE: &str = "template-axum/.env.example";
const COMPOSE: &str = "template-axum/docker-compose.yml";
const OVERLAY: &str =
    "template-axum/options/deploy-kubernetes/deploy/kubernetes/overlays/prod/deployment.yaml";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a section of dev's configuration that there is not",
        "broken-config",
        DEV,
        &[swap(DEV, "server:", "sever:")],
    ),
    fault(
        "a key of prod's configuration that there is not",
        "broken-config",
        PROD,
        &[swap(PROD, "header_timeout:", "header_time_out:")],
    ),
    fault(
        "a section of the configuration under another option",
        "broken-config",
        DEFAULT,
        &[swap(
            DEFAULT,
            "{%- if database == \"postgres\" %}\n\ndatabase:",
            "{%- if metrics == \"otlp\" %}\n\ndatabase:",
        )],
    ),
    fault(
        "a key that no type reads",
        "broken-config",
        DEFAULT,
        &[swap(DEFAULT, "  max_in_flight:", "  max_inflight:")],
    ),
    fault(
        "an example of a variable that sets nothing",
        "broken-config",
        EXAMPLE,
        &[swap(EXAMPLE, "APP__SERVER__PORT", "APP__SERVER__PROT")],
    ),
    fault(
        "a secret that nothing refers to",
        "broken-config",
        EXAMPLE,
        &[swap(EXAMPLE, "SECRET_DATABASE_URL", "SECRET_DATABASE_URI")],
    ),
    fault(
        "a variable of a compose file that sets nothing",
        "broken-config",
        COMPOSE,
        &[swap(
            COMPOSE,
            "APP__MANAGEMENT__HOST",
            "APP__MANAGMENT__HOST",
        )],
    ),
    fault(
        "an environment of a compose file without its layer",
        "broken-config",
        COMPOSE,
        &[swap(COMPOSE, "APP_ENV: prod", "APP_ENV: production")],
    ),
    fault(
        "an environment of an overlay without its layer",
        "broken-config",
        OVERLAY,
        &[swap(OVERLAY, "value: prod }", "value: production }")],
    ),
    fault(
        "another option's value for the backend",
        "misdirected-option",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "backend: \"{{deploy}}\"",
            "backend: \"{{metrics}}\"",
        )],
    ),
];
