//! What the compose file refers to.

use super::{Edit, Fault, fault, swap};

const COMPOSE: &str = "template-axum/docker-compose.yml";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a folder to build in that is not there",
        "broken-compose",
        COMPOSE,
        &[swap(COMPOSE, "context: .", "context: ./image")],
    ),
    fault(
        "a Dockerfile under another name",
        "broken-compose",
        COMPOSE,
        &[Edit::Move(
            "template-axum/Dockerfile",
            "template-axum/Containerfile",
        )],
    ),
    fault(
        "a file of variables that nobody has",
        "broken-compose",
        COMPOSE,
        &[swap(
            COMPOSE,
            "{ path: .env, required: false }",
            "{ path: .env.local, required: true }",
        )],
    ),
    fault(
        "a watched folder that only one option brings",
        "broken-compose",
        COMPOSE,
        &[swap(COMPOSE, "path: config", "path: migrations")],
    ),
    fault(
        "a dependency that is no service",
        "broken-compose",
        COMPOSE,
        &[swap(
            COMPOSE,
            "    profiles: [dev]\n    image",
            "    depends_on:\n      database: { condition: service_healthy }\n    profiles: [dev]\n    image",
        )],
    ),
    fault(
        "a profile that cargo does not have",
        "broken-compose",
        COMPOSE,
        &[swap(COMPOSE, "CARGO_PROFILE: dev", "CARGO_PROFILE: fast")],
    ),
    fault(
        "a misspelt build argument",
        "broken-compose",
        COMPOSE,
        &[swap(COMPOSE, "CARGO_PROFILE: dev", "CARGO_PROFIL: dev")],
    ),
    fault(
        "a volume that is not declared",
        "broken-compose",
        COMPOSE,
        &[swap(COMPOSE, "[\"dev-database:", "[\"database:")],
    ),
];
