//! What the Dockerfile and the files beside it say of each other.

use super::{DOCKERFILE, Fault, append, fault, swap};

const DOCKERIGNORE: &str = "template-axum/.dockerignore";
const TOOLCHAIN: &str = "template-axum/rust-toolchain.toml";
const GITIGNORE: &str = "template-axum/.gitignore";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "an argument of FROM that nothing defines",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(
            DOCKERFILE,
            "FROM ${RUNTIME_IMAGE}",
            "FROM ${RUNTIME_IMGE}",
        )],
    ),
    fault(
        "an entry point that is not copied",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(
            DOCKERFILE,
            "ENTRYPOINT [\"/app/{{project-name}}\"]",
            "ENTRYPOINT [\"/app/service\"]",
        )],
    ),
    fault(
        "a stage that puts the binary elsewhere",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(
            DOCKERFILE,
            "cp target/*/{{project-name}} /service",
            "cp target/*/{{project-name}} /app",
        )],
    ),
    fault(
        "a binary that Cargo.toml does not have",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(
            DOCKERFILE,
            "cargo build --locked --profile",
            "cargo build --locked --bin app --profile",
        )],
    ),
    fault(
        "a folder that the builder does not get",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(DOCKERIGNORE, "!config\n", "")],
    ),
    fault(
        "migrations that the builder does not get",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(DOCKERIGNORE, "!migrations\n", "!migration\n")],
    ),
    fault(
        "a pattern of git that hides the lock file",
        "ignored-by-git",
        GITIGNORE,
        &[append(GITIGNORE, "*.lock\n")],
    ),
    fault(
        "an image of an older Rust",
        "old-toolchain",
        DOCKERFILE,
        &[swap(DOCKERFILE, "rust:1.95-slim", "rust:1.85-slim")],
    ),
    fault(
        "an older toolchain",
        "old-toolchain",
        TOOLCHAIN,
        &[swap(TOOLCHAIN, "1.95.0", "1.90.0")],
    ),
];
